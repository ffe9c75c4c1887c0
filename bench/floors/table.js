/** The response of every race of the bench: a table of the two names, oriented by index. Runs inside the isolates, and inside the facet. */
const PEOPLE = { Ada: [36, 'London'], Grace: [85, 'New York'], Alan: [41, 'Manchester'] };

export default function table({ name1, name2 }) {
  const rows = [name1, name2].map((name) => ({
    name,
    age: PEOPLE[name]?.[0] ?? null,
    city: PEOPLE[name]?.[1] ?? null,
  }));
  return Object.fromEntries(rows.map((row, index) => [index, row]));
}
