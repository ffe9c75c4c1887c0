export const ATTEMPTS_WINDOW_SECONDS = 15 * 60;
/** At one account from one address: guessing one password. */
export const ATTEMPTS_PER_ACCOUNT = 10;
/** From one address whatever the account: guessing many. Also bounds the CPU that passwords cost. */
export const ATTEMPTS_PER_ADDRESS = 100;
