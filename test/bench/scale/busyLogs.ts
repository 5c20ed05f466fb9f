// Logs of a busy service: lines of many statements on ten nodes, and four errors that the canary has alone.
export const canaryNodes = ['web-1', 'web-2'],
  baselineNodes = ['web-3', 'web-4', 'web-5', 'web-6', 'web-7', 'web-8', 'web-9', 'web-10'];
export const nodes = [...canaryNodes, ...baselineNodes];
export const windowMs = 300_000;

/** Each statement has words of its own, so that no two look like one with a parameter. */
export function statementOf(k: number): string {
  return `INFO ${wordOf(k)} ${wordOf(k * 7 + 1)} of order N was ${wordOf(k * 13 + 2)} by ${wordOf(k * 17 + 3)} in N ms`;
}

function wordOf(k: number): string {
  const letters = 'bcdfghjklmnprstvwz',
    vowels = 'aeiou';
  let word = '',
    rest = Math.imul(k + 1, 0x9e3779b1) >>> 0;
  for (let i = 0; i < 4; i++) {
    word += letters[rest % letters.length]! + vowels[(rest >>> 5) % vowels.length]!;
    rest = Math.floor(rest / letters.length);
  }
  return word;
}

export const unknownLines = [
  'ERROR OutOfStockException: no item N left',
  'ERROR card of order N was refused by the bank',
  'ERROR template of mail N is missing',
  'ERROR stock service N did not answer',
] as const;
export const unknownTexts = unknownLines.map(text => text.replace('ERROR ', '').replace(/\bN\b/g, '<*>')).sort();
/** Of each of them. */
export const unknownTimes = 12;

export function scatter(i: number): number {
  return Math.imul(i + 1, 0x9e3779b1) >>> 8;
}

export function fill(statement: string, value: number): string {
  return statement.replace(/\bN\b/g, String(value));
}
