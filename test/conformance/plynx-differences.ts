/**
 * Recorded calls that Portico answers differently, on purpose. docs/compat/plynx.md has the same list for people; a difference that is
 * not here fails the test, and so does one that is here and does not happen.
 */

const MISTAKE = 'a mistake of the client is a 4xx with the same form, not a 500';
const PROMISED = "the documents promise it, PLynx's code did not do it";
const READONLY = '`_readonly` of a graph says whose it is; PLynx says true to everybody';
const ONCE = 'a graph is started once, and stays as it was approved';
const RUNS = 'the code is valid Python: `in` is one of its words, and PLynx writes it as a name';
const WORKERS = 'what runs is shown, instead of a fixed set of workers that poll';

/** Cases that differ, with the reason. */
export const DIFFERENT = new Map<string, string>([
  ...[
    'node.no_action_key',
    'node.no_node_key',
    'node.bad_json',
    'node.save.bad_int_param',
    'node.save.bad_param_type',
    'node.save.bad_id',
    'upload.no_file',
    'upload.wrong_field',
    'resource.preview.directory',
    'resource.preview.zzz',
    'resource.missing',
    'search_nodes.double_colon',
    'search_nodes.bad_per_page',
    'search_nodes.no_body',
    'graph.get.badid',
    'graph.doc_key_action',
    'graph.rearrange_empty',
    'graph.upgrade.nodb_parent',
    'gnodes.insert_str_xy',
    'gnodes.link_self',
    'gnodes.param_bad_type',
  ].map((name): [string, string] => [name, MISTAKE]),
  ...[
    'resources_plural.get',
    'graphs.list_get',
    'graph.action_singular',
    'graph.string_actions',
    'resource.preview_True',
    'graph.validate_cycle',
  ].map((name): [string, string] => [name, PROMISED]),
  ['node.get.get_resource', 'the base node `get_resource` is broken in PLynx (500) and not served here (404)'],
  ['resource.preview.cloud-storage', 'contents of `cloud-storage` are not served: 400 instead of a 500'],
  ['graph.validate_dangling', 'a link from nowhere is found; in PLynx it stops every later run of everybody'],
  ['graph.run.approve_again', ONCE],
  ['graph.run.insert_after', ONCE],
  ...['graph.generate_code', 'graph.multi', 'graph.single.generate_code'].map((name): [string, string] => [name, RUNS]),
  ...[
    'graph.get',
    'graph.run.success',
    'graph.cache.restored',
    'graph.cancel.final',
    'graph.upgrade.get_shows_deprecated',
  ].map((name): [string, string] => [name, READONLY]),
  ['graph.fail.final', `${READONLY}; and no node of a failed graph stays IN_QUEUE`],
  ['master_state.busy', WORKERS],
  ['master_state', WORKERS],
]);

/** Members of answers that come on top: those that the documents promise and PLynx's code leaves out, and warnings. */
export function withoutPromised(path: string, method: string, recorded: unknown, body: unknown): unknown {
  const names =
    method === 'POST' && path === '/nodes'
      ? ['node', 'url', 'warnings']
      : path.startsWith('/graphs')
        ? ['warnings']
        : path.startsWith('/token')
          ? ['status', 'message']
          : [];
  if (typeof body !== 'object' || body === null) return body;
  const had = typeof recorded === 'object' && recorded !== null ? Object.keys(recorded) : [];
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name) || had.includes(name)));
}

/** The path that a failing or promised difference shows at, for cases whose difference is one of `_readonly` alone. */
export const ONLY_READONLY = new Set([...DIFFERENT].filter(([, reason]) => reason === READONLY).map(([name]) => name));
