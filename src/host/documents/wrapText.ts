// Wraps the sentences of a text document. Log lines and queries keep their line, so that they can be copied.

const columns = 100;

/** At spaces; the lines after the first begin with what the text does, and with `more`. A longer word stays whole. */
export function wrapText(text: string, more = ''): readonly string[] {
  const indent = /^ */.exec(text)![0],
    lines: string[] = [];
  let line = indent;
  for (const word of text.slice(indent.length).split(' ')) {
    if (line.trim() !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = indent + more;
    }
    line += line.trim() === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}
