import type { Bundle, InstancePlan, IsolatePolicy, Runtime } from '../../runtime/types';
import type { AccessLevel, EndpointRules } from '../publishing/endpoints/endpoint.schema';
import type { KnownVersion } from '../../storage/definitions';
import type { Settings } from '../access/settings';
import { shardsOf } from '../runs/run-id';
import type { EndpointLog } from '../runs/run.schema';
import { namesOf, withPathNames } from '../publishing/endpoints/endpoint-path.rules';
import { compileForm } from '../publishing/endpoints/form-fields.rules';
import { nameFor, sentName } from '../parameters/parameter-name.rules';
import { compileParameters, type CheckParameters } from '../parameters/parameters.rules';
import type { Artifact } from '../code/artifact';
import { compileAnswerCheck, type CheckAnswer } from './answer-check';
import type { AnswerPolicy } from './answer.rules';
import { makeAttached, type AttachedHandler } from './attached-bundles';
import { compileCache, type CachePolicy } from './cache.rules';
import { makeBundle, ownerOf, toPolicy, type CompleteRow } from './bundle';
import { toOrigins } from './cors.rules';
import { compileWindows, type RateWindow } from './rate.rules';
import { compileKey, type KeyState } from './key-access.rules';
import type { Issuers } from '../publishing/endpoints/issuer.schema';
import { compileSignature, type VerifySignature } from './signature.rules';
import { compileMiddleware, type Middleware } from './middleware-bundles';
import { compileRanges } from '../../kernel/address-range.rules';
import type { UndoneSpan } from '../../kernel/kept-answer';
import { ApiError } from '../../kernel/errors';

interface Executor {
  id: string;
  name: string;
  roles: string[];
  active: boolean;
}

/** Rules that calls read in their stored form. */
type ReadRules = Pick<EndpointRules, 'subpaths' | 'roles' | 'limits' | 'parameters' | 'egress' | 'schedules'>;

/**
 * An endpoint compiled for calling: everything that can be decided before a call is decided here, once per refresh. `bundle` is null when
 * the handler has no deployed version.
 */
export interface Definition extends ReadRules {
  id: string;
  path: string;
  /** Names in the path, in order. */
  pathNames: readonly string[];
  revision: number;
  active: boolean;
  methods: ReadonlySet<string>;
  /** The value of `Allow`. */
  allow: string;
  accessLevel: AccessLevel;
  keys: ReadonlyMap<string, KeyState>;
  /** Checks the address of a call; null: any may call. */
  isFrom: ((address: string) => boolean) | null;
  corsOrigins: ReadonlySet<string>;
  rateWindows: readonly RateWindow[];
  /** Issuers whose tokens are accepted, by their claim `iss`. */
  issuers: Issuers;
  /** Checks the signature of a call, where its sender signs; null: senders do not. */
  verifySignature: VerifySignature | null;
  /** Rules for repeats of a call; null: Idempotency-Key is ignored. */
  idempotency: EndpointRules['idempotency'];
  /** Restores of the last day: kept answers from before them may be undone. */
  undone: readonly UndoneSpan[];
  log: EndpointLog;
  /** Characters of the shards of the run log that keep its runs. */
  runShards: string;
  settleForm: ReturnType<typeof compileForm>;
  checkParameters: CheckParameters;
  /** Values redacted from run records. */
  sensitive: ReadonlySet<string>;
  /** Rules for responses; their links and redirects depend on the origin of the call, too. */
  answers: Omit<AnswerPolicy, 'origin' | 'basePath'>;
  /** Null: no answer is kept. */
  cache: CachePolicy | null;
  /** Null without a schema of responses. */
  checkAnswer: CheckAnswer | null;
  /** Values of the listed secrets, by name. */
  env: ReadonlyMap<string, string>;
  /** Reasons that listed secrets are unavailable, one message each. With any, no call runs: see assertReady. */
  lacking: readonly string[];
  /** `env` as JSON text; empty when there is none. */
  envJson: string;
  executor: Executor | null;
  /** The executor as JSON text for handlers. */
  executorJson: string;
  handler: KnownVersion | null;
  handlerPath: string;
  /** Parameters that this version of the handler knows by an earlier name: `[name, earlier]`. */
  formerNames: readonly (readonly [string, string])[];
  /** Run before the handler, in this order. */
  middleware: readonly Middleware[];
  /** Run on its answers, in this order. */
  after: readonly AttachedHandler[];
  /** Answers in place of a handler that failed. */
  onError: AttachedHandler | null;
  bundle: Bundle | null;
  /** Policy of every isolate that runs for this endpoint. */
  policy: IsolatePolicy;
  plan: InstancePlan;
}

