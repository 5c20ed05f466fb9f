// A list of names in a sentence.

const mostListed = 10,
  longestName = 80;

export function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  return `${names
    .slice(0, mostListed)
    .map(name => name.slice(0, longestName))
    .join(', ')}${names.length > mostListed ? ', ...' : ''}`;
}
