// Repeatable random numbers: one stream per seed and purpose, so that one node's traffic never shifts another's.

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A whole number from low to high, both included. */
  whole(low: number, high: number): number;
  between(low: number, high: number): number;
  pick<T>(from: readonly T[]): T;
  /** A standard normal value. */
  normal(): number;
  /** The number of events with this mean in one interval. */
  poisson(mean: number): number;
}

/** sfc32 (Chris Doty-Humphrey, PractRand), seeded through xmur3. */
export function createRandom(seed: number, purpose: string): Random {
  const scramble = scrambler(`${seed}/${purpose}`);
  let a = scramble(),
    b = scramble(),
    c = scramble(),
    counter = 1;
  function next(): number {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  }
  for (let warm = 0; warm < 12; warm++) next();
  const whole = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    whole,
    between: (low, high) => low + next() * (high - low),
    pick: from => from[whole(0, from.length - 1)]!,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    poisson(mean) {
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = next(); product > limit; product *= next()) count++;
      return count;
    },
  };
}

/** `count` different items, in the order of drawing. */
export function draw<T>(random: Random, from: readonly T[], count: number): T[] {
  const rest = [...from];
  return Array.from(
    { length: Math.min(count, rest.length) },
    () => rest.splice(random.whole(0, rest.length - 1), 1)[0]!,
  );
}

function scrambler(text: string): () => number {
  let state = 1779033703 ^ text.length;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 3432918353);
    state = (state << 13) | (state >>> 19);
  }
  return () => {
    state = Math.imul(state ^ (state >>> 16), 2246822507);
    state = Math.imul(state ^ (state >>> 13), 3266489909);
    return (state ^= state >>> 16) | 0;
  };
}
