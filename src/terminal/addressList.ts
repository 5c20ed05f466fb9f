// Parses addresses as a user types them: separated by spaces or commas, with `{8081..8085}` for a range, as in a shell.

const mostOfRange = 200;

/** A range that counts down or is too long is not expanded, and the result is refused as an invalid address. */
export function readAddresses(text: string): readonly string[] {
  return text
    .split(/[\s,]+/)
    .filter(Boolean)
    .flatMap(expand);
}

function expand(address: string): readonly string[] {
  const [range, first = '', last = ''] = /\{(\d{1,6})\.\.(\d{1,6})\}/.exec(address) ?? [];
  const length = Number(last) - Number(first) + 1;
  if (range === undefined || length < 1 || length > mostOfRange) return [address];
  return Array.from({ length }, (_, at) =>
    address.replace(range, String(Number(first) + at).padStart(first.length, '0')),
  );
}
