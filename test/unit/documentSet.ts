// Every document of the repository, and what can be read out of Markdown: code blocks, links, headings, sentences.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** Paths below the root. */
export const documentPaths: readonly string[] = globSync(
  ['*.md', 'src/**/*.md', 'test/**/*.md', 'media/**/*.md', '.github/*.md'],
  { cwd: root },
).sort();

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function blocksOf(text: string, language: string): readonly string[] {
  return [...text.matchAll(/^```([a-z]*)\n([\s\S]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , block = '']) => block);
}

export function withoutBlocks(text: string): string {
  return text.replaceAll(/^```[a-z]*\n[\s\S]*?^```$/gm, '');
}

/** What follows `#` in a link to a heading, as GitHub and the editor's preview make it. */
export function anchorsOf(text: string): ReadonlySet<string> {
  return new Set(
    [...withoutBlocks(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

export interface Link {
  readonly words: string;
  readonly target: string;
  readonly isPicture: boolean;
}

export function linksOf(text: string): readonly Link[] {
  return [...withoutBlocks(text).matchAll(/(!?)\[([^\]]*)\]\(([^)]*)\)/g)].map(([, mark, words = '', target = '']) => ({
    words,
    target,
    isPicture: mark === '!',
  }));
}