/** The decrypted secrets of an endpoint, and why others are unavailable. */
export interface OpenedSecrets {
  env: ReadonlyMap<string, string>;
  lacking: string[];
}

/** Compiles an endpoint for calls. The artifact comes from `previous` when the read left it out because the version is the same. */
export function compileDefinition(
  row: CompleteRow,
  { env, lacking }: OpenedSecrets,
  previous: Definition | null,
  harnessVersion: Runtime['harnessVersion'],
  settings: Pick<Settings, 'runShards' | 'runShardsPerEndpoint'>,
  asOf: number,
): Definition {
  const { endpoint } = row;
  const { rules } = endpoint;
  const executor = row.executor;
  const policy = toPolicy(endpoint, rules.limits);
  const { verify, unusable } = signatureOf(rules.signature, env);
  const parameters = withPathNames(rules.parameters, endpoint.path);
  const bundle = toBundle(row, policy, previous, harnessVersion, asOf);
  const envJson = env.size === 0 ? '' : JSON.stringify(Object.fromEntries(env));
  const executorJson = executor
    ? JSON.stringify({ id: executor.id, name: executor.name, roles: executor.roles })
    : 'null';
  const middleware = compileMiddleware(row, policy, previous?.middleware ?? [], harnessVersion);
  const attached = makeAttached(row, policy, previous, harnessVersion);
  return {
    id: endpoint.id,
    path: endpoint.path,
    pathNames: namesOf(endpoint.path),
    revision: endpoint.revision,
    active: endpoint.active,
    subpaths: rules.subpaths,
    methods: new Set(rules.methods),
    allow: rules.methods.join(', '),
    accessLevel: endpoint.accessLevel,
    roles: rules.roles,
    keys: new Map(row.keys.map((key) => [key.id, compileKey(key, endpoint)])),
    isFrom: compileRanges(rules.addresses),
    corsOrigins: toOrigins(rules.cors.origins),
    rateWindows: compileWindows(rules.rateLimit),
    limits: rules.limits,
    issuers: new Map(rules.issuers.map((issuer) => [issuer.issuer, issuer])),
    verifySignature: verify,
    idempotency: rules.idempotency,
    undone: row.undone,
    log: endpoint.log,
    runShards: shardsOf(endpoint.id, settings),
    parameters,
    settleForm: compileForm(parameters),
    checkParameters: compileParameters(parameters, {
      pathNames: namesOf(endpoint.path),
      strict: rules.strict,
      longIntegers: bundle?.artifact.runtime === 'python',
    }),
    sensitive: sensitiveNames(rules.parameters),
    answers: answersOf(row),
    cache: compileCache(rules.cache, parameters, bundle, [
      row.versionCreatedAt,
      // A revision can come again as well, and rows are others after a restore.
      endpoint.updatedAt,
      row.incarnation,
      envJson,
      executorJson,
      [...middleware, ...attached.after].map(({ form }) => form),
    ]),
    checkAnswer: compileAnswerCheck(rules.response.schema),
    env,
    lacking: unusable === null ? lacking : [...lacking, unusable],
    envJson,
    egress: rules.egress,
    schedules: rules.schedules,
    executor,
    executorJson,
    handler: handlerOf(row),
    handlerPath: row.handlerPath,
    formerNames: row.version === null ? [] : formerNames(rules.parameters, endpoint.handlerId, row.version),
    middleware,
    ...attached,
    bundle,
    policy,
    plan: endpoint.instance === 'shared' ? { mode: 'shared', name: ownerOf(endpoint) } : { mode: endpoint.instance },
  };
}

