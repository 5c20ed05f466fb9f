// Series that only persist, looked at two hundred times: how often they are called a regression, and how often a fifth more is found in the same ones.
import type { NodeSeries } from '../../src/model/evidence.ts';
import { assessMetrics } from '../../src/verify/metrics/assessMetrics.ts';
import { normal, seededRandom, type Random } from '../unit/verify/metrics/simulation.ts';

const looks = 200,
  runs = 150,
  spread = 0.1,
  shift = 1.2;
/** Nodes on either side; nothing is known of the time before. */
const sides = { oneOnOne: [1, 1], twoOnFour: [2, 4] } as const;

export function judgeNullSeries(): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const [name, [canaryNodes, baselineNodes]] of Object.entries(sides)) {
    for (const persistence of [0, 0.5, 0.8]) {
      let [alarms, found] = [0, 0];
      for (let run = 0; run < runs; run += 1) {
        const random = seededRandom(1_000 * run + Math.round(10 * persistence) + 7);
        const [canary, baseline] = [
          draw('c', canaryNodes, persistence, random),
          draw('b', baselineNodes, persistence, random),
        ];
        if (fails(canary, baseline)) alarms += 1;
        if (
          fails(
            Object.fromEntries(
              Object.entries(canary).map(([node, values]) => [node, values.map(value => value! * shift)]),
            ),
            baseline,
          )
        )
          found += 1;
      }
      figures[`${name}Ar${Math.round(10 * persistence)}FalseAlarms`] = alarms / runs;
      figures[`${name}Ar${Math.round(10 * persistence)}Power`] = found / runs;
    }
  }
  return figures;
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
