/** A client of one Worker's inspector (Chrome DevTools protocol). */
export interface Inspector {
  send: (method: string, params?: object) => Promise<unknown>;
  close: () => void;
}

interface Answer {
  id?: number;
  result?: unknown;
  error?: { message: string };
}

/** Connects to `worker`'s isolate. `base`: Miniflare's inspector URL. */
export async function openInspector(base: string, worker: string): Promise<Inspector> {
  const list = new URL('/json', base.replace(/^ws/, 'http'));
  const targets = (await (await fetch(list)).json()) as { id: string; webSocketDebuggerUrl: string }[];
  const target = targets.find(({ id }) => id.endsWith(`:${worker}`));
  if (!target) throw new Error(`no inspector for ${worker} among ${targets.map(({ id }) => id).join(', ')}`);
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  let lastId = 0;
  return {
    send: async (method, params = {}) => {
      const id = ++lastId;
      const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
      socket.send(JSON.stringify({ id, method, params }));
      const { result, error } = await answered;
      waiting.delete(id);
      if (error) throw new Error(`${method}: ${error.message}`);
      return result;
    },
    close: () => socket.close(),
  };
}
