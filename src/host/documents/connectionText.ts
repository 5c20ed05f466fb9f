// The result of checking one source, and what would be compared with what, as parts of a document.
import type { PlannedComparison } from '../../model/runs/plan.ts';
import type { SourceCheck } from '../../model/evidence/sourceCheck.ts';
import { describeComparison } from '../../protocol/report/comparisonText.ts';
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

export function comparisonText(comparison: PlannedComparison): string {
  const { title, forecast } = describeComparison(comparison);
  return [title, ...forecast.map(({ text }) => `  ${text}`), '', ''].join('\n');
}
