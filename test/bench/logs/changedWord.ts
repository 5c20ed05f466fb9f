// A known statement says something new (its level, a verb, a value), or a place that always changes does so again:
// which of both is alarmed.
import { nameOf, type BenchOptions, type BenchResult } from '../bench.ts';
import { withChangedWordCases } from './freshCases.ts';
import { findAlarms, readCases } from './judgeLogs.ts';
import { scoreChangedWord, type ChangedWordCase } from './scoreChangedWord.ts';

export async function run(data: string | undefined, { seed }: BenchOptions): Promise<BenchResult> {
  const figures = await withChangedWordCases(data, seed, async path => {
    const judged = [];
    for await (const labelled of readCases<ChangedWordCase>(path))
      judged.push({ labelled, alarms: findAlarms(labelled) });
    return scoreChangedWord(judged);
  });
  return {
    name: nameOf('changed-word', { seed }),
    figures,
    targets: {
      found: { op: '>=', value: 0.97 },
      worstKind: { op: '>=', value: 0.95 },
      healthyAlarmed: { op: '<=', value: 0.03 },
    },
  };
}
