// Makes text from outside (logs, hook output, vendors' answers) safe to show: it cannot steer a terminal or reorder a
// line.

const sequences = new RegExp(
  [
    // Cursor, colour, erase.
    '(?:\\u001b\\[|\\u009b)[0-?]{0,64}[ -/]{0,8}[@-~]',
    // Titles, links, device strings.
    '(?:\\u001b[\\]PX^_]|[\\u009d\\u0090\\u0098\\u009e\\u009f])' +
      '[^\\u0007\\u001b\\u009c]{0,256}(?:\\u0007|\\u001b\\\\|\\u009c)',
  ].join('|'),
  'g',
);
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/**
 * Direction marks, zero-width characters, line separators, tags and lone surrogates: invisible, but they change the
 * text.
 */
const invisible =
  /[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** Most text has nothing to remove, which this finds quickly. */
const harmless = /^[\n -~]*$/;

/** Keeps line ends and words; tabs become two spaces. */
export function plainText(text: string): string {
  if (harmless.test(text)) return text;
  return text
    .replace(/\r\n?/g, '\n')
    .replace(sequences, '')
    .replace(controls, '')
    .replace(invisible, '')
    .replaceAll('\t', '  ');
}

/** One line of at most `limit` characters; a longer one ends in an ellipsis. */
export function plainLine(text: string, limit = 2000): string {
  const line = plainText(text.slice(0, 4 * limit))
    .replace(/\n+/g, ' ')
    .trim();
  return line.length > limit ? `${line.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…` : line;
}
