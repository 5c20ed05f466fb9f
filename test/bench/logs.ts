// The log analysis in figures: grouping of raw lines, canary cases, OpenStack runs, throughput. Targets are the peers' figures and better.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { groupLines } from '../../src/verify/logs/grouping.ts';
import { createLogAnalysis } from '../../src/verify/logs/logAnalysis.ts';
import { MissingData, type BenchResult } from './bench.ts';
import { findAlarms, readCases } from './judgeLogs.ts';
import { readTests, scoreRuns } from './judgeOpenstack.ts';
import { scoreAlarms, type LabelledCase } from './scoreAlarms.ts';
import { scoreGrouping } from './scoreGrouping.ts';

export async function run(folder: string | undefined): Promise<BenchResult> {
  if (!folder) throw new MissingData('The logs bench wants the folder with loghub2k, canary and openstack_fi: npm run bench -- logs FOLDER.');
  for (const part of ['loghub2k', 'canary', 'openstack_fi']) if (!existsSync(join(folder, part))) throw new MissingData(`The logs bench misses ${join(folder, part)}.`);
  const figures = { ...grouping(join(folder, 'loghub2k')), ...await canary(join(folder, 'canary', 'cases.jsonl.gz')), ...openstack(join(folder, 'openstack_fi')), ...throughput(join(folder, 'loghub2k')) };
  return {
    name: 'logs', figures,
    targets: {
      groupingAccuracy: { op: '>=', value: 0.85 }, groupingF1: { op: '>=', value: 0.88 },
      unknownRecall: { op: '>=', value: 0.9 }, unknownPrecision: { op: '>=', value: 0.6 }, frequencyRecallClear: { op: '>=', value: 0.9 }, negativesWithAlarm: { op: '<=', value: 0.1 },
      openstackAuc: { op: '>=', value: 0.95 }, openstackDetection: { op: '>=', value: 0.8 }, linesPerSecond: { op: '>=', value: 100_000 },
    },
  };
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

async function canary(path: string): Promise<Record<string, number>> {
  const judged = [];
  for await (const one of readCases<LabelledCase>(path)) judged.push({ labelled: one, alarms: findAlarms(one) });
  return scoreAlarms(judged);
}

function openstack(folder: string): Record<string, number> {
  const failing = new Set(readTests(folder).filter(test => test.round1 === 'FAILURE').map(test => test.case));
  const bad: number[] = [], good: number[] = [];
  for (const { case: name, round, score } of scoreRuns(folder)) {
    if (round === 2) good.push(score);
    else if (failing.has(name)) bad.push(score);
  }
  const wins = bad.reduce((sum, one) => sum + good.reduce((count, other) => count + (one > other ? 1 : one === other ? 0.5 : 0), 0), 0);
  const limit = [...good].sort((a, b) => b - a)[Math.floor(0.05 * good.length)] ?? 0;
  return { openstackAuc: wins / (bad.length * good.length), openstackDetection: bad.filter(score => score > limit).length / bad.length };
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
  analysis.assess({ name: 'logs', source: 'bench', atMs: lineCount, canarySinceMs: 0, final: true, minimumMs: 0 });
  const { user } = process.cpuUsage(before);
  return { linesPerSecond: Math.round(lineCount / (user / 1e6)) };
}
