// What a look at one source found, as a part of a document.
import type { SourceCheck } from '../model/sourceCheck.ts';
import { describeSourceCheck } from '../protocol/sourceCheckText.ts';

const words = { good: 'OK.', notice: 'OK, but:', unknown: 'NOT ASKED:', missing: 'STOPS A RUN:' } as const;

export function connectionText(check: SourceCheck): string {
  const { title, standing, problems, found, asked } = describeSourceCheck(check);
  return [
    title, '-'.repeat(Math.min(title.length, 100)), [words[standing], ...problems].join(' '),
    ...found.map(line => `  ${line}`), ...(asked.length > 0 ? ['  Asked:', ...asked.map(query => `    ${query}`)] : []), '', '',
  ].join('\n');
}
