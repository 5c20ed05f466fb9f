// Whole stages, hooks and other parts of a pipeline, offered where they fit. Their text is media/snippets/parts.json.
import type { CompletionPlace } from './completionPlace.ts';
import type { Suggestion } from './suggestion.ts';
import type { Path } from '../document/syntaxNodes.ts';
import type { Translate } from '../texts.ts';

export interface SnippetPart {
  readonly label: string;
  readonly description: string;
  /** The lines of the snippet, with tab stops. */
  readonly body: readonly string[];
}
/** Snippets by the section of the file where they fit. */
export type SnippetParts = Readonly<Record<string, readonly SnippetPart[]>>;

export function snippetsFor(
  parts: SnippetParts,
  { path, extraIndent, present, word }: CompletionPlace,
  t: Translate,
): readonly Suggestion[] {
  const section = String(path[0]);
  if (!Object.hasOwn(parts, section)) return [];
  const { fitting, prefix } =
    section === 'stages' ? placeOfStage(path, present) : { fitting: path.length === 1, prefix: '' };
  if (!fitting) return [];
  const indent = extraIndent + prefix.replaceAll(/\S/g, ' ');
  return (parts[section] ?? [])
    .filter(part => path.length < 3 || !part.label.startsWith('parallel'))
    .map((part, index): Suggestion => ({
      label: t(part.label),
      kind: 'snippet',
      insert: prefix + part.body.join(`\n${indent}`),
      isSnippet: true,
      documentation: `${t(part.description)}\n\n\`\`\`yaml\n${part.body.map(plainLine).join('\n')}\n\`\`\``,
      replace: word,
      rank: 20 + index,
    }));
}

/** A stage is a list item of `stages` or of `parallel`. If its dash is not typed yet, the snippet includes it. */
function placeOfStage(
  path: Path,
  present: ReadonlySet<string>,
): { readonly fitting: boolean; readonly prefix: string } {
  const inner = path.length === 1 || (path.length === 3 && path[2] === 'parallel');
  if (inner) return { fitting: true, prefix: '- ' };
  const item = typeof path.at(-1) === 'number' && (path.length === 2 || (path.length === 4 && path[2] === 'parallel'));
  return { fitting: item && present.size === 0, prefix: '' };
}

/** The line of a snippet with its tab stops replaced by their defaults. */
export function plainLine(line: string): string {
  return line
    .replaceAll(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, '$1')
    .replaceAll(/\$\{\d+:((?:[^}\\]|\\.)*)\}/g, '$1')
    .replaceAll(/\$\d+/g, '')
    .replaceAll(/\\([$}\\])/g, '$1');
}

export function escapeSnippet(text: string): string {
  return text.replaceAll(/[\\$}]/g, '\\$&');
}
