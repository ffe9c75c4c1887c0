/** The message of an isolate with a response: its head as JSON, a line end, and the body as it is. Where the body is long, in two parts. */
export type Envelope = string | SplitEnvelope;

/** Joining a long body to its head would copy it. */
export interface SplitEnvelope {
  head: string;
  body: string;
}
