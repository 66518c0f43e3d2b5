// Reads a response line by line while it arrives.

import { open } from './net.js';

/** A longer line is not worth a browser's memory: it counts as a change that was skipped. */
const LONGEST_LINE = 4_000_000;

/** Yields the lines of each piece that arrives, as a list. Ends with the response, throws as `open` does. */
export async function* lines(path, signal) {
  const response = await open(path, signal);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let tooLong = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split('\n');
    rest = parts.pop();
    if (tooLong && parts.length > 0) {
      parts[0] = '{"skipped":1}';
      tooLong = false;
    }
    if (rest.length > LONGEST_LINE || tooLong) {
      rest = '';
      tooLong = true;
    }
    yield parts;
  }
}
