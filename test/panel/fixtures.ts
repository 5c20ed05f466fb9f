// A shop's canary in every state the panel draws, by hand: 224 log events around eight subjects, four metrics, four new
// exceptions.
import type {
  ClusterReport,
  LogsCheck,
  MetricCheck,
  MetricSeries,
  Outcome,
  VerificationReport,
} from '../../src/model/evidence/verdict.ts';
import type { Feedback } from '../../src/model/evidence/feedback.ts';
import type { Pipeline } from '../../src/model/pipeline.ts';
import type { Severity } from '../../src/model/evidence/evidence.ts';
import type { RunEvent } from '../../src/model/runs/runEvents.ts';
import { createRandom } from '../../src/demo/fleet/random.ts';
import { baselineNodes, canaryNodes, startMs } from '../unit/terminal/stories.ts';

const deployedMs = startMs + 317_000,
  threshold = 20;

interface Subject {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly templates: readonly (readonly [Severity, string])[];
  readonly count: number;
}
const subjects: readonly Subject[] = [
  {
    name: 'access',
    x: -0.72,
    y: 0.5,
    count: 38,
    templates: [
      ['info', 'access GET <*> 200 <*> ms'],
      ['info', 'access POST <*> 201 <*> ms'],
      ['warn', 'access GET <*> 404 <*> ms'],
    ],
  },
  {
    name: 'cache',
    x: -0.34,
    y: 0.66,
    count: 28,
    templates: [
      ['warn', 'cache miss for key <*>, loaded in <*> ms'],
      ['debug', 'cache hit for key <*>, age <*>'],
      ['info', 'cache refreshed with <*> keys'],
    ],
  },
  {
    name: 'checkout',
    x: -0.4,
    y: 0.02,
    count: 36,
    templates: [
      ['info', 'checkout order <*> placed by customer <*>'],
      ['info', 'checkout basket <*> priced in <*> ms'],
      ['warn', 'checkout retried for order <*>'],
    ],
  },
  {
    name: 'inventory',
    x: 0.04,
    y: 0.12,
    count: 24,
    templates: [
      ['warn', 'inventory has no stock row for sku <*> in region <*>'],
      ['info', 'inventory of sku <*> counted: <*>'],
    ],
  },
  {
    name: 'payment',
    x: -0.7,
    y: -0.44,
    count: 26,
    templates: [
      ['error', 'payment provider <*> gave no answer in <*> ms'],
      ['info', 'payment <*> authorised by <*>'],
      ['warn', 'payment retry <*> of 3 for provider <*>'],
    ],
  },
  {
    name: 'search',
    x: -0.2,
    y: -0.62,
    count: 28,
    templates: [
      ['info', 'search answered with <*> hits in <*> facets'],
      ['warn', 'search query <*> took <*> ms'],
    ],
  },
  {
    name: 'scheduler',
    x: 0.26,
    y: -0.66,
    count: 20,
    templates: [
      ['info', 'scheduler ran import of <*> rows in <*> s'],
      ['debug', 'scheduler woke for job <*>'],
    ],
  },
  {
    name: 'login',
    x: 0.06,
    y: 0.72,
    count: 20,
    templates: [
      ['info', 'login token <*> refreshed'],
      ['info', 'login of customer <*> accepted'],
    ],
  },
];

