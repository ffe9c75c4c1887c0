/** Letters and digits without those that look alike. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
/** 116 bits. */
const LENGTH = 20;

/** Returns a random password, in groups of five that are easy to copy by hand. */
export function newPassword(): string {
  const letters: string[] = [];
  while (letters.length < LENGTH) {
    const [byte] = crypto.getRandomValues(new Uint8Array(1)) as unknown as [number];
    // A rest would make the first letters more likely.
    if (byte < 256 - (256 % ALPHABET.length)) letters.push(ALPHABET.charAt(byte % ALPHABET.length));
  }
  return letters.join('').replace(/.{5}(?=.)/g, '$&-');
}
