import { Failure } from './failure.ts';
import { printable, type Io } from './io.ts';

/** Actions by the key that is pressed. */
export type Keys = Record<string, () => void | Promise<void>>;

const CTRL_C = '\u0003';

/** Calls actions for keys that are pressed in the terminal, one at a time, until the signal. Ctrl-C calls `stop`. */
export function listenKeys(io: Io, keys: Keys, stop: () => void, signal: AbortSignal): void {
  const { stdin } = process;
  let acting = Promise.resolve();
  const act = async (key: string): Promise<void> => {
    try {
      await keys[key]?.();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      io.say(io.style('red', printable(error.message)));
    }
  };
  const onData = (text: string): void => {
    for (const key of text) {
      if (key === CTRL_C) stop();
      else if (Object.hasOwn(keys, key)) acting = acting.then(() => act(key));
    }
  };
  stdin.setRawMode(true);
  stdin.setEncoding('utf8').on('data', onData);
  signal.addEventListener('abort', () => {
    stdin.off('data', onData).setRawMode(false);
    stdin.pause();
  });
}
