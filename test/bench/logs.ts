// The log analysis in figures: grouping of raw lines, throughput. Targets are the peers' figures and better.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { groupLines } from '../../src/verify/logs/grouping.ts';
import { createLogAnalysis } from '../../src/verify/logs/logAnalysis.ts';
import { MissingData, type BenchResult } from './bench.ts';
import { scoreGrouping } from './scoreGrouping.ts';

export function run(folder: string | undefined): Promise<BenchResult> {
  if (!folder) throw new MissingData('The logs bench wants the folder with loghub2k: npm run bench -- logs FOLDER.');
  if (!existsSync(join(folder, 'loghub2k'))) throw new MissingData(`The logs bench misses ${join(folder, 'loghub2k')}.`);
  const figures = { ...grouping(join(folder, 'loghub2k')), ...throughput(join(folder, 'loghub2k')) };
  return Promise.resolve({
    name: 'logs', figures,
    targets: {
      groupingAccuracy: { op: '>=', value: 0.85 }, groupingF1: { op: '>=', value: 0.88 },
      linesPerSecond: { op: '>=', value: 100_000 },
    },
  });
}

function readLines(path: string): string[] {
  return gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split(/\r?\n/);
}

function systems(folder: string): string[] {
  return readdirSync(folder).filter(file => file.endsWith('_2k.log.gz')).map(file => file.slice(0, -'_2k.log.gz'.length)).sort();
}

function grouping(folder: string): Record<string, number> {
  const scores = systems(folder).map(name => {
    const truth = readLines(join(folder, `${name}_2k.truth.csv.gz`)).slice(1).map(line => /,(E\d+),/.exec(line)?.[1] ?? line);
    return scoreGrouping(Array.from(groupLines(readLines(join(folder, `${name}_2k.log.gz`))).groups).slice(0, truth.length), truth);
  });
  const mean = (key: 'accuracy' | 'f1' | 'pairwiseF1'): number => scores.reduce((sum, score) => sum + score[key], 0) / scores.length;
  return { groupingAccuracy: mean('accuracy'), groupingF1: mean('f1'), groupingPairwiseF1: mean('pairwiseF1') };
}

const lineCount = 400_000, pageSize = 10_000;

/** Processor time of reading pages of mixed lines with digits of their own, and of one assessment: other processes of the machine do not count. */
function throughput(folder: string): Record<string, number> {
  const pool = systems(folder).map(name => readLines(join(folder, `${name}_2k.log.gz`)));
  let state = 1;
  const draw = (below: number): number => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor(state / 4294967296 * below); };
  const pages = Array.from({ length: lineCount / pageSize }, (_, page) => Array.from({ length: pageSize }, (_, i) => {
    const lines = pool[i % pool.length]!;
    return { node: `node ${i % 10}`, atMs: page * 1000 + i, id: `${page} ${i}`, text: lines[draw(lines.length)]!.replaceAll(/\d/g, () => String(draw(10))) };
  }));
  const analysis = createLogAnalysis({ sensitivity: 'medium', trafficRatio: 0.25, baselineKind: 'existing' });
  const before = process.cpuUsage();
  pages.forEach((page, i) => analysis.add(page, i % 5 === 0 ? 'canary' : 'baseline'));
  analysis.assess({ name: 'logs', source: 'bench', atMs: lineCount, canarySinceMs: 0, minimumMs: 0 });
  const { user } = process.cpuUsage(before);
  return { linesPerSecond: Math.round(lineCount / (user / 1e6)) };
}