/** Clusters without risk: three of eight are on the canary too. */
export function calmClusters(total = 220, seed = 20): readonly ClusterReport[] {
  const random = createRandom(seed, 'clusters'),
    bell = (): number => (random.next() + random.next() + random.next() + random.next() - 2) * 0.11;
  const sum = subjects.reduce((all, { count }) => all + count, 0);
  return subjects.flatMap(({ name, x, y, templates, count }) =>
    Array.from({ length: Math.round((count * total) / sum) }, (_, index): ClusterReport => {
      const [severity, template] = templates[index % templates.length] ?? ['info', name],
        lines = Math.ceil(1 + random.next() ** 4 * 2400),
        canary = index % 8 < 3 ? Math.ceil(lines * (0.15 + 0.2 * random.next())) : 0;
      return {
        key: `${name}-${index}`,
        class: 'known',
        template: index < templates.length ? template : `${template} in step ${index}`,
        severity,
        baselineCount: lines,
        canaryCount: canary,
        ratio: 1,
        firstSeenMs: startMs - 600_000,
        lastSeenMs: startMs + 680_000,
        nodes: canary ? { 'prod-01': Math.floor(canary / 2), 'prod-02': Math.ceil(canary / 2) } : {},
        baselineNodes: Object.fromEntries(baselineNodes.map((node, at) => [node, Math.floor((lines + at) / 8)])),
        minutes: minutesOf(
          Array.from({ length: 14 }, () =>
            canary ? Math.max(0, Math.round((canary / 14) * (0.7 + 0.6 * random.next()))) : 0,
          ),
          Array.from({ length: 14 }, () => Math.round((lines / 14) * (0.7 + 0.6 * random.next()))),
        ),
        knownFrom: 'baseline',
        samples: {
          canary: canary
            ? [
                `2026-11-23 14:09:${String(index % 60).padStart(2, '0')} ${severity.toUpperCase()} ` +
                  `${template.replaceAll('<*>', String(1000 + index))}`,
              ]
            : [],
          baseline: [
            `2026-11-23 14:08:02 ${severity.toUpperCase()} ${template.replaceAll('<*>', String(2000 + index))}`,
          ],
        },
        x: x + bell() * 1.4,
        y: y + bell() * 1.4,
        deployments: 31,
        seenIn: [
          { version: '2.13.2', atMs: startMs - 86_400_000 },
          { version: '2.13.1', atMs: startMs - 4 * 86_400_000 },
        ],
        evidence: 1,
      };
    }),
  );
}

const trace = `2026-11-23 14:12:04.114 ERROR [checkout-7] ReservationService - reserve failed for order 88213947
InventoryReservationException: no stock row for sku 40-1183 in warehouse DE-04
\tat com.shop.inventory.ReservationService.hold(ReservationService.java:142)
\tat com.shop.checkout.CheckoutFlow.placeOrder(CheckoutFlow.java:88)
\tat com.shop.checkout.CheckoutController.submit(CheckoutController.java:51)
Caused by: java.sql.SQLSyntaxErrorException: column "warehouse_zone" does not exist
\tat com.shop.db.StockQuery.run(StockQuery.java:67)
\t... 14 more`;

const exceptions: readonly (readonly [template: string, x: number, y: number, minutes: readonly number[]])[] = [
  ['InventoryReservationException: inventory has no stock row for sku <*> in warehouse <*>', 0.55, 0.55, [1, 1, 2, 1]],
  ['NullPointerException: Cannot invoke "Zone.code()" because "zone" is null', 0.8, 0.2, [0, 1, 1, 2]],
  ['SQLSyntaxErrorException: column "warehouse_zone" does not exist', 0.36, -0.16, [0, 0, 1, 1]],
  ['CompletionException: price rule <*> rejected currency <*>', 0.83, -0.5, [0, 0, 0, 1]],
];

function newExceptions(count: number): readonly ClusterReport[] {
  return exceptions.slice(0, count).map(([template, x, y, last], index): ClusterReport => {
    const lines = last.reduce((sum, value) => sum + value, 0),
      first = Math.floor(lines / 2);
    return {
      key: template,
      class: 'unknown',
      template,
      severity: 'error',
      baselineCount: 0,
      canaryCount: lines,
      ratio: null,
      firstSeenMs: startMs + 501_000,
      lastSeenMs: startMs + 679_000,
      nodes: { 'prod-01': first, 'prod-02': lines - first },
      baselineNodes: Object.fromEntries(baselineNodes.map(node => [node, 0])),
      minutes: minutesOf(
        [...Array.from({ length: 10 }, () => 0), ...last],
        Array.from({ length: 14 }, () => 0),
      ),
      samples: {
        canary:
          index === 0
            ? [trace, trace.replace('40-1183', '40-2206')]
            : [`2026-11-23 14:12:30 ERROR ${template.replaceAll('<*>', '17')}`],
        baseline: [],
      },
      x,
      y,
      deployments: 0,
      evidence: 8 - index,
      ...(index === 0 && {
        nearest: {
          key: 'inventory-0',
          template: 'inventory has no stock row for sku <*> in region <*>',
          similarity: 0.58,
        },
      }),
    };
  });
}

function minutesOf(canary: readonly number[], baseline: readonly number[]): NonNullable<ClusterReport['minutes']> {
  return { startMs: startMs - 120_000, canary, baseline };
}

