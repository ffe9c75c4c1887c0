const FORM = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Is this the id of a file? Documents may name anything as one. */
export const isFileId = (id: string): boolean => FORM.test(id);

/** Where a file lies in the object store. */
export const fileKey = (id: string): string => `files/${id}`;

/** Bytes of one file: it passes through the memory of an isolate that has 128 MB for all it does. */
export const FILE_BYTES = 32 * 1024 * 1024;

/** Bytes of all inputs of a node together, and of all that it leaves: the platform hands 32 MiB at once to an isolate, or back. */
export const NODE_BYTES = 31 * 1024 * 1024;
