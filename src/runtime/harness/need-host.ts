/** Result of a call whose code asked for its host and had none; no envelope, which always starts with `{`. */
export const NEED_HOST = '!host';
