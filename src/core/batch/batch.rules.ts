/** Reads of one batch: the largest screen of the console has nine. */
export const MAX_READS = 20;

/** Characters of the path of a read, its query included. */
export const MAX_READ_CHARS = 4096;
