/** A file of a multipart body; its bytes are passed to the isolate beside the parameters. */
export interface FileField {
  name: string;
  type: string;
  bytes: ArrayBuffer;
}

/** All input of parameters in a call. `fields` is the body by name. `fieldsAreText`: it was a form. */
export interface SentInput {
  fields: Record<string, unknown>;
  fieldsAreText: boolean;
  files: Map<string, FileField[]>;
  /** Called only when a parameter is in the query. */
  query: () => URLSearchParams;
  /** Decoded path segments in the places of the path's names, by name. */
  named: () => ReadonlyMap<string, string>;
  /** Decoded path segments after the endpoint. */
  segments: () => string[];
  header: (name: string) => string | null;
}
