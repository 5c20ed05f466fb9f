// The results of checking the sources as lines: all of them for check-sources, only the problems for plan.
import type { SourceCheck } from '../../model/evidence/sourceCheck.ts';
import { problemsOf } from '../../model/evidence/sourceCheck.ts';
import { describeSourceCheck } from '../../protocol/report/sourceCheckText.ts';
import type { SourceCheckText } from '../../protocol/report/sourceCheckText.ts';
import { exitStatus } from '../exitStatus.ts';
import type { Glyphs } from '../screen/glyphs.ts';
import { toned } from '../screen/line.ts';
import type { TreeLine } from './treeLine.ts';

export function sourceLines(check: SourceCheck, glyphs: Glyphs): readonly TreeLine[] {
  const text = describeSourceCheck(check);
  return [
    ...problemLines(text, glyphs),
    ...text.found.map((found): TreeLine => ({ line: ['  ', found], indent: 4 })),
    ...text.asked.map((query): TreeLine => ({ line: ['  ', toned('dim', query)], indent: 4 })),
    { line: [], indent: 0 },
  ];
}

/** For a plan: whether each source exists, and its problems. */
export function briefSourceLines(checks: readonly SourceCheck[], glyphs: Glyphs): readonly TreeLine[] {
  if (checks.length === 0) return [];
  return [
    { line: [], indent: 0 },
    { line: ['Before the first stage'], indent: 2 },
    ...checks.flatMap(check => problemLines(describeSourceCheck(check), glyphs)),
  ];
}

function problemLines({ title, standing, problems }: SourceCheckText, glyphs: Glyphs): readonly TreeLine[] {
  const mark = {
    good: toned('good', glyphs.pass),
    notice: toned('good', glyphs.pass),
    unknown: toned('warn', glyphs.unclear),
    missing: toned('bad', glyphs.fail),
  }[standing];
  return [
    { line: [mark, ' ', title], indent: 2 },
    ...problems.map((problem): TreeLine => ({
      line: ['  ', toned(standing === 'missing' ? 'bad' : 'warn', problem)],
      indent: 4,
    })),
  ];
}

/** A name that does not resolve takes precedence over one that could not be checked. */
export function statusOfChecks(checks: readonly SourceCheck[]): number {
  if (problemsOf(checks, 'missing').length > 0) return exitStatus.invalid;
  return problemsOf(checks, 'unknown').length > 0 ? exitStatus.held : exitStatus.good;
}
