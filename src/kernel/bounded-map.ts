export type BoundedMap<V> = Pick<Map<string, V>, 'get' | 'set' | 'delete' | 'clear'>;

/** A map that evicts its oldest entry when it is full, so that hostile input cannot make it grow. */
export function boundedMap<V>(max: number): BoundedMap<V> {
  const map = new Map<string, V>();
  const set = map.set.bind(map);
  map.set = (key, value) => {
    if (map.size >= max && !map.has(key)) map.delete(map.keys().next().value!);
    return set(key, value);
  };
  return map;
}