export function logsCheck(
  outcome: Outcome,
  evidence: number,
  unknown: number,
  more: Partial<LogsCheck> = {},
): LogsCheck {
  const risky = newExceptions(unknown),
    lines = risky.reduce((sum, cluster) => sum + cluster.canaryCount, 0);
  return {
    kind: 'logs',
    source: 'Sumo Logic',
    name: 'quality',
    outcome,
    evidence,
    threshold,
    clusters: [...risky, ...calmClusters()],
    hiddenClusters: 0,
    canaryLines: 1284,
    baselineLines: 9870,
    learnedDeployments: 31,
    reasons: unknown
      ? [{ code: 'unknown-clusters', values: { clusters: unknown, lines, nodes: 2, deployments: 31 } }]
      : [{ code: 'logs-clean', values: { canaryLines: 1284, baselineLines: 9870, clusters: 220, deployments: 31 } }],
    whatIf:
      outcome === 'fail'
        ? [
            { code: 'sensitivity', outcome: 'fail', sensitivity: 'low' },
            { code: 'without-clusters', outcome: 'inconclusive', clusters: 2 },
          ]
        : [{ code: 'more-lines', outcome: 'fail', lines: 4 }],
    ...more,
  };
}

const figures: readonly (readonly [
  name: string,
  centre: number,
  spread: number,
  lift: number,
  unit: string | undefined,
])[] = [
  ['p95 latency', 208, 14, 4, 'ms'],
  ['error rate', 0.19, 0.05, 0.02, '%'],
  ['throughput', 42.1, 2, -0.3, '/s'],
  ['CPU', 37, 5, 1, '%'],
];

export function metricChecks(
  outcome: Outcome,
  untilMs: number,
  more: Partial<MetricCheck> = {},
): readonly MetricCheck[] {
  return figures.map(([name, centre, spread, lift, unit], index): MetricCheck => ({
    kind: 'metric',
    source: 'New Relic',
    name,
    outcome,
    canary: centre + lift,
    baseline: centre,
    ...(unit && { unit }),
    change: lift / centre,
    evidence: 0.4 - 0.05 * index,
    threshold,
    reasons: [
      {
        code: 'metric-in-band',
        values: {
          metric: name,
          canary: centre + lift,
          baseline: centre,
          change: lift / centre,
          tolerance: 0.1,
          ...(unit && { unit }),
        },
      },
    ],
    whatIf: [{ code: 'change', outcome: 'fail', change: 0.1 }],
    series: seriesOf(centre, spread, lift, index, untilMs),
    allowed: { tolerance: 0.1, direction: index === 2 ? 'decrease' : 'increase' },
    ...more,
  }));
}

/** On hold: some of its intervals had no requests, and one more is needed. */
export function tooFewIntervals(check: MetricCheck): MetricCheck {
  const { series } = check;
  const begin = series ? (deployedMs - series.startMs) / series.intervalMs : 0;
  const isGap = (at: number): boolean => at >= begin + 30 && at % 4 === 1;
  return {
    ...check,
    outcome: 'inconclusive',
    evidence: 1.14,
    reasons: [{ code: 'not-enough-data', values: { have: 52, need: 53, what: 'intervals' } }],
    whatIf: [],
    neededMs: 90_000,
    allowed: { tolerance: 0.1, floor: 0.04, direction: 'increase' },
    ...(series && { series: { ...series, canary: series.canary.map((value, at) => (isGap(at) ? null : value)) } }),
  };
}

/** Five minutes of history, then the canary; the third metric has a gap. */
function seriesOf(centre: number, spread: number, lift: number, index: number, untilMs: number): MetricSeries {
  const intervalMs = 10_000,
    fromMs = deployedMs - 300_000,
    count = Math.ceil((untilMs - fromMs) / intervalMs),
    random = createRandom(index + 3, 'series');
  const value = (at: number, above: number): number =>
    centre + above + spread * (random.next() - 0.5 + 0.4 * Math.sin(at / 6));
  const times = Array.from({ length: count }, (_, at) => at),
    isCanary = (at: number): boolean => fromMs + at * intervalMs >= deployedMs,
    hole = (at: number): boolean => index === 2 && at > 48 && at < 52;
  const node = (): (number | null)[] => times.map(at => (isCanary(at) && !hole(at) ? value(at, lift) : null));
  return {
    startMs: fromMs,
    intervalMs,
    canary: node(),
    baseline: times.map(at => value(at, 0)),
    low: times.map(at => centre - spread * (1 + 0.1 * Math.sin(at / 6))),
    high: times.map(at => centre + spread * (1 + 0.1 * Math.sin(at / 6))),
    nodes: Object.fromEntries(canaryNodes.map(name => [name, node()])),
    range: Array.from({ length: Math.floor((untilMs - deployedMs) / 30_000) }, (_, at) => {
      const half = (1.5 * spread) / Math.sqrt(at + 1);
      return { atMs: deployedMs + (at + 1) * 30_000, low: centre + lift - half, high: centre + lift + half };
    }),
  };
}

