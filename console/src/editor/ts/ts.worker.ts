import libraries from 'virtual:libraries';
import { createCompiler } from './compiler';
import type { OutputOf, Question, Reply, Request } from './protocol';

/** TypeScript beside the page: typing never waits for it. scripts/console/ts-worker.ts bundles this file. */
const compiler = createCompiler(libraries);

function answer(request: Request): OutputOf<Question> {
  switch (request.question) {
    case 'types':
      compiler.setTypes(request.input);
      return null;
    case 'check':
      return compiler.check(request.input);
    case 'complete':
      return compiler.complete(request.input);
    case 'quick':
      return compiler.quick(request.input);
  }
}

addEventListener('message', ({ data }: MessageEvent<Request>) => {
  let reply: Reply;
  try {
    reply = { id: data.id, output: answer(data) };
  } catch (error) {
    reply = { id: data.id, error: error instanceof Error ? error.message : String(error) };
  }
  postMessage(reply);
});
