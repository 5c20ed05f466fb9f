// `npm run bench -- disturb`: everything that a machine does to a run without killing it, and the power cut, at every
// moment of every story. `--seed N` tries every N-th moment instead of all.
import type { BenchOptions, BenchResult } from '../bench.ts';
import { disturbances, momentsOf, playDisturbed } from './disturbances.ts';
import type { Whole } from './judge.ts';
import { playWhole } from './stage.ts';
import { stories, type Story } from './stories.ts';

const shownPerDisturbance = 5;

export async function run(_folder: string | undefined, { seed = 1 }: BenchOptions): Promise<BenchResult> {
  const wholes: { readonly story: Story; readonly whole: Whole }[] = [];
  for (const story of stories) wholes.push({ story, whole: await playWhole(story) });
  const wrong: Record<string, number> = {};
  let tried = 0;
  for (const disturbance of disturbances) {
    const { name } = disturbance;
    const before = tried;
    wrong[name] = 0;
    for (const { story, whole } of wholes)
      for (const moment of momentsOf(disturbance, whole, seed)) {
        tried++;
        const found = Object.entries(await playDisturbed(disturbance, story, whole, moment)).flatMap(
          ([sort, sentences]: [string, readonly string[]]) => sentences.map(sentence => `${sort}: ${sentence}`),
        );
        if (found.length > 0 && wrong[name]++ < shownPerDisturbance)
          process.stderr.write(`${name}, ${story.name} at ${moment}: ${found.join('; ')}\n`);
      }
    process.stderr.write(`${name}: ${tried - before} moments, ${wrong[name]} wrong\n`);
  }
  return {
    name: 'disturb',
    figures: { 'moments tried': tried, ...wrong },
    targets: Object.fromEntries(disturbances.map(({ name }) => [name, { op: '<=' as const, value: 0 }])),
  };
}
