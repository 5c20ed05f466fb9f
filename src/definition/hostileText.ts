// Guards against hostile files: a file that is too large, nested too deeply or not text is refused before its YAML is
// read.
import type { CST, Document } from 'yaml';
import type { Draft } from '../model/file/drafts.ts';
import { errorAt } from '../model/file/drafts.ts';
import type { Span } from '../model/file/place.ts';

const byteLimit = 1_000_000;
const depthLimit = 60;
/** The number of values that a file may have once its aliases are expanded. */
export const sizeLimit = 20_000;

export function refuseText(text: string, thing: string): Draft | undefined {
  const bytes = text.length > byteLimit ? text.length : new TextEncoder().encode(text).length;
  if (bytes > byteLimit) {
    return errorAt({ start: 0, end: 0 }, 'file-too-large', `The file is too large for a ${thing}; it was not read.`, {
      found: `${bytes} bytes or more`,
      allowed: [`up to ${byteLimit} bytes`],
    });
  }
  const control = text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/);
  if (control >= 0) {
    const code = text.charCodeAt(control).toString(16).padStart(4, '0').toUpperCase();
    return errorAt(
      { start: control, end: control + 1 },
      'control-character',
      'The file contains a control character, so it is not a text file. Save it as UTF-8 text without such characters.',
      { found: `U+${code}` },
    );
  }
  const bracket = findBracketDepth(text, 500);
  return bracket === undefined ? undefined : tooDeep(bracket, text, thing);
}

/** Finds nesting so deep that the parser would take too long. Brackets in quotes count as well, which does no harm. */
function findBracketDepth(text: string, limit: number): number | undefined {
  let depth = 0;
  for (const { 0: bracket, index } of text.matchAll(/[[\]{}]|(?:[-?][ ]){100}/g)) {
    if (bracket.length > 1) return index;
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > limit) return index;
  }
  return undefined;
}

function tooDeep(offset: number, text: string, thing: string): Draft {
  const at = Math.min(offset, text.length);
  return errorAt(
    { start: at, end: at + 1 },
    'too-deep',
    `The file is nested deeper than ${depthLimit} levels; a ${thing} needs about ten.`,
  );
}

/** Checks depth and number of the parser's tokens, without recursion, before the slow step that composes them. */
export function findExcess(tokens: readonly CST.Token[], text: string, thing: string): Draft | undefined {
  const waiting: { token: CST.Token; depth: number }[] = tokens.map(token => ({ token, depth: 0 }));
  let count = 0;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > depthLimit) return tooDeep(token.offset, text, thing);
    if (token.type === 'document' && token.value) waiting.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    count += token.items.reduce((sum, { start }) => sum + 1 + start.filter(sign => sign.type === 'comma').length, 0);
    if (count > 2 * sizeLimit) return tooMany({ start: token.offset, end: token.offset + 1 });
    for (const { key, value } of token.items) {
      if (key) waiting.push({ token: key, depth: depth + 1 });
      if (value) waiting.push({ token: value, depth: depth + 1 });
    }
  }
  return undefined;
}

export function tooMany(span: Span): Draft {
  return errorAt(
    span,
    'too-many-values',
    `This has more than ${sizeLimit} values, written out. Use fewer of them, or fewer aliases.`,
  );
}

export function refuseMore(documents: readonly Document.Parsed[], text: string, thing: string): readonly Draft[] {
  const second = documents[1];
  if (!second || documents.flatMap(document => document.errors).length > 0) return [];
  const start = Math.max(text.lastIndexOf('---', second.range[0]), 0);
  return [
    errorAt(
      { start, end: start + 3 },
      'several-documents',
      `A ${thing} file has one document. Remove the \`---\` line, or move what follows into a file of its own.`,
    ),
  ];
}
