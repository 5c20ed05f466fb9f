// The last lines of each hook's output, shown if the hook fails.

const linesKept = 20;
const callsKept = 200;

export interface OutputTails {
  add(key: string, text: string): void;
  of(key: string): readonly string[];
}

export function createOutputTails(): OutputTails {
  const tails = new Map<string, string[]>();
  return {
    add(key, text) {
      const tail = tails.get(key) ?? [];
      tails.delete(key);
      tails.set(key, [...tail, ...linesOf(text)].slice(-linesKept));
      const oldest = tails.keys().next();
      if (tails.size > callsKept && !oldest.done) tails.delete(oldest.value);
    },
    of: key => tails.get(key) ?? [],
  };
}

/** Splits into lines without their ends; truncates long lines. */
export function linesOf(text: string): readonly string[] {
  return text
    .slice(-100_000)
    .split(/\r?\n/)
    .filter(line => line !== '')
    .map(line => line.slice(0, 2000));
}
