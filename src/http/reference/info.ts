const DESCRIPTION = `Manage handlers, endpoints, keys, tables, people and runs.

**To try it out**: send \`POST /admin/session\` with your name and password, press *Authorize*, and enter \`accessToken\` of the response. It is
valid for 15 minutes. The ids in the examples are samples: replace them with yours.

Published endpoints answer at \`/u/{path}\`. The [guides](/docs/guides/) explain how things work: [quickstart](/docs/guides/quickstart),
[settings of endpoints](/docs/guides/endpoints), [calls](/docs/guides/calls), [errors](/docs/guides/errors). PLynx's API is at
\`/plynx/api/v0\`, and [its guide](/docs/guides/compat/plynx) describes it.`;

export const INFO = {
  title: 'Portico',
  version: '1',
  description: DESCRIPTION,
  contact: { name: 'The operators of this service' },
  license: { name: 'MIT', identifier: 'MIT' },
};

/** The tags of operations, in the order of the reference. */
export const TAGS = [
  { name: 'Session', description: 'Signing in and out, and the first admin' },
  { name: 'Sign-in', description: 'Identity providers with which people sign in' },
  { name: 'Handlers', description: 'Code, in versions that never change' },
  { name: 'Drafts', description: 'What you have not saved yet, for your other devices' },
  { name: 'Pinned views', description: 'Filters of the run history that you keep under a name' },
  { name: 'Python packages', description: 'Wheels, and the sets that scripts run on' },
  { name: 'Endpoints', description: 'URLs and their settings: handler, callers, parameters' },
  { name: 'Keys', description: 'API keys for callers' },
  { name: 'Runs', description: 'The record of every call' },
  { name: 'Tables', description: 'Definitions of tables that handlers read and write' },
  { name: 'Rows', description: 'Rows of tables' },
  { name: 'Graphs', description: 'Graphs of operations, and their runs' },
  { name: 'Operations and files', description: 'What graphs are made of' },
  { name: 'Search', description: 'Everything by a part of its name' },
  { name: 'Secrets', description: 'Write-only values for handlers' },
  { name: 'Projects', description: 'Folders of files that are pushed here' },
  { name: 'Templates', description: 'Starting points for endpoints' },
  { name: 'Users', description: 'People who sign in' },
  { name: 'Roles', description: 'What users and tokens may do' },
  { name: 'Tokens', description: 'Bearer tokens for programs' },
  { name: 'Audit', description: 'The record of changes' },
  { name: 'Batches', description: 'Several reads in one request' },
  { name: 'Calls', description: 'Calls of published endpoints' },
  { name: 'Instabase', description: "Instabase's HTTP Endpoint API" },
];
