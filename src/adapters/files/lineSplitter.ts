// Splits a stream of bytes into physical lines. Its memory does not grow with the length of a line.

const keptBytes = 64 * 1024;
const lineFeed = 10;

/** Yields one batch for each chunk that completed a line. */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly string[]> {
  let held: Buffer = Buffer.alloc(0);
  let isFirst = true;
  const finish = (text: string): string => {
    const clean = isFirst && text.startsWith('\ufeff') ? text.slice(1) : text;
    isFirst = false;
    return clean.endsWith('\r') ? clean.slice(0, -1) : clean;
  };
  for await (const chunk of chunks) {
    const last = chunk.lastIndexOf(lineFeed);
    if (last >= 0) {
      const first = chunk.indexOf(lineFeed);
      const rest = first < last ? chunk.toString('utf8', first + 1, last).split('\n') : [];
      yield [endHeld(held, chunk.subarray(0, first)), ...rest].map(line =>
        finish(line.length > keptBytes ? line.slice(0, keptBytes) : line),
      );
      held = Buffer.alloc(0);
    }
    held = keep(held, chunk.subarray(last + 1));
  }
  if (held.length > 0) yield [finish(held.toString('utf8'))];
}

function endHeld(held: Buffer, end: Buffer): string {
  return held.length === 0 ? end.toString('utf8') : keep(held, end).toString('utf8');
}

/** A copy, since a view would keep the whole chunk in memory. */
function keep(held: Buffer, more: Buffer): Buffer {
  const room = keptBytes - held.length;
  return room <= 0 ? held : Buffer.concat([held, more.subarray(0, room)]);
}
