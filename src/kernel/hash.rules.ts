/** Returns the 32-bit FNV-1a hash of a text, by UTF-16 units: quick and even, and no defense against chosen texts. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
