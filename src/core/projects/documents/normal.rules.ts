/** A document in normal form: what differs from the defaults, without former names. That of a handler is the hash of its source. */
export type Normal = Record<string, unknown>;

/** Lists of items with names: each is compared and merged by its name. That of a parameter or a column may have been another. */
export const NAMED_LISTS = ['parameters', 'columns', 'schedules'] as const;
