/** What a SharedInstance answers instead of an envelope, which always starts with `{`. */
export const NEED_BUNDLE = '!bundle';
export const REPLACED = '!replaced';
