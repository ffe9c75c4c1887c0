/** Returns the bytes of a response; of a stream of events, which goes on, only its first part. */
export async function readStart(response: Response): Promise<Uint8Array> {
  if (response.headers.get('content-type') !== 'text/event-stream') return new Uint8Array(await response.arrayBuffer());
  const reader = response.body!.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return value!;
}
