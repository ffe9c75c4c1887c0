const FORM = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Returns true for a well-formed file id. Documents may contain any text as one. */
export const isFileId = (id: string): boolean => FORM.test(id);

/** Returns the key of a file in the object store. */
export const fileKey = (id: string): string => `files/${id}`;

/** Maximum bytes of one file: it passes through the memory of an isolate with 128 MB in all. */
export const FILE_BYTES = 32 * 1024 * 1024;

/** Maximum bytes of all inputs of a node together, and of all its outputs: the platform passes 32 MiB at once to an isolate, or back. */
export const NODE_BYTES = 31 * 1024 * 1024;
