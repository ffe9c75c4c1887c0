import type { Issue } from '../../../kernel/errors';
import { isSafeMethod } from '../../../kernel/http-methods';
import { MAX_KEPT_BYTES } from '../../../kernel/kept-answer';
import type { Endpoint, EndpointRules, RolesInput } from './endpoint.schema';
import { isBuiltInRole } from '../../access/permitted.rules';
import { cacheIssues } from './cache.rules';
import { issuerUrlIssue } from './issuer.schema';
import { namesOf } from './endpoint-path.rules';
import { sentName } from '../../parameters/parameter-name.rules';
import { coerce, patternIssue, toSchema } from '../../parameters/parameter-value.rules';
import { readTestFiles } from './test-file.rules';
import type { EndpointParameter } from '../../parameters/parameter.schema';

/** Returns roles with their list under both of its names, as the API answers them. */
export const withBothNames = ({ match, names = [], of = names }: RolesInput): Endpoint['access']['roles'] => ({
  match,
  names: of,
  of,
});

/** Checks the rules between the fields of an endpoint, which no field can check alone. Returns no issues when all hold. */
export function endpointIssues(rules: EndpointRules, accessLevel: string, path: string): Issue[] {
  return [
    ...parameterIssues(rules, namesOf(path)),
    ...(rules.roles.of.length > 0 && accessLevel === 'public'
      ? [
          {
            pointer: '#/access/roles',
            code: 'roles_without_people',
            message: 'access level `public` admits callers without roles, so `access.roles` has no effect',
          },
        ]
      : []),
    ...rateIssues(rules.rateLimit, accessLevel),
    ...keptIssues(rules),
    ...signatureIssues(rules),
    ...issuerIssues(rules, accessLevel),
    ...scheduleIssues(rules),
    ...alertIssues(rules),
    ...cacheIssues(rules, accessLevel),
  ];
}

/** An answer that could not be kept would break the promise of the header after the handler has run, so larger ones are ruled out here. */
function keptIssues({ idempotency, signature, limits, methods }: EndpointRules): Issue[] {
  const keeps = idempotency !== null || signature !== null;
  return [
    ...(keeps && limits.responseBytes > MAX_KEPT_BYTES
      ? [
          {
            pointer: '#/limits/responseBytes',
            code: 'too_large_to_keep',
            message: `must be at most ${MAX_KEPT_BYTES} with \`idempotency\` or \`access.signature\`, which keep responses`,
          },
        ]
      : []),
    ...(idempotency !== null && methods.every(isSafeMethod)
      ? [
          {
            pointer: '#/idempotency',
            code: 'idempotent_already',
            message: 'has no effect on GET, HEAD and OPTIONS: a repeat of them changes nothing',
          },
        ]
      : []),
  ];
}

function issuerIssues({ issuers }: EndpointRules, accessLevel: string): Issue[] {
  const issues: Issue[] = [];
  const add = (at: string, code: string, message: string): number =>
    issues.push({ pointer: `#/access/issuers${at}`, code, message });
  if (issuers.length > 0 && (accessLevel === 'public' || accessLevel === 'key'))
    add(
      '',
      'issuers_without_tokens',
      `access level \`${accessLevel}\` takes no tokens, so \`access.issuers\` has no effect`,
    );
  issuers.forEach((issuer, index) => {
    for (const field of ['name', 'issuer'] as const)
      if (issuers.findIndex((other) => other[field] === issuer[field]) < index)
        add(`/${index}/${field}`, 'duplicate', `two issuers have the ${field} ${issuer[field]}`);
    const issue = issuerUrlIssue(issuer);
    if (issue !== null) add(`/${index}/issuer`, 'invalid_url', `${issue}; or set jwksUrl`);
    for (const [value, role] of Object.entries(issuer.roles?.map ?? {}))
      if (isBuiltInRole(role))
        add(
          `/${index}/roles/map/${value}`,
          'built_in_role',
          `must not be ${role}: built-in roles are for people of this service`,
        );
  });
  return issues;
}

