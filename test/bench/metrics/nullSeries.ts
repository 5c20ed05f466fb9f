// Series that only persist, looked at two hundred times: how often they are called a regression, and how often one is
// found when the same ones are raised.
import type { NodeSeries } from '../../../src/model/evidence/evidence.ts';
import { assessMetrics } from '../../../src/verify/metrics/assessMetrics.ts';
import { normal, seededRandom, type Random } from '../../unit/verify/metrics/simulation.ts';

const looks = 200,
  runs = 150,
  spread = 0.1;
/** Per cent by which the canary is raised. */
const shifts = [20, 30, 50, 100] as const;
/** Nodes on either side; nothing is known of the time before. */
const sides = { oneOnOne: [1, 1], twoOnFour: [2, 4] } as const;

/**
 * What is asked of each figure: nothing separates a small shift between two nodes from the offset that healthy ones may
 * have, so there a small one has no target.
 */
export function nullSeriesTargets(
  figures: Readonly<Record<string, number>>,
): Record<string, { readonly op: '<=' | '>='; readonly value: number }> {
  const targets: Record<string, { readonly op: '<=' | '>='; readonly value: number }> = {};
  for (const key of Object.keys(figures)) {
    if (key.endsWith('FalseAlarms')) targets[key] = { op: '<=', value: 0.05 };
    else if (key.endsWith('At100')) targets[key] = { op: '>=', value: 1 };
    else if (key.endsWith('At50') || key.startsWith('twoOnFour')) targets[key] = { op: '>=', value: 0.8 };
  }
  return targets;
}

export function judgeNullSeries(): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const [name, [canaryNodes, baselineNodes]] of Object.entries(sides)) {
    for (const persistence of [0, 0.5, 0.8]) {
      let alarms = 0;
      const found = shifts.map(() => 0);
      for (let run = 0; run < runs; run += 1) {
        const random = seededRandom(1_000 * run + Math.round(10 * persistence) + 7);
        const [canary, baseline] = [
          draw('c', canaryNodes, persistence, random),
          draw('b', baselineNodes, persistence, random),
        ];
        if (fails(canary, baseline)) alarms += 1;
        shifts.forEach((percent, k) => {
          if (fails(raise(canary, percent), baseline)) found[k]! += 1;
        });
      }
      const key = `${name}Ar${Math.round(10 * persistence)}`;
      figures[`${key}FalseAlarms`] = alarms / runs;
      shifts.forEach((percent, k) => (figures[`${key}PowerAt${percent}`] = found[k]! / runs));
    }
  }
  return figures;
}

function raise(series: NodeSeries, percent: number): NodeSeries {
  return Object.fromEntries(
    Object.entries(series).map(([node, values]) => [node, values.map(value => value! * (1 + percent / 100))]),
  );
}

function draw(prefix: string, nodes: number, persistence: number, random: Random): NodeSeries {
  return Object.fromEntries(
    Array.from({ length: nodes }, (_, k) => {
      let state = normal(random);
      return [
        `${prefix}${k}`,
        Array.from({ length: looks }, () => {
          state = persistence * state + Math.sqrt(1 - persistence ** 2) * normal(random);
          return 100 * (1 + spread * state);
        }),
      ];
    }),
  );
}

function fails(canary: NodeSeries, baseline: NodeSeries): boolean {
  const intervalMs = 15_000;
  const window = {
    intervalMs,
    baselineKind: 'fresh',
    trafficWeight: 1,
    metrics: [{ name: 'metric', kind: 'gauge', direction: 'increase', canary, baseline, before: {} }],
  } as const;
  return (
    assessMetrics(window, { sensitivity: 'medium', minimumMs: looks * intervalMs, final: true })[0]!.outcome === 'fail'
  );
}
