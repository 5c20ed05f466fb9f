// Constructed canary cases: which anomalies are found and what is alarmed for nothing; and how long a verdict and its
// map take.
import { createLogAnalysis, type LogAnalysis } from '../../../src/verify/logs/logAnalysis.ts';
import { nameOf, type BenchOptions, type BenchResult } from '../bench.ts';
import { withCanaryCases } from './freshCases.ts';
import { findAlarms, readCases } from './judgeLogs.ts';
import { scoreAlarms, type LabelledCase } from '../metrics/scoreAlarms.ts';

export async function run(data: string | undefined, { seed }: BenchOptions): Promise<BenchResult> {
  const judged = await withCanaryCases(data, seed, async path => {
    const all = [];
    for await (const labelled of readCases<LabelledCase>(path)) all.push({ labelled, alarms: findAlarms(labelled) });
    return all;
  });
  const lines = judged.flatMap(({ labelled }) => [...labelled.baseline, ...labelled.canary]);
  return {
    name: nameOf('canary-logs', { seed }),
    figures: {
      ...scoreAlarms(judged),
      cases: judged.length,
      ...(seed === undefined && { verdictMs: timeVerdict(lines), mapMs: timeMap() }),
    },
    targets: {
      unknownRecall: { op: '>=', value: 0.97 },
      unknownPrecision: { op: '>=', value: 0.92 },
      frequencyRecallClear: { op: '>=', value: 0.95 },
      negativesWithAlarm: { op: '<=', value: 0.04 },
      ...(seed === undefined && { verdictMs: { op: '<=', value: 1000 }, mapMs: { op: '<=', value: 200 } }),
    },
    peers: seed === undefined ? peers : {},
  };
}

/** On the stored cases. */
const peers = {
  unknownRecall: '0.72, Drain3',
  unknownPrecision: '0.036, Drain3 with masks',
  frequencyRecallClear: '0.92, Drain3',
  negativesWithAlarm: '0.29, Drain3 with masks',
};

const lineCount = 1_000_000,
  pageSize = 10_000,
  mapClusters = 2_000,
  repeats = 5;

/** From the last of a million lines, with digits of their own, to the verdict, in milliseconds of the processor. */
function timeVerdict(pool: readonly string[]): number {
  let state = 1;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
  const analysis = createLogAnalysis({ sensitivity: 'medium', trafficRatio: 0.25, baselineKind: 'existing' });
  for (let page = 0; page < lineCount / pageSize; page++) {
    analysis.add(
      Array.from({ length: pageSize }, (_, i) => ({
        node: `node ${i % 10}`,
        atMs: page * 1000 + Math.floor(i / 10),
        text: pool[draw(pool.length)]!.replaceAll(/\d/g, () => String(draw(10))),
      })),
      page % 5 === 0 ? 'canary' : 'baseline',
    );
  }
  return timeAssess(analysis);
}

/** A check, map and all, of so many different clusters, half of them unknown. */
function timeMap(): number {
  const analysis = createLogAnalysis({ sensitivity: 'medium', trafficRatio: 1, baselineKind: 'existing' });
  const word = (number: number): string => Array.from(number.toString(7), digit => 'bdfgklm'[Number(digit)]!).join('a');
  const lines = Array.from({ length: mapClusters }, (_, i) => ({
    node: 'node',
    atMs: i * 10,
    text: `INFO ${word(i + 400)} began to ${word(3 * i + 7)} the ${word((i % 50) + 90)} of ${word(5 * i + 1)}`,
  }));
  analysis.add(lines.slice(0, mapClusters / 2), 'baseline');
  analysis.add(lines, 'canary');
  return timeAssess(analysis);
}

function timeAssess(analysis: LogAnalysis): number {
  return Math.min(
    ...Array.from({ length: repeats }, () => {
      const before = process.cpuUsage();
      analysis.assess({ name: 'logs', source: 'bench', atMs: 600_000, canarySinceMs: 0, minimumMs: 0 });
      const { user, system } = process.cpuUsage(before);
      return Math.round((user + system) / 1000);
    }),
  );
}
