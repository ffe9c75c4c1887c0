/** Reads text as it arrives, and hands over each piece that ends in `end`, without it. What comes after the last end is not a piece. */
export async function splitStream(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  end: string,
  onPiece: (piece: string) => void,
): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const pieces = (text + value).split(end);
    text = pieces.pop()!;
    pieces.forEach(onPiece);
  }
}
