/** Milliseconds for which events are collected: a busy service would redraw the screen with every one. */
const BATCH_MS = 250;

interface Follower<T> {
  /** Called when the stream is open, at first and after each interruption. */
  onOpen: () => void;
  onItems: (items: T[]) => void;
  /** The service refused or ended the stream for good. Shorter interruptions are bridged by the browser, with `Last-Event-ID`. */
  onEnd: () => void;
}

/** Follows a stream of server-sent events whose data is JSON. Returns what stops it. */
export function follow<T>(address: string, event: string, { onOpen, onItems, onEnd }: Follower<T>): () => void {
  const source = new EventSource(address);
  let items: T[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    onItems(items.splice(0));
  };
  source.addEventListener('open', onOpen);
  source.addEventListener(event, ({ data }: MessageEvent<string>) => {
    items.push(JSON.parse(data) as T);
    timer ??= setTimeout(flush, BATCH_MS);
  });
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) onEnd();
  });
  return () => {
    clearTimeout(timer);
    items = [];
    source.close();
  };
}
