/** Entries that arrived together, as the index hands them to listeners: deflated, after the time of their arrival. */
const TIME_BYTES = 8;

/** Returns one message of the time, in Unix milliseconds, and the deflated entries. */
export function packArrival(arrived: number, entries: Uint8Array): Uint8Array {
  const message = new Uint8Array(TIME_BYTES + entries.length);
  new DataView(message.buffer).setFloat64(0, arrived);
  message.set(entries, TIME_BYTES);
  return message;
}

export const unpackArrival = (message: ArrayBuffer): { arrived: number; entries: Uint8Array } => ({
  arrived: new DataView(message).getFloat64(0),
  entries: new Uint8Array(message, TIME_BYTES),
});
