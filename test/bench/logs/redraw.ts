// Many lines from few: drawn at random, and every digit of them too, so that no two are alike but by their shape.
const encoder = new TextEncoder();

/** A seeded source of whole numbers from 0 up to `below`. */
export function createDraw(seed = 1): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
}

type Lines = readonly (readonly string[])[];

/** As bytes, so that no text is made; lines of all pools in turn. */
export function redraw(pools: Lines, count: number): Uint8Array {
  return createRedraw(pools)(count);
}

/** The same page by page: the pools are encoded once, which takes longer than to draw a page. */
export function createRedraw(pools: Lines, draw = createDraw()): (count: number) => Uint8Array {
  const encoded = pools.map(lines => lines.map(line => encoder.encode(`${line}\n`)));
  return count => {
    const chosen = Array.from({ length: count }, (_, i) => {
      const lines = encoded[i % encoded.length]!;
      return lines[draw(lines.length)]!;
    });
    const bytes = new Uint8Array(chosen.reduce((sum, line) => sum + line.length, 0));
    let at = 0;
    for (const line of chosen) {
      bytes.set(line, at);
      at += line.length;
    }
    for (let i = 0; i < bytes.length; i++) if (bytes[i]! >= 48 && bytes[i]! <= 57) bytes[i] = 48 + draw(10);
    return bytes;
  };
}
