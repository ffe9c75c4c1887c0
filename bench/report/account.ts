/** A sample of a thread: its name, and the functions that were running, the innermost first. */
export interface Stack {
  thread: string;
  frames: string[];
}

/** Reads the samples that `perf script -F comm,ip,sym` prints: the name of a thread, a line for each function, an empty line. */
export function readStacks(text: string): Stack[] {
  return text
    .split('\n\n')
    .map((sample) => sample.split('\n').filter((line) => line.trim() !== ''))
    .filter((lines) => lines.length > 0)
    .map(([thread, ...lines]) => {
      const names = lines.map((line) => line.trim().replace(/^[0-9a-f]+ /, ''));
      const loop = names.findIndex((name) => LOOP.test(name));
      return { thread: thread!.trim(), frames: loop === -1 ? names : names.slice(0, loop) };
    });
}

/** The loop that runs all events: its functions say nothing about one. */
const LOOP = /^kj::_::waitImpl$|TokioAsyncIoContext|kj_rs_tokio/;

/** Parts that any work of V8 and of the system belongs to, wherever it happens. The first that matches counts. */
const ANYWHERE: [part: string, names: RegExp][] = [
  ['garbage: objects of the platform are destroyed', /CppHeap::.*Sweep|cppgc::.*Sweep|CallGCEpilogueCallbacks/],
  ['garbage: minor collections', /Heap::Scavenge/],
  ['garbage: major collections', /Heap::CollectGarbage|MarkCompact|IncrementalMarking|MinorGCJob/],
  ['HTTP: response written to the socket', /write_vectored/],
  ['HTTP: request read from the socket', /__libc_recv/],
  [
    'HTTP: requests and responses parsed and printed',
    /hyper|http::|workerd_server|tokio|mio::|futures_util|bytes::|start_request|headers_from_block|kj_rs/,
  ],
  ['the log: SQLite', /sqlite3|Sqlite/],
  ['values of RPC', /serializeJsValue|SerializerV8|ValueSerializer|ValueDeserializer/],
  ['JSON', /Json(?:Parser|Stringif)|Builtin_Json/],
  ['body of the request', /api::Body::|readAllBytes|readAllText/],
  ['the Response of a call is made', /ConstructorCallback<.*api::Response,/],
  ['the Response of a call is sent', /api::Response::send/],
  ['headers', /api::Headers::/],
  ['work that outlives the response', /ExecutionContext.*waitUntil|IoContext::awaitJs<void>/],
  ['the clock of a call', /setTimeout|clearTimeout|TimeoutManagerImpl::(?:set|clear)/],
  ['AsyncLocalStorage', /node::AsyncLocalStorage/],
  ['the entrypoint of an isolate is made', /getExportedHandler/],
  ['an isolate, an object or a facet is named', /WorkerLoader|WorkerStub|DurableObjectNamespace|DurableObjectFacets/],
  ['deflate', /Zlib|deflate/],
];

/** Events of workerd, by the template that each is an instance of. */
const EVENTS: [event: string, name: RegExp][] = [
  ['timers', /TimeoutManagerImpl/],
  ['calls that arrive by RPC', /JsRpcTargetBase/],
  ['requests that arrive', /WorkerEntrypoint::requestImpl/],
  ['results of RPC', /awaitIoImpl<capnp::Response/],
  ['bodies that arrive', /awaitIoImpl<kj::(?:Array<unsigned char>|String)/],
  ['responses that arrive', /awaitIoImpl<kj::HttpClient::Response/],
];

const EVENT = /^workerd::IoContext::runSingle</;
const SCRIPT = /^Builtins_|^JS:|^RegExp\./;
const CALL = /api::(?:JsRpcProperty::call|\(anonymous namespace\)::fetchImpl|Fetcher::)/;
const CONTEXT =
  /^(?:workerd::IoContext::(?:make\w*TraceScope|getPromiseContextTag)|workerd::jsg::AsyncContextFrame|workerd::Worker::Lock::Lock|workerd::Worker::Isolate::takeAsyncLock)/;

/** Names the part of a call that a sample belongs to. */
export function partOf({ thread, frames }: Stack): string {
  if (thread.startsWith('V8 '))
    return frames.some((name) => /[Cc]ompil/.test(name))
      ? 'compiling, on threads of its own'
      : 'garbage: threads of its own';
  const turn = frames.findIndex((name) => EVENT.test(name));
  const inner = turn === -1 ? frames : frames.slice(0, turn);
  const isIn = (names: RegExp): boolean => inner.some((name) => names.test(name));
  const anywhere = ANYWHERE.find(([, names]) => isIn(names));
  if (anywhere) return anywhere[0];
  if (turn === -1) return isIn(/capnp::|JsRpc/) ? 'RPC between turns' : 'workerd between turns';
  const event = EVENTS.find(([, name]) => name.test(frames[turn]!))?.[0] ?? 'other events';
  if (isIn(CALL)) return 'the call of an isolate or object begins';
  if (isIn(CONTEXT)) return 'locks and contexts of turns';
  return isScript(inner) ? `JavaScript: ${event}` : `turns: ${event}`;
}

/** Checks whether a script or a builtin was running, and not a function of the platform that it had called. */
function isScript(frames: string[]): boolean {
  const at = frames.findIndex((name) => SCRIPT.test(name) && !/^Builtins_(?:JS)?(?:RunMicrotasks|Entry)/.test(name));
  const native = frames.findIndex((name) => /^(?:workerd|kj)::/.test(name));
  return at !== -1 && (native === -1 || at < native);
}
