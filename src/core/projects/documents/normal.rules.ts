/** A document in normal form: what differs from the defaults, without former names. That of a handler is the hash of its source. */
export type Normal = Record<string, unknown>;

/** Lists of items with names, of which each may have had another. */
export const NAMED_LISTS = ['parameters', 'columns'] as const;
