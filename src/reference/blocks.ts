// Updates documents that are partly generated: text between two markers is replaced, everything else is kept.

const marker = /^<!-- generated: (.+) -->$/;
const end = '<!-- end of generated text -->';

/**
 * Replaces every generated part of `document` by the result of `render` for the name in its marker. Throws if a marker
 * has no end.
 */
export function fillBlocks(document: string, render: (name: string) => string): string {
  const lines = document.split('\n');
  const filled: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    filled.push(line);
    const name = marker.exec(line)?.[1];
    if (name === undefined) continue;
    const endsAt = lines.indexOf(end, at);
    if (endsAt < 0) throw new Error(`Nothing ends the generated part "${name}": write ${end} after it.`);
    filled.push('', render(name), '', end);
    at = endsAt;
  }
  return filled.join('\n');
}
