// Text from outside in Markdown: every character that means something there is escaped, so that it stays text.
import { plainLine } from './plainText.ts';

export function escapeMarkdown(text: string): string {
  return plainLine(text, 2000)
    .replace(/[\\`*_{}[\]()#+!|<>~&:@/-]/g, '\\$&')
    .replace(/(\d)\./g, '$1\\.');
}
