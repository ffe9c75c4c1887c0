import { splitStream } from './split-stream.rules';

/** One answer of a batch. */
export interface BatchAnswer {
  path: string;
  status: number;
  body: unknown;
}

/** Reads the answers of a batch as they arrive: each is on a line of its own, with a comma after all but the last. */
export const readAnswers = (
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onAnswer: (answer: BatchAnswer) => void,
): Promise<void> =>
  splitStream(body, '\n', (line) => {
    if (line.startsWith('{"path":')) onAnswer(JSON.parse(line.replace(/,$/, '')) as BatchAnswer);
  });
