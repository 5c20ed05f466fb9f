// Patterns with a wildcard for any text, matched without regular expressions, in linear time.

export function matchesWildcard(text: string, pattern: string, wildcard: '*' | '%'): boolean {
  const pieces = pattern.split(wildcard);
  if (pieces.length === 1) return text === pattern;
  const [first, last] = [pieces[0]!, pieces.at(-1)!];
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= text.length - last.length;
}
