// Texts with a cursor in them, and the parts that the language features need.
import { readFileSync } from 'node:fs';
import type { CompletionParts } from '../../../../src/host/language/completion/completion.ts';
import { completeAt } from '../../../../src/host/language/completion/completion.ts';
import type { PipelineTree } from '../../../../src/host/language/document/pipelineTree.ts';
import { createTreeReader } from '../../../../src/host/language/document/pipelineTree.ts';
import type { Schema } from '../../../../src/host/language/document/schema.ts';
import { plainLine } from '../../../../src/host/language/completion/snippetParts.ts';
import type { SnippetParts } from '../../../../src/host/language/completion/snippetParts.ts';
import type { Translate } from '../../../../src/host/language/texts.ts';

const root = new URL('../../../../', import.meta.url);
export const schema = JSON.parse(readFileSync(new URL('media/pipeline.schema.json', root), 'utf8')) as Schema;
export const snippets = JSON.parse(readFileSync(new URL('media/snippets/parts.json', root), 'utf8')) as SnippetParts;
export const t: Translate = (message, ...values) =>
  message.replaceAll(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)]));
export const completionParts = (): CompletionParts => ({ read: createTreeReader(), schema, snippets, t });

export function fixture(name: string): string {
  return readFileSync(new URL(`test/fixtures/pipelines/${name}`, root), 'utf8');
}

/** `|` is the cursor. */
export function splitAtCursor(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf('|');
  if (offset < 0) throw new Error('The text has no cursor.');
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}

export function readTree(text: string): PipelineTree {
  return createTreeReader()(text);
}

export function labelsAt(marked: string): readonly string[] {
  const { text, offset } = splitAtCursor(marked);
  return completeAt(text, offset, completionParts()).map(one => one.label);
}

/** The text after a suggestion was taken, with the defaults of its tab stops. */
export function take(marked: string, label: string): string {
  const { text, offset } = splitAtCursor(marked);
  const all = completeAt(text, offset, completionParts());
  const one = all.find(suggestion => suggestion.label === label);
  if (!one) throw new Error(`${label} is not offered, but ${all.map(suggestion => suggestion.label).join(', ')}.`);
  const lead = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? '';
  const written = one.isSnippet ? one.insert.split('\n').map(plainLine).join(`\n${lead}`) : one.insert;
  return text.slice(0, one.replace.start) + written + text.slice(one.replace.end);
}
