// The result of checking one source, as a part of a document.
import type { SourceCheck } from '../../model/evidence/sourceCheck.ts';
import { describeSourceCheck } from '../../protocol/report/sourceCheckText.ts';
import { t } from '../../protocol/words/translate.ts';

export function connectionText(check: SourceCheck): string {
  const words = { good: t('OK.'), notice: t('OK, but:'), unknown: t('NOT CHECKED:'), missing: t('STOPS A RUN:') };
  const { title, standing, problems, found, asked } = describeSourceCheck(check);
  return [
    title,
    '-'.repeat(Math.min(title.length, 100)),
    [words[standing], ...problems].join(' '),
    ...found.map(line => `  ${line}`),
    ...(asked.length > 0 ? [`  ${t('Queries:')}`, ...asked.map(query => `    ${query}`)] : []),
    '',
    '',
  ].join('\n');
}
