/** A file of a multipart body; its bytes go into the isolate beside the parameters. */
export interface FileField {
  name: string;
  type: string;
  bytes: ArrayBuffer;
}

/** Everything a caller sent that can feed parameters. `fields` is the body by name; its values are text when it was a form, which is settled. */
export interface SentInput {
  fields: Record<string, unknown>;
  fieldsAreText: boolean;
  files: Map<string, FileField[]>;
  /** Read only where a parameter comes from there. */
  query: () => URLSearchParams;
  /** Decoded path segments after the endpoint. */
  segments: () => string[];
  header: (name: string) => string | null;
}
