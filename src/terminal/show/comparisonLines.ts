// What a pipeline would compare with what, as the last lines of check-sources.
import type { PlannedComparison } from '../../model/runs/plan.ts';
import { describeComparison } from '../../protocol/report/comparisonText.ts';
import { toned } from '../screen/line.ts';
import type { TreeLine } from './treeLine.ts';

export function comparisonLines(comparison: PlannedComparison): readonly TreeLine[] {
  const { title, forecast } = describeComparison(comparison);
  return [
    { line: [title], indent: 2 },
    ...forecast.map(({ text, isWeak }): TreeLine => ({
      line: ['  ', toned(isWeak ? 'warn' : 'dim', text)],
      indent: 4,
    })),
  ];
}
