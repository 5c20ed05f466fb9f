// Adds entries to the text of the feedback file and removes them. Everything else stays as its author wrote it:
// comments, order and quotes.
import { isMap, isSeq, parseDocument, type CST, type Document, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Feedback } from '../model/evidence/feedback.ts';

const heading =
  '# What reviewers said about log events: reviewed like code, applied in every verification.\n# Marks: ' +
  'not-a-risk, not-a-risk-while-normal, risk, always-fail. A template that says nearly the same matches ' +
  'too.\nversion: 1\nfeedback:\n';

/** Adds the entry, in the order of the templates. `text` must be valid and have no entry for its template or key. */
export function addFeedback(text: string | undefined, entry: Feedback): string {
  if (text === undefined) return heading + block(entry, '  ');
  const document = parseDocument(text, { keepSourceTokens: true });
  const list = listOf(document);
  if (!document.contents) return insert(text, text.length, `version: 1\nfeedback:\n${block(entry, '  ')}`);
  if (!list) return insertAfterKey(text, document, entry);
  const { items, dashes, indent } = list;
  if (!dashes)
    return rewrite(document, () => {
      document.addIn(['feedback'], plain(entry));
    });
  const next = items.findIndex(item => String(item.get('template')) > entry.template);
  const before = next < 0 ? items.at(-1) : items[next - 1];
  const at = before ? lineEnd(text, contentEnd(before)) : lineEnd(text, keyEnd(document));
  return insert(text, at, block(entry, ' '.repeat(indent)));
}

/** Removes the entries of this cluster. Returns undefined if a file that Backstop created then has no entry left. */
export function removeFeedback(text: string, cluster: Pick<Feedback, 'key' | 'template'>): string | undefined {
  const document = parseDocument(text, { keepSourceTokens: true });
  const { items = [], dashes } = listOf(document) ?? {};
  const index = items.findIndex(item => isAbout(item, cluster));
  if (index < 0) return text;
  if (!dashes)
    return rewrite(document, () => {
      document.deleteIn(['feedback', index]);
    });
  const dash = dashes[index] ?? 0;
  const from = text.lastIndexOf('\n', dash) + 1,
    to = lineEnd(text, contentEnd(items[index]!));
  // If the removed entry is the last of a file without a final line break, the line break before it goes too.
  const head =
    to === text.length && !text.endsWith('\n') ? text.slice(0, from).replace(/\r?\n$/, '') : text.slice(0, from);
  const left = head + text.slice(to);
  return left === heading ? undefined : removeFeedback(left, cluster);
}

function isAbout(item: YAMLMap, { key, template }: Pick<Feedback, 'key' | 'template'>): boolean {
  return (key !== '' && item.get('key') === key) || item.get('template') === template;
}

interface List {
  readonly items: readonly YAMLMap[];
  /** Offset of each item's dash; absent if the list is written in brackets. */
  readonly dashes?: readonly number[];
  readonly indent: number;
}

function listOf(document: Document): List | undefined {
  const list = document.get('feedback', true);
  if (!isSeq(list)) return undefined;
  const { items, srcToken } = list as YAMLSeq<YAMLMap>;
  if (srcToken?.type !== 'block-seq') return { items: items.filter(isMap), indent: 2 };
  return {
    items: items.filter(isMap),
    indent: srcToken.indent,
    dashes: (srcToken as CST.BlockSequence).items.map(
      ({ start }) => start.find(token => token.type === 'seq-item-ind')?.offset ?? 0,
    ),
  };
}

/** For a file whose key `feedback` is empty or missing. */
function insertAfterKey(text: string, document: Document, entry: Feedback): string {
  const contents = document.contents as YAMLMap;
  const pair = contents.items.find(({ key }) => String(key) === 'feedback');
  if (!pair) return insert(text, text.length, `feedback:\n${block(entry, '  ')}`);
  const rest = text.slice(keyEnd(document), lineEnd(text, keyEnd(document)));
  return /^:[ \t]*(?:#.*)?\r?\n?$/.test(rest)
    ? insert(text, lineEnd(text, keyEnd(document)), block(entry, '  '))
    : rewrite(document, () => {
        document.set('feedback', [plain(entry)]);
      });
}

function keyEnd(document: Document): number {
  const pair = (document.contents as YAMLMap).items.find(({ key }) => String(key) === 'feedback');
  return (pair?.key as Node | undefined)?.range?.[1] ?? 0;
}

/** The end of the node's last value, without the comments after it, which belong to the next one. */
function contentEnd(node: unknown): number {
  if (isMap(node) || isSeq(node)) {
    const last = node.items.at(-1);
    const end = isMap(node)
      ? ((last as YAMLMap['items'][number] | undefined)?.value ?? (last as YAMLMap['items'][number] | undefined)?.key)
      : last;
    if (end && !node.flow) return contentEnd(end);
  }
  return (node as Node).range?.[1] ?? 0;
}

/** The offset after the line that contains the last character before `offset`. */
function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', text.slice(0, offset).trimEnd().length);
  return end < 0 ? text.length : end + 1;
}

function insert(text: string, at: number, lines: string): string {
  const spelled = text.includes('\r\n') ? lines.replaceAll('\n', '\r\n') : lines;
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  if (at === text.length && text !== '' && !text.endsWith('\n'))
    return text + lineBreak + spelled.slice(0, -lineBreak.length);
  return text.slice(0, at) + spelled + text.slice(at);
}

/** For a list in brackets or an alias: writes the whole file again, with its comments. */
function rewrite(document: Document, change: () => void): string {
  change();
  return document.toString({ lineWidth: 0 });
}

function plain({ template, mark, reason, by, atMs, key }: Feedback): object {
  return { template, mark, reason, by, at: momentOf(atMs), ...(key !== '' && { key }) };
}

/** Texts are always quoted in the same way, so that a changed text changes one line. */
function block({ template, mark, reason, by, atMs, key }: Feedback, indent: string): string {
  const lines = [
    `- template: ${quote(template)}`,
    `  mark: ${mark}`,
    `  reason: ${quote(reason)}`,
    `  by: ${quote(by)}`,
    `  at: ${momentOf(atMs)}`,
    ...(key === '' ? [] : [`  key: ${quote(key)}`]),
  ];
  return lines.map(line => `${indent}${line}\n`).join('');
}

function momentOf(atMs: number): string {
  return new Date(atMs).toISOString().replace('.000Z', 'Z');
}

/** A JSON string is valid YAML once the characters that a text file cannot contain are escaped. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