function signatureIssues({ signature, secrets, tool }: EndpointRules): Issue[] {
  if (signature === null) return [];
  const issues: Issue[] = [];
  const add = (field: string, code: string, message: string): number =>
    issues.push({ pointer: `#/access/signature${field}`, code, message });
  if (!secrets.includes(signature.secret)) add('/secret', 'not_listed', 'must be one of `secrets`');
  if (tool !== false) add('', 'tool_with_signature', 'must not be set for a `tool`: agents cannot sign');
  if (signature.kind !== 'hmac') return issues;
  for (const [place, header] of [
    ['{timestamp}', 'timestampHeader'],
    ['{id}', 'idHeader'],
  ] as const) {
    const isSigned = signature.payload.includes(place);
    if (isSigned && signature[header] === null) add(`/${header}`, 'required', `is required: payload has ${place}`);
  }
  // A time that the sender does not sign proves nothing.
  if (signature.timestampHeader !== null && !signature.payload.includes('{timestamp}'))
    add('/payload', 'unsigned_timestamp', 'must have {timestamp}: the time of timestampHeader is not signed');
  if (!signature.payload.includes('{body}')) add('/payload', 'unsigned_body', 'must have {body}');
  return issues;
}

const alertIssues = ({ alert, secrets }: EndpointRules): Issue[] =>
  alert === null || secrets.includes(alert.secret)
    ? []
    : [{ pointer: '#/alert/secret', code: 'not_listed', message: 'must be one of `secrets`' }];

/** Parameters of a schedule are those of a call, so a wrong one is found now and not at night. */
function scheduleIssues({ schedules, parameters }: EndpointRules): Issue[] {
  return schedules.flatMap(({ name, parameters: given }, index) => {
    const at = `#/schedules/${index}`;
    const isTwin = schedules.findIndex((other) => other.name === name) < index;
    return [
      ...(isTwin ? [{ pointer: `${at}/name`, code: 'duplicate', message: `two schedules have the name ${name}` }] : []),
      ...parameters.flatMap((parameter) => {
        const pointer = `${at}/parameters/${parameter.name}`;
        const value = (Object.hasOwn(given, parameter.name) ? given[parameter.name] : null) ?? null;
        if (value === null)
          return parameter.required && parameter.default === null
            ? [{ pointer, code: 'missing_parameter', message: 'is required' }]
            : [];
        return valueIssues({ ...parameter, test: value }).map((issue) => ({
          pointer,
          code: 'invalid_parameter',
          message: `is not a valid value: ${issue}`,
        }));
      }),
    ];
  });
}

function rateIssues(rateLimit: EndpointRules['rateLimit'], accessLevel: string): Issue[] {
  if (rateLimit === null) return [];
  const windows = [rateLimit, ...(rateLimit.also ?? [])];
  return windows.flatMap(({ by, windowSeconds }, index) => {
    const at = index === 0 ? '#/rateLimit' : `#/rateLimit/also/${index - 1}`;
    const isTwin = windows.slice(0, index).some((other) => other.by === by && other.windowSeconds === windowSeconds);
    return [
      ...(by === 'user' && (accessLevel === 'public' || accessLevel === 'key')
        ? [
            {
              pointer: `${at}/by`,
              code: 'user_without_people',
              message: `access level \`${accessLevel}\` admits callers without users: limit by key or ip`,
            },
          ]
        : []),
      ...(isTwin
        ? [{ pointer: at, code: 'duplicate', message: 'counts the same calls in the same time as another window' }]
        : []),
    ];
  });
}

