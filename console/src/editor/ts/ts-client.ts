import address from 'virtual:ts-worker';
import type { InputOf, OutputOf, Question, Reply } from './protocol';

/** The page makes scripts of no text but this address, by this policy. */
function scriptUrl(): string {
  const { trustedTypes } = globalThis as unknown as {
    trustedTypes?: {
      createPolicy: (name: string, rules: object) => { createScriptURL: (text: string) => string };
    };
  };
  if (trustedTypes === undefined) return address;
  const policy = trustedTypes.createPolicy('portico-worker', { createScriptURL: () => address });
  return policy.createScriptURL(address);
}

interface Waiting {
  resolve: (output: never) => void;
  reject: (reason: unknown) => void;
}

function start() {
  const worker = new Worker(scriptUrl(), { name: 'typescript' });
  const waiting = new Map<number, Waiting>();
  let next = 1;
  worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if ('error' in data) asked?.reject(new Error(data.error));
    else asked?.resolve(data.output as never);
  });
  worker.addEventListener('error', () => {
    for (const { reject } of waiting.values()) reject(new Error('The compiler could not be loaded.'));
    waiting.clear();
  });
  return <Q extends Question>(question: Q, input: InputOf<Q>): Promise<OutputOf<Q>> =>
    new Promise<OutputOf<Q>>((resolve, reject) => {
      const id = next++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, question, input });
    });
}

let client: ReturnType<typeof start> | undefined;

/** Asks the worker with the compiler, which starts with the first question and stays for this page. */
export const askCompiler: ReturnType<typeof start> = (question, input) => (client ??= start())(question, input);