/** Returns the check of signatures; none while its secret is unavailable, or cannot be used: then no call runs. */
function signatureOf(
  signature: EndpointRules['signature'],
  env: OpenedSecrets['env'],
): { verify: VerifySignature | null; unusable: string | null } {
  const secret = signature && env.get(signature.secret);
  if (signature === null || secret == null) return { verify: null, unusable: null };
  const verify = compileSignature(signature, secret);
  return typeof verify === 'function'
    ? { verify, unusable: null }
    : { verify: null, unusable: `the secret ${signature.secret} ${verify.unusable}` };
}

/** Returns every name under which the value of a sensitive parameter may be found. */
const sensitiveNames = (parameters: EndpointRules['parameters']): Set<string> =>
  new Set(
    parameters
      .filter(({ sensitive }) => sensitive)
      .flatMap((parameter) => [
        parameter.name,
        sentName(parameter),
        ...(parameter.aliases ?? []).map(({ name }) => name),
      ]),
  );

function answersOf({ endpoint: { rules, accessLevel } }: CompleteRow): Definition['answers'] {
  const { types, redirects, headers, cookies } = rules.response;
  return {
    responseTypes: new Set(types),
    responseBytes: rules.limits.responseBytes,
    redirects,
    headers: new Set(headers),
    cookies: new Set(cookies),
    isPublic: accessLevel === 'public',
  };
}

/** Returns `[name, earlier name]` for every parameter that a version of a handler knows by an earlier name. */
export const formerNames = (
  parameters: EndpointRules['parameters'],
  handlerId: string,
  version: number,
): [string, string][] =>
  parameters.flatMap((parameter): [string, string][] => {
    const name = nameFor(parameter, handlerId, version);
    return name === parameter.name ? [] : [[parameter.name, name]];
  });

const handlerOf = ({ endpoint, version, versionCreatedAt }: CompleteRow): KnownVersion | null =>
  version === null || versionCreatedAt === null
    ? null
    : { id: endpoint.handlerId, version, createdAt: versionCreatedAt };

function toBundle(
  row: CompleteRow,
  policy: IsolatePolicy,
  previous: Definition | null,
  harnessVersion: Runtime['harnessVersion'],
  asOf: number,
): Bundle | null {
  if (row.version === null) return null;
  const { endpoint } = row;
  const artifact = row.artifact === null ? previous!.bundle!.artifact : (JSON.parse(row.artifact) as Artifact);
  // It would answer `pass` to callers. The checks refuse to link one; this covers rows stored without them.
  if (artifact.workflow?.kind === 'middleware') return null;
  const generation: Bundle['generation'] = [endpoint.revision, row.handlerRevision];
  return makeBundle({ role: 'handler', artifact, policy, generation, asOf }, harnessVersion);
}

/**
 * Throws 503 when an endpoint cannot run: `executor_disabled`, or `not_configured` while a secret that it lists is unavailable. The run
 * names the secret, the response does not.
 */
export function assertReady({ executor, lacking }: Pick<Definition, 'executor' | 'lacking'>): void {
  if (executor === null || !executor.active) {
    throw new ApiError('executor_disabled', 'The executor of this endpoint is disabled.');
  }
  if (lacking.length > 0) {
    throw new ApiError('not_configured', 'This endpoint is not fully configured. See the run for details.', {
      forRun: lacking.join('; '),
    });
  }
}