function parameterIssues({ parameters, subpaths }: EndpointRules, pathNames: readonly string[]): Issue[] {
  const issues: Issue[] = [];
  const ids = new Set<string>();
  const names = new Set<string>();
  parameters.forEach((parameter, index) => {
    const at = `#/parameters/${index}`;
    if (ids.has(parameter.id))
      issues.push({
        pointer: `${at}/id`,
        code: 'duplicate',
        message: `two parameters have the id ${parameter.id}`,
      });
    if (names.has(parameter.name)) {
      issues.push({
        pointer: `${at}/name`,
        code: 'duplicate',
        message: `two parameters have the name ${parameter.name}`,
      });
    }
    const twin = parameters.find((other, at) => at !== index && isTaken(parameter, other));
    if (twin !== undefined) {
      issues.push({
        pointer: `${at}/sentAs`,
        code: 'duplicate',
        message: `callers send ${parameter.sentAs} for the parameter ${twin.name}`,
      });
    }
    ids.add(parameter.id);
    names.add(parameter.name);
    const isNamed = pathNames.includes(parameter.name);
    if (parameter.in === 'path' && !isNamed && !subpaths) {
      issues.push({
        pointer: `${at}/in`,
        code: 'path_without_subpaths',
        message: `a path parameter requires :${parameter.name} in the path, or subpaths: true`,
      });
    }
    if (isNamed && parameter.in !== 'path') {
      issues.push({
        pointer: `${at}/in`,
        code: 'named_in_path',
        message: `must be path: the path has :${parameter.name}`,
      });
    }
    const issue = parameter.pattern === undefined ? null : patternIssue(parameter.pattern);
    if (issue !== null) issues.push({ pointer: `${at}/pattern`, code: 'invalid_pattern', message: issue });
    else issues.push(...defaultIssues(parameter, at));
  });
  return issues;
}

/** Checks whether two parameters are sent under the same name in the same place. Header names ignore case. */
function isTaken(parameter: EndpointParameter, other: EndpointParameter): boolean {
  if (parameter.sentAs === undefined || parameter.in !== other.in) return false;
  const [mine, theirs] = [sentName(parameter), sentName(other)];
  return parameter.in === 'header' ? mine.toLowerCase() === theirs.toLowerCase() : mine === theirs;
}

/** A default reaches the handler unchecked and not coerced, so it must be a value of its own type. null means no default. */
function defaultIssues(parameter: EndpointParameter, at: string): Issue[] {
  if (parameter.default === null) return [];
  const issue = (message: string): Issue => ({ pointer: `${at}/default`, code: 'invalid_default', message });
  if (parameter.type === 'file') return [issue('a file cannot have a default')];
  const issues = toSchema(parameter).safeParse(parameter.default).error?.issues ?? [];
  return issues.map(({ message }) => issue(`is not a valid value: ${message}`));
}

/**
 * Checks the test values of parameters, which test runs send as a caller would. Separate from the other rules, so that values stored before
 * this check existed do not block other changes.
 */
export const testValueIssues = (parameters: readonly EndpointParameter[]): Issue[] =>
  parameters.flatMap((parameter, index) => {
    const at = `#/parameters/${index}/test`;
    return valueIssues(parameter).map((issue) => ({
      pointer: at,
      code: 'invalid_test',
      message: `is not a valid value: ${issue}`,
    }));
  });

function valueIssues(parameter: EndpointParameter): string[] {
  const { type, test, in: place, minLength = 0, maxLength = Infinity } = parameter;
  // Then the rule itself is invalid.
  if (test === null || (parameter.pattern !== undefined && patternIssue(parameter.pattern) !== null)) return [];
  if (type === 'file') {
    const read = readTestFiles(test);
    if ('issue' in read) return [read.issue];
    const fits = read.files.every(({ bytes }) => bytes.length >= minLength && bytes.length <= maxLength);
    return fits ? [] : [`a file must have ${minLength} to ${maxLength} bytes`];
  }
  const issues =
    toSchema(parameter).safeParse(coerce(type, place === 'body' ? test : asText(test))).error?.issues ?? [];
  return issues.map(({ message }) => message);
}

/** Renders a value as in a query, a path or a header. */
const asText = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** Gives every parameter an id: its own, or that of the earlier parameter of this name, or `p<n>`. */
export function withIds(
  parameters: (Omit<EndpointParameter, 'id'> & { id?: string | undefined })[],
  before: EndpointParameter[],
): EndpointParameter[] {
  const used = new Set(parameters.flatMap(({ id }) => (id === undefined ? [] : [id])));
  let next = 0;
  const fresh = (): string => {
    do next += 1;
    while (used.has(`p${next}`) || before.some(({ id }) => id === `p${next}`));
    return `p${next}`;
  };
  return parameters.map((parameter) => {
    const earlier = before.find(({ name }) => name === parameter.name)?.id;
    const id = parameter.id ?? (earlier !== undefined && !used.has(earlier) ? earlier : fresh());
    used.add(id);
    return { ...parameter, id };
  });
}
