// A line as spans with tones. Only this file writes text for a terminal, so that control sequences are always removed.
import { plainText } from '../../protocol/words/plainText.ts';
import { displayWidth, takeWidth } from './width.ts';

export type Tone = 'plain' | 'strong' | 'dim' | 'good' | 'bad' | 'warn' | 'canary';
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}
export type Line = readonly (Span | string)[];

const codes: Readonly<Record<Tone, readonly [string, string]>> = {
  plain: ['', ''],
  strong: ['\u001b[1m', '\u001b[22m'],
  dim: ['\u001b[2m', '\u001b[22m'],
  good: ['\u001b[32m', '\u001b[39m'],
  bad: ['\u001b[31m', '\u001b[39m'],
  warn: ['\u001b[33m', '\u001b[39m'],
  canary: ['\u001b[34m', '\u001b[39m'],
};

export function toned(tone: Tone, text: string): Span {
  return { text, tone };
}

/** Makes a single physical line: line ends become spaces, and control sequences are removed. */
export function renderLine(line: Line, color: boolean): string {
  return joinAlike(line.map(asSpan))
    .map(({ text, tone }) => {
      const [on, off] = codes[tone];
      return color && text ? `${on}${text}${off}` : text;
    })
    .join('')
    .trimEnd();
}

/** Wrapping splits spans into words. Neighbours with the same tone are joined again, to keep colour codes few. */
function joinAlike(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last?.tone === span.tone) joined[joined.length - 1] = toned(span.tone, last.text + span.text);
    else joined.push(span);
  }
  return joined;
}

const asciiFor: Readonly<Record<string, string>> = { '…': '...', '→': '->', '“': '"', '”': '"', '’': "'", '–': '-' };

/** The symbols in our own sentences, and their replacements for ASCII terminals. */
export function toAscii(line: Line): Line {
  return line.map(asSpan).map(({ text, tone }) =>
    toned(
      tone,
      text.replace(/[…→“”’–]/g, sign => asciiFor[sign] ?? sign),
    ),
  );
}

export function lineWidth(line: Line): number {
  return line.reduce((sum, part) => sum + displayWidth(asSpan(part).text), 0);
}

/** Truncates to at most `columns`, with an ellipsis. */
export function cutLine(line: Line, columns: number, ellipsis = '…'): Line {
  if (lineWidth(line) <= columns) return line;
  let left = columns - displayWidth(ellipsis);
  const kept: (Span | string)[] = [];
  for (const part of line) {
    const span = asSpan(part);
    const text = takeWidth(span.text, left);
    kept.push(toned(span.tone, text));
    left -= displayWidth(text);
    if (text.length < span.text.length) break;
  }
  return columns < displayWidth(ellipsis) ? [] : [...kept, ellipsis];
}

/** Wraps at spaces into lines of at most `columns`, with indented continuation lines. A longer word is split. */
export function wrapLine(line: Line, columns: number, indent: number): readonly Line[] {
  if (columns < 8 || lineWidth(line) <= columns) return [line];
  const hanging = indent > columns / 2 ? Math.min(8, columns >> 2) : indent;
  const lines: Span[][] = [[]];
  let used = 0,
    empty = true;
  const breakLine = (): void => {
    trimLast(lines);
    lines.push([toned('plain', ' '.repeat(hanging))]);
    used = hanging;
    empty = true;
  };
  for (const { word, tone } of line.flatMap(words)) {
    let rest = word;
    if (!empty && used + displayWidth(rest.trimEnd()) > columns) breakLine();
    while (displayWidth(rest.trimEnd()) > columns - used) {
      const head = takeWidth(rest, columns - used) || rest.slice(0, 1);
      lines[lines.length - 1]?.push(toned(tone, head));
      rest = rest.slice(head.length);
      breakLine();
    }
    if (empty && lines.length > 1) rest = rest.trimStart();
    lines[lines.length - 1]?.push(toned(tone, rest));
    used += displayWidth(rest);
    empty &&= rest.trim() === '';
  }
  trimLast(lines);
  return lines;
}

/** A space at the break is dropped. */
function trimLast(lines: readonly Span[][]): void {
  const line = lines[lines.length - 1];
  const span = line?.pop();
  if (line && span) line.push(toned(span.tone, span.text.trimEnd()));
}

function words(part: Span | string): readonly { word: string; tone: Tone }[] {
  const span = asSpan(part);
  return (span.text.match(/^ +|[^ ]+ */g) ?? []).map(word => ({ word, tone: span.tone }));
}

function asSpan(part: Span | string): Span {
  const span = typeof part === 'string' ? { text: part, tone: 'plain' as const } : part;
  return { text: plainText(span.text).replaceAll('\n', ' '), tone: span.tone };
}
