/* Names whose values are credentials. */

/** Words of sensitive names; those of the first line may also end a longer word, as in PGPASSWORD. */
const NAME =
  /(?:password|passwd|passphrase|passcode|secret|token|cookie|apikey)s?(?:$|[^a-z])|(?:^|[^a-z])(?:auth|authorization|pass|pwd|pins?|otp|totp|cvv2?|cvc2?|credentials?|creds?|session|private ?key|access ?key|jwt)(?:$|[^a-z])|(?:api|access|private|secret|signing|encryption|master|account|shared|client)[- ]?(?:key|secret)|(?:access|refresh)[- ]?token|x[- ]signature/i;
const MAX_SEEN = 1000;

/** Caches the result for each name: names of headers and members recur with every call. */
function rememberNames(test: (name: string) => boolean): (name: string) => boolean {
  const seen = new Map<string, boolean>();
  return (name) => {
    const known = seen.get(name);
    if (known !== undefined) return known;
    const found = test(name);
    if (seen.size < MAX_SEEN && name.length <= 64) seen.set(name, found);
    return found;
  };
}

/** Returns true for a name whose value is probably a credential. Splits camelCase, so that `userToken` counts and `tokenize` does not. */
export const isSensitiveName = rememberNames((name) =>
  NAME.test(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll('_', ' ')),
);
