/** Told of each call of a store: its name, such as `DB.batch`, and how many statements it carries out. */
export type Note = (call: string, statements: number) => void;

/** A binding whose calls are told to `note`; those that only prepare a statement are none. */
export function counting<T extends object>(binding: T, name: string, note: Note): T {
  return new Proxy(binding, {
    get: (target, property) => {
      const member: unknown = Reflect.get(target, property);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        if (property === 'prepare')
          return countingStatement(Reflect.apply(member, target, args) as D1PreparedStatement, name, note);
        const batch = property === 'batch' ? (args[0] as object[]) : null;
        note(`${name}.${String(property)}`, batch?.length ?? 1);
        return Reflect.apply(member, target, batch ? [batch.map((one) => originals.get(one) ?? one)] : args);
      };
    },
  });
}

const originals = new WeakMap<object, D1PreparedStatement>();
function countingStatement(statement: D1PreparedStatement, name: string, note: Note): D1PreparedStatement {
  const proxy = new Proxy(statement, {
    get: (target, property) => {
      const member: unknown = Reflect.get(target, property);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        if (property === 'bind')
          return countingStatement(Reflect.apply(member, target, args) as D1PreparedStatement, name, note);
        note(`${name}.${String(property)}`, 1);
        return Reflect.apply(member, target, args);
      };
    },
  });
  originals.set(proxy, statement);
  return proxy;
}
