// What each rule of grouping and reading is worth: switched off alone, and what that does to every system. A rule that
// serves one system only is made for it.
import { groupLines } from '../../../src/verify/logs/record/grouping.ts';
import { ruleNames, type RuleName } from '../../../src/verify/logs/template/rules.ts';
import { findData } from '../bench.ts';
import { readSystems, type LabelledLog } from './labelledLogs.ts';
import { scoreGrouping } from './scoreGrouping.ts';

export interface AblatedEngine<Rule extends string> {
  readonly ruleNames: readonly Rule[];
  /** Group of every line; `without` is undefined for the engine as it is. */
  group(lines: readonly string[], without: Rule | undefined): ArrayLike<number>;
}

const product: AblatedEngine<RuleName> = {
  ruleNames,
  group: (lines, without) => groupLines(lines, new Set(without === undefined ? [] : [without])).groups,
};

export interface Ablation {
  readonly rule: string;
  /** Accuracy without the rule less accuracy with it, for each system that moves: below 0, the rule helps there. */
  readonly moved: Readonly<Record<string, number>>;
  readonly verdict: 'serves several' | 'serves one system' | 'changes nothing' | 'does harm';
}

/** Changes of fewer lines than two of two thousand are none. */
const noise = 0.001;

/** `folder`: that of the labelled systems. Prints a row for each rule. */
export function judge(folder: string, print: (line: string) => void): Promise<void> {
  for (const row of tellAblations(ablate(readSystems(findData(folder, 'loghub2k')), product))) print(row);
  return Promise.resolve();
}

export function ablate<Rule extends string>(
  systems: readonly Pick<LabelledLog, 'name' | 'lines' | 'statements'>[],
  engine: AblatedEngine<Rule>,
): readonly Ablation[] {
  const accuracies = (without: Rule | undefined): number[] =>
    systems.map(
      ({ lines, statements }) => scoreGrouping(Array.from(engine.group(lines, without)), statements).accuracy,
    );
  const whole = accuracies(undefined);
  return engine.ruleNames.map(rule => {
    const moved = Object.fromEntries(
      accuracies(rule).flatMap((accuracy, i) => {
        const change = accuracy - whole[i]!;
        return Math.abs(change) < noise ? [] : [[systems[i]!.name, change] as const];
      }),
    );
    return { rule, moved, verdict: verdictOf(Object.values(moved)) };
  });
}

function verdictOf(changes: readonly number[]): Ablation['verdict'] {
  const helped = changes.filter(change => change < 0).length;
  if (changes.length === 0) return 'changes nothing';
  if (helped === 0 || changes.reduce((sum, change) => sum + change, 0) > 0) return 'does harm';
  return helped === 1 ? 'serves one system' : 'serves several';
}

/** A row for each rule, those that serve one system first. */
export function tellAblations(ablations: readonly Ablation[]): readonly string[] {
  const order: readonly Ablation['verdict'][] = ['serves one system', 'does harm', 'changes nothing', 'serves several'];
  return [...ablations]
    .sort((one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict))
    .map(({ rule, moved, verdict }) => {
      const changes = Object.entries(moved)
        .sort(([, one], [, other]) => one - other)
        .map(([name, change]) => `${name} ${change > 0 ? '+' : ''}${change.toFixed(3)}`);
      return [`${rule}: ${verdict}`, ...changes].join(', ');
    });
}
