// A terminal small enough to test with: it obeys the few sequences that the live tree may use and refuses all others.

export interface Screen {
  readonly lines: readonly string[];
  readonly cursorShown: boolean;
  /** The longest line that was ever on it. */
  readonly widest: number;
}

export function playOnScreen(text: string, columns: number, rows: number): Screen {
  const lines: string[] = [''];
  let row = 0,
    column = 0,
    cursorShown = true,
    widest = 0;
  const put = (character: string): void => {
    if (column >= columns) {
      row += 1;
      column = 0;
    }
    const line = (lines[row] ?? '').padEnd(column);
    lines[row] = line.slice(0, column) + character + line.slice(column + 1);
    column += 1;
    widest = Math.max(widest, column);
  };
  for (const [token, , number = '', letter] of text.matchAll(/(\u001b\[\??([0-9;]*)([A-Za-z]))|[^]/gu)) {
    if (token === '\n') {
      row += 1;
      column = 0;
      lines[row] ??= '';
    } else if (token === '\r') column = 0;
    else if (!token.startsWith('\u001b')) put(token);
    else if (letter === 'A') {
      const up = Number(number || 1);
      if (up >= rows) throw new Error(`moved up ${up} lines on a terminal of ${rows}`);
      row = Math.max(0, row - up);
    } else if (letter === 'K') lines[row] = (lines[row] ?? '').slice(0, column);
    else if (letter === 'J') {
      lines[row] = (lines[row] ?? '').slice(0, column);
      lines.length = row + 1;
    } else if ((letter === 'l' || letter === 'h') && number === '25') cursorShown = letter === 'h';
    else if (letter !== 'm') throw new Error(`sequence ${JSON.stringify(token)} has no place here`);
  }
  return { lines: lines.map(line => line.trimEnd()), cursorShown, widest };
}
