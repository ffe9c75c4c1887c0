/** Results of a SharedInstance that are not an envelope, which always starts with `{`. */
export const NEED_BUNDLE = '!bundle';
export const REPLACED = '!replaced';
