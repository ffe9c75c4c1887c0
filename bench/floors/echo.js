/** The response of the races with bodies: the text that was sent. Runs inside the isolates, as table.js does. */
export default function echo({ text }) {
  return { text };
}