/** What the pipeline of the story says of the sources that are asked. */
const declared = {
  connections: { logs: { vendor: 'example', url: 'https://logs.example.com', credential: 'logs' } },
  healthSources: { 'Sumo Logic': { name: 'Sumo Logic', kind: 'logs', vendor: 'example', connection: 'logs' } },
} as unknown as Pipeline;

/** The story's events with these reports instead of its short ones, and with further evaluations. */
export function withEvidence(
  events: readonly RunEvent[],
  key: string,
  steps: readonly (readonly [atSeconds: number, evidence: number])[],
  last: (evidence: number) => readonly (LogsCheck | MetricCheck)[],
): readonly RunEvent[] {
  const outcomeOf = (checks: VerificationReport['checks']): Outcome =>
    checks.some(check => check.outcome === 'fail')
      ? 'fail'
      : checks.some(check => check.outcome === 'inconclusive')
        ? 'inconclusive'
        : 'pass';
  const reportAt = (atMs: number, evidence: number, looks: number): VerificationReport => {
    const checks = last(evidence);
    return { outcome: outcomeOf(checks), checks, startedAtMs: startMs + 319_000, lookedAtMs: atMs, looks };
  };
  const queries = [
    {
      source: 'Sumo Logic',
      text: '_sourceCategory=prod/storefront | where _sourceHost in ("prod-01", "prod-02")',
      durationMs: 600,
      bytes: 41_000,
      rows: 1284,
    },
    {
      source: 'New Relic',
      text:
        "SELECT percentile(duration, 95) FROM Transaction WHERE appName = 'storefront' FACET host TIMESERIES 15 " +
        'seconds',
      durationMs: 200,
      bytes: 3_000,
      rows: 40,
    },
  ];
  const looked = steps.map(([seconds, evidence], index): RunEvent => ({
    seq: 0,
    at: startMs + seconds * 1000,
    type: 'looked',
    key,
    report: reportAt(startMs + seconds * 1000, evidence, index + 1),
    queries: queries.map(query => ({
      ...query,
      atMs: startMs + seconds * 1000,
      fromMs: startMs + seconds * 1000 - 30_000,
      toMs: startMs + seconds * 1000,
    })),
  }));
  const end = steps.at(-1) ?? [0, 0];
  const rest = events
    .filter(event => event.type !== 'looked')
    .map(event =>
      event.type === 'verification-finished' && event.key === key
        ? { ...event, report: reportAt(event.at, end[1], steps.length) }
        : event.type === 'run-started'
          ? { ...event, fixed: declared }
          : event.type === 'phase-started'
            ? { ...event, later: event.phase === 1 ? [baselineNodes.slice(0, 3), baselineNodes.slice(3)] : [] }
            : event.type === 'verification-started'
              ? { ...event, intervalMs: 15_000, durationMs: 600_000 }
              : event,
    );
  return [...rest, ...looked]
    .toSorted((one, other) => one.at - other.at || (one.type === 'looked' ? -1 : 0))
    .map((event, seq) => ({ ...event, seq }));
}

export const steadyRise = [
  [322, 0.8],
  [409, 0.7],
  [502, 1.9],
  [541, 4.2],
  [579, 7.1],
  [609, 11.8],
  [624, 13.6],
  [660, 18.2],
  [684.2, 24.6],
] as const;
export const stagesTook: Readonly<Record<string, number>> = {
  Dev: 33_000,
  Test: 40_000,
  Edu: 61_000,
  Sandbox: 70_000,
  Staging: 68_000,
  Approval: 260_000,
  Production: 1_910_000,
};
export const judged: readonly Feedback[] = [
  {
    key: exceptions[0]?.[0] ?? '',
    template: exceptions[0]?.[0] ?? '',
    mark: 'not-a-risk',
    reason: 'Expected while the new warehouse is filled; issue SHOP-1183.',
    by: 'lena',
    atMs: startMs + 690_000,
  },
];
