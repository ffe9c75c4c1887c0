/** A description of endpoints as text, with a tag that changes with it. */
export interface Description {
  text: string;
  etag: string;
}
