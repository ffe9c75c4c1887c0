/* Names whose values are credentials. */

/** Words of sensitive names; those of the first line may also end a longer word, as in PGPASSWORD. */
const NAME =
  /(?:password|passwd|passphrase|passcode|secret|token|cookie|apikey)s?(?:$|[^a-z])|(?:^|[^a-z])(?:auth|authorization|pass|pwd|pins?|otp|totp|cvv2?|cvc2?|credentials?|creds?|session|private ?key|access ?key|jwt)(?:$|[^a-z])|(?:api|access|private|secret|signing|encryption|master|account|shared|client)[- ]?(?:key|secret)|(?:access|refresh)[- ]?token|session[- ]?id(?:$|[^a-z])|x[- ]signature/i;
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

/** Characters between the words of a name. */
const BETWEEN = /[_.]/g;

/**
 * Returns true for a name whose value is probably a credential. Splits camelCase, so that `userToken` counts and `tokenize` does not; a name in
 * other mixed case, as in `PaSsWoRd`, counts as it is.
 */
export const isSensitiveName = rememberNames((name) => {
  const words = name.replace(BETWEEN, ' ');
  return NAME.test(words) || NAME.test(words.replace(/([a-z0-9])([A-Z])/g, '$1 $2'));
});
