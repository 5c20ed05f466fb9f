// `npm run bench -- crash`: every point of the kill matrix. `--seed N` tries every N-th point instead of all.
import type { BenchOptions, BenchResult } from '../bench.ts';
import type { Verdict } from './judge.ts';
import { describePoint, playPoint, pointsOf } from './matrix.ts';
import { playWhole } from './stage.ts';
import { stories } from './stories.ts';

const sorts = [
  'twice',
  'lost',
  'halfDeployed',
  'ledger',
  'wrongEnd',
  'hung',
] as const satisfies readonly (keyof Verdict)[];
const words: Readonly<Record<keyof Verdict, string>> = {
  twice: 'hooks twice',
  lost: 'hooks lost',
  halfDeployed: 'silently half-deployed',
  ledger: 'ledger against fleet',
  wrongEnd: 'wrong ends',
  hung: 'hung',
};
const shownPerStory = 5;

export async function run(_folder: string | undefined, { seed = 1 }: BenchOptions): Promise<BenchResult> {
  const found: Record<keyof Verdict, number> = { twice: 0, lost: 0, halfDeployed: 0, ledger: 0, wrongEnd: 0, hung: 0 };
  let tried = 0;
  for (const story of stories) {
    const whole = await playWhole(story);
    let shown = 0;
    for (const point of pointsOf(story, whole, seed)) {
      tried++;
      const verdict = await playPoint(point, whole);
      for (const sort of sorts) {
        if (verdict[sort].length === 0) continue;
        found[sort]++;
        if (shown++ < shownPerStory)
          process.stderr.write(`${describePoint(point)}: ${words[sort]}: ${verdict[sort].join('; ')}\n`);
      }
    }
    process.stderr.write(`${story.name}: ${whole.events} events, ${tried} points so far\n`);
  }
  return {
    name: 'crash',
    figures: { 'points tried': tried, ...Object.fromEntries(sorts.map(sort => [words[sort], found[sort]])) },
    targets: Object.fromEntries(sorts.map(sort => [words[sort], { op: '<=' as const, value: 0 }])),
  };
}
