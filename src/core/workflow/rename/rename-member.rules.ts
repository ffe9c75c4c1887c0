const isIdentifier = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);

/** Replaces the name of a member. A name that is not an identifier needs brackets, which also replace the dot. */
export function replaceMember(
  text: string,
  member: { start: number; end: number; computed: boolean },
  optional: boolean,
  to: string,
): string {
  const tail = text.slice(member.end);
  if (member.computed) return text.slice(0, member.start) + JSON.stringify(to) + tail;
  if (isIdentifier(to)) return text.slice(0, member.start) + to + tail;
  const head = text.slice(0, member.start).replace(optional ? /\?\.\s*$/ : /\.\s*$/, '');
  return `${head}${optional ? '?.' : ''}[${JSON.stringify(to)}]${tail}`;
}
