// What the YAML parser complains about, in plain words.
import type { YAMLError } from 'yaml';
import type { Draft } from './drafts.ts';
import { errorAt } from './drafts.ts';

type ErrorCode = YAMLError['code'];

const sentences: Partial<Record<ErrorCode, string>> = {
  TAB_AS_INDENT: 'A tab stands where the indentation is. YAML is indented with spaces: replace the tab by two spaces.',
  BAD_INDENT: 'The indentation does not fit: this belongs to no key above it. Indent the keys of one map alike.',
  MISSING_CHAR: 'A closing sign or a colon is missing. Write keys as `key: value`, and close every quote, `[` and `{`.',
  BLOCK_AS_IMPLICIT_KEY: 'Two keys stand in one line, or a text with `: ` in it has no quotes. Put each key in its own line, or put quotes around the text.',
  MULTILINE_IMPLICIT_KEY: 'A key goes over several lines. Write the key and its colon in one line; text over several lines needs `|` or `>`.',
  BLOCK_IN_FLOW: 'Inside of `[ ]` and `{ }` items are divided by commas, not by dashes and lines.',
  BAD_SCALAR_START: 'Text cannot begin with this sign. Put quotes around it.',
  BAD_DQ_ESCAPE: 'This escape is not known in double quotes. Write the backslash twice, or use single quotes (best for regular expressions).',
  UNEXPECTED_TOKEN: 'This does not belong here. Look for a missing comma, quote or colon before it.',
  BAD_COLLECTION_TYPE: 'A tag does not fit to what stands after it. YAML tags are not used in a pipeline file.',
  TAG_RESOLVE_FAILED: 'This YAML tag is not known. Text that begins with `!` needs quotes.',
  MULTIPLE_TAGS: 'A value has two YAML tags. YAML tags are not used in a pipeline file.',
  MULTIPLE_ANCHORS: 'A value has two anchors. Keep one of them.',
  ALIAS_PROPS: 'An alias takes neither an anchor nor a tag. Take it away.',
  BAD_ALIAS: 'An anchor or alias has a name that is not allowed. Text that begins with `*` or `&` needs quotes.',
  BAD_PROP_ORDER: 'An anchor or a tag stands in the wrong place. It comes directly before its value.',
  BAD_DIRECTIVE: 'A line that begins with `%` is a YAML directive, which a pipeline file does not use. Take it out.',
  MULTIPLE_DOCS: 'A pipeline file holds one document. Take out the `---` line.',
  KEY_OVER_1024_CHARS: 'A key is longer than 1024 characters. A quote or a colon is probably missing.',
  RESOURCE_EXHAUSTION: 'The file is nested too deeply.',
};

/** One draft per line: what follows on the same mistake is mostly an echo of it. At most five, as echoes also run down the lines. */
export function syntaxDrafts(errors: readonly YAMLError[], text: string): readonly Draft[] {
  const byLine = new Map<number, Draft>();
  let line = 0;
  let counted = 0;
  for (const error of errors.slice(0, 100).toSorted((left, right) => left.pos[0] - right.pos[0])) {
    if (byLine.size >= 5) break;
    const start = Math.min(error.pos[0], text.length);
    for (; counted < start; counted++) if (text[counted] === '\n') line++;
    if (byLine.has(line)) continue;
    const end = Math.max(Math.min(error.pos[1], start + 80), start);
    const found = text.slice(start, end).split('\n')[0]?.replaceAll('\t', '(tab)').trim();
    byLine.set(line, errorAt({ start, end }, `yaml-${error.code.toLowerCase().replaceAll('_', '-')}`,
      sentences[error.code] ?? 'This is not YAML.', found ? { found } : {}));
  }
  return [...byLine.values()];
}
