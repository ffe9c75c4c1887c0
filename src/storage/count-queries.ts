/** Returns a database that counts the statements that are prepared with it: each is sent once, alone or in a batch. */
export function countQueries(database: D1Database): { database: D1Database; queries: () => number } {
  let count = 0;
  const counted = new Proxy(database, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name === 'prepare') count += 1;
      return value.bind(target) as unknown;
    },
  });
  return { database: counted, queries: () => count };
}
