// The hover text for the key, value or name under the mouse.
import { nameOfKind } from './completion/completion.ts';
import { documentationOf } from './documentation.ts';
import { describeDefinition, describeSchema } from './describe.ts';
import { isSameName, nameAt, readNames } from './document/names.ts';
import type { PipelineTree } from './document/pipelineTree.ts';
import { locate } from './document/pipelineTree.ts';
import { schemasAt } from './document/schema.ts';
import type { Schema } from './document/schema.ts';
import type { TextRange } from './document/syntaxNodes.ts';
import { contains } from './document/syntaxNodes.ts';
import type { Translate } from './texts.ts';
import { hookVariables, takesVariables } from './document/variables.ts';

export interface Hover {
  /** In Markdown. */
  readonly content: string;
  /** The page and section of the documentation with more about it. */
  readonly documentation: string;
  readonly range: TextRange;
}

export function hoverAt(tree: PipelineTree, offset: number, schema: Schema, t: Translate): Hover | undefined {
  const place = locate(tree, offset);
  const documentation = documentationOf(place.path);
  const variable = takesVariables(place.path) ? variableAt(tree, offset, t) : undefined;
  if (variable) return variable;
  const name = nameAt(tree, offset);
  const declared = name && readNames(tree).definitions.find(one => isSameName(one, name));
  if (name && declared && !('whole' in name))
    return {
      content: `${nameOfKind(name.kind, t)} **${escapeMarkdown(name.name)}**\n\n${describeDefinition(tree, declared)}`,
      documentation,
      range: name.range,
    };
  const range =
    place.on === 'key' ? place.pair?.key.range : place.node?.kind === 'scalar' ? place.node.range : undefined;
  if (!range || !contains(range, offset)) return undefined;
  const content = describeSchema(schemasAt(schema, place.path), schema, t);
  return content === '' ? undefined : { content, documentation, range };
}

function variableAt(tree: PipelineTree, offset: number, t: Translate): Hover | undefined {
  const from = Math.max(0, offset - 100);
  for (const { 0: written, index } of tree.text.slice(from, offset + 100).matchAll(/\bBACKSTOP_[A-Z0-9_]+/g)) {
    const range = { start: from + index, end: from + index + written.length };
    const inputs = readNames(tree)
      .definitions.filter(one => one.kind === 'input')
      .map(one => one.name);
    const known = contains(range, offset) ? hookVariables(inputs, t).find(one => one.name === written) : undefined;
    if (known)
      return { content: `\`${known.name}\`\n\n${known.description}`, documentation: documentationOf(['hooks']), range };
  }
  return undefined;
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!<>|~]/g, '\\$&');
}
