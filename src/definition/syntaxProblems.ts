// Describes the errors of the YAML parser in plain sentences.
import type { YAMLError } from 'yaml';
import type { Draft } from '../model/file/drafts.ts';
import { errorAt } from '../model/file/drafts.ts';

type ErrorCode = YAMLError['code'];

const sentences: Partial<Record<ErrorCode, string>> = {
  TAB_AS_INDENT: 'There is a tab in the indentation. YAML is indented with spaces: replace the tab by two spaces.',
  BAD_INDENT: 'The indentation does not fit: this belongs to no key above it. Indent the keys of one map alike.',
  MISSING_CHAR:
    'A closing character or a colon is missing. Write keys as `key: value`, and close every quote, `[` and `{`.',
  BLOCK_AS_IMPLICIT_KEY:
    'There are two keys in one line, or a text that contains `: ` has no quotes. Put each key in its own line, ' +
    'or put quotes around the text.',
  MULTILINE_IMPLICIT_KEY:
    'A colon is missing here, or a text spans several lines. Write `key: value`; ' +
    'text that spans several lines needs `|` or `>`.',
  BLOCK_IN_FLOW: 'Inside `[ ]` and `{ }`, items are separated by commas, not by dashes and lines.',
  BAD_SCALAR_START: 'Text cannot begin with this character. Put quotes around it.',
  BAD_DQ_ESCAPE:
    'This escape sequence is unknown in double quotes. Write the backslash twice, ' +
    'or use single quotes (best for regular expressions).',
  UNEXPECTED_TOKEN: 'This does not belong here. Look for a missing comma, quote or colon before it.',
  BAD_COLLECTION_TYPE: 'A tag does not fit what follows it. YAML tags are not used in a pipeline file.',
  TAG_RESOLVE_FAILED: 'This YAML tag is not known. Text that begins with `!` needs quotes.',
  MULTIPLE_TAGS: 'A value has two YAML tags. YAML tags are not used in a pipeline file.',
  MULTIPLE_ANCHORS: 'A value has two anchors. Keep one of them.',
  ALIAS_PROPS: 'An alias takes neither an anchor nor a tag. Remove it.',
  BAD_ALIAS: 'An anchor or alias has a name that is not allowed. Text that begins with `*` or `&` needs quotes.',
  BAD_PROP_ORDER: 'An anchor or a tag is in the wrong place. It comes directly before its value.',
  BAD_DIRECTIVE: 'A line that begins with `%` is a YAML directive, which a pipeline file does not use. Remove it.',
  MULTIPLE_DOCS: 'A pipeline file has one document. Remove the `---` line.',
  KEY_OVER_1024_CHARS: 'A key is longer than 1024 characters. A quote or a colon is probably missing.',
  RESOURCE_EXHAUSTION: 'The file is nested too deeply.',
};

/** Errors that do not cause further ones. Of all others only the first is reported: the rest mostly follow from it. */
const separate: ReadonlySet<ErrorCode> = new Set([
  'TAB_AS_INDENT',
  'BAD_DQ_ESCAPE',
  'BAD_DIRECTIVE',
  'BAD_ALIAS',
  'MULTIPLE_ANCHORS',
  'MULTIPLE_TAGS',
]);

export function syntaxDrafts(errors: readonly YAMLError[], text: string): readonly Draft[] {
  const sorted = errors.slice(0, 1_000).toSorted((left, right) => left.pos[0] - right.pos[0]);
  const tabs = sorted.filter(error => error.code === 'TAB_AS_INDENT');
  const first = sorted.find(error => !separate.has(error.code));
  const own = sorted.filter(error => separate.has(error.code) && error.code !== 'TAB_AS_INDENT');
  return [...tabs, ...own, ...(first && tabs.length === 0 ? [first] : [])]
    .slice(0, 20)
    .map(error => describeError(error, text));
}

function describeError(error: YAMLError, text: string): Draft {
  const kind: ErrorCode = error.message.startsWith('Sequence item without') ? 'BAD_INDENT' : error.code;
  const code = `yaml-${kind.toLowerCase().replaceAll('_', '-')}`;
  const open = findOpening(error, text);
  if (open)
    return errorAt(
      { start: open.start, end: open.start + 1 },
      'not-closed',
      `The ${open.sign === '[' || open.sign === '{' ? 'bracket' : 'quote'} that opens here is not closed.`,
      { found: text.slice(open.start, open.start + 60).split('\n')[0] ?? '' },
    );
  const blanks =
    kind === 'TAB_AS_INDENT' ? 0 : (/^ */.exec(text.slice(error.pos[0], error.pos[0] + 80))?.[0].length ?? 0);
  const start = Math.min(error.pos[0] + blanks, text.length);
  const end = Math.max(Math.min(error.pos[1], start + 80, text.length), start);
  const found = (text.slice(start, end).split('\n')[0] ?? '').replaceAll('\t', '(tab)').trim();
  return errorAt({ start, end }, code, sentences[kind] ?? 'This is not YAML.', found.length > 1 ? { found } : {});
}

/** The parser reports where it noticed the error; users need to know which bracket or quote is not closed. */
function findOpening(error: YAMLError, text: string): { start: number; sign: string } | undefined {
  const quote = /^Missing closing (['"])quote/.exec(error.message)?.[1];
  const bracket =
    quote === undefined && /^Flow (map|sequence) .*end with a|^Expected .* to end with/.exec(error.message);
  if (quote !== undefined) return findOpenQuote(text, quote, error.pos[0]);
  return bracket ? findOpenBracket(text, error.pos[0]) : undefined;
}

/** A quote opens only at the beginning of a YAML value, so only quotes after a space or a bracket count. */
function findOpenQuote(text: string, quote: string, before: number): { start: number; sign: string } | undefined {
  const value = quote === '"' ? /(?<=[\s[{,:]|^)"(?:[^"\\]|\\[\s\S])*("|$)/g : /(?<=[\s[{,:]|^)'(?:[^']|'')*('|$)/g;
  for (const match of text.slice(0, before).matchAll(value))
    if (match[1] === '') return { start: match.index, sign: quote };
  return undefined;
}

function findOpenBracket(text: string, before: number): { start: number; sign: string } | undefined {
  let closed = 0;
  for (let at = before - 1; at >= 0; at--) {
    const sign = text[at] ?? '';
    if (sign === ']' || sign === '}') closed++;
    if ((sign === '[' || sign === '{') && closed-- === 0) return { start: at, sign };
  }
  return undefined;
}
