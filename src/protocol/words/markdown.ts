// Escapes text from outside for Markdown, so that every character stays text.
import { plainLine } from './plainText.ts';

export function escapeMarkdown(text: string): string {
  return plainLine(text, 2000)
    .replace(/[\\`*_{}[\]()#+!|<>~&:@/-]/g, '\\$&')
    .replace(/(\d)\./g, '$1\\.');
}
