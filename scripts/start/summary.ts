import { SHOWN, type Example } from './examples.ts';
import type { Provisioned } from './provision.ts';

/** Returns what a start prints last: where the service is, a call to copy, the key of the examples, and how to sign in. */
export function summarize(
  origin: string,
  varsFile: string,
  examples: Example[],
  started: Provisioned & { signInCode: string | null },
): string {
  const { key, answer, news, signInCode } = started;
  const consoleUrl = `${namedOrigin(origin)}/console/`;
  const url = `${origin}/u/${SHOWN.path}`;
  const exampleKey = key?.value ?? '<key>';
  return [
    '',
    `Portico is at ${origin}`,
    ...(news.length > 0 ? ['', ...news] : []),
    '',
    `Console    ${consoleUrl}${signInCode === null ? '' : `#code=${signInCode}`}`,
    ...(signInCode === null ? [] : ['           This link signs you in once, as admin, for ten minutes from now.']),
    '',
    `Endpoint   ${url}`,
    ...(answer ? [`Answered   ${answer.status} ${answer.body}`] : []),
    ...(answer?.status === 404 ? [GONE] : []),
    '',
    'Call it:',
    `  curl ${url} -H 'x-api-key: ${exampleKey}' -H 'content-type: application/json' -d '${SHOWN.body}'`,
    '',
    'For the curls in examples/*/README.md:',
    `  EXAMPLE_KEY=${exampleKey}`,
    '',
    `Sign in as admin (the password is LOCAL_ADMIN_PASSWORD in ${varsFile}):`,
    `  ${signInLine(origin, varsFile)}`,
    '',
    `Examples   ${examples.map(({ name }) => `examples/${name}`).join('  ')}`,
    `Overview   ${origin}/`,
    `The API    ${origin}/docs/`,
    '',
  ].join('\n');
}

/** A name of its own for the browser: a cookie of 127.0.0.1 would go to every program that listens there. */
const namedOrigin = (origin: string): string => origin.replace('127.0.0.1', 'portico.localhost');

const GONE = '           The example was deleted. To publish it again, delete .portico/local.json and start again.';

/** Shell code that reads the password from its file, so that it is in no terminal and in no shell history. */
function signInLine(origin: string, varsFile: string): string {
  const file = varsFile.startsWith('/') ? varsFile : `./${varsFile}`;
  return `(. ${file}; curl ${origin}/admin/session -H 'content-type: application/json' -d '{"name":"admin","password":"'"$LOCAL_ADMIN_PASSWORD"'"}')`;
}
