interface Names {
  name1: string;
  name2: string;
}
type Column = readonly (string | number)[];

/** The sample function of Pyplan's documentation: a table of four people, of whom the caller names two. */
export default function table({ name1, name2 }: Names): string {
  return toJsonByIndex({
    Name: [name1, name2, 'Alice', 'Bob'],
    Age: [25, 30, 35, 40],
    City: ['New York', 'Los Angeles', 'Chicago', 'Houston'],
  });
}

/** Writes the same as `DataFrame(data).to_json(orient="index")`: a row per index, ASCII only, slashes escaped. */
function toJsonByIndex(columns: Record<string, Column>): string {
  const height = Math.max(...Object.values(columns).map((column) => column.length));
  const row = (index: number): object =>
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[index]]));
  const rows = Object.fromEntries(Array.from({ length: height }, (_, index) => [index, row(index)]));
  return JSON.stringify(rows).replace(/[/\u0080-\uffff]/g, (char) =>
    char === '/' ? '\\/' : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
