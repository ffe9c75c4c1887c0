interface Context {
  storage: DurableObjectStorage;
}

/** Module state: it lives from call to call, until a new version is deployed or the platform evicts the instance. */
let sinceStart = 0;

/** Counts its calls twice: in memory, and in the SQLite of its instance, which outlives both. */
export default function count(_params: object, { storage }: Context) {
  sinceStart += 1;
  const ever = (storage.kv.get<number>('calls') ?? 0) + 1;
  storage.kv.put('calls', ever);
  return { sinceStart, ever };
}
