// The metrics that a pack stands for: what one looks at first in a service and its hosts, written out as NRQL.
import type { NrqlMetric } from './options.ts';
import { quoteNrql } from './nrql/quoteNrql.ts';

export interface PackSettings {
  /** Only transactions of this application; absent: of every one on the nodes. */
  readonly app?: string;
  /** Apdex T: a response up to this is satisfying. */
  readonly apdexSeconds: number;
  /** Attribute of the agent on the host that bears the node's name. */
  readonly hostAttribute: string;
}

type Write = (settings: PackSettings) => NrqlMetric;

const transaction = ({ app }: PackSettings, select: string, condition?: string): NrqlMetric['options'] => {
  const where = [
    ...(app === undefined ? [] : [`appName = ${quoteNrql(app)}`]),
    ...(condition === undefined ? [] : [condition]),
  ].join(' AND ');
  return { select, from: 'Transaction', ...(where !== '' && { where }) };
};
const latency =
  (percent: number): Write =>
  settings => ({
    name: `p${percent} latency`,
    options: transaction(settings, `percentile(duration, ${percent})`),
    kind: 'gauge',
    direction: 'increase',
    unit: 's',
  });
const hostSample =
  (name: string, attribute: string): Write =>
  ({ hostAttribute }) => ({
    name,
    options: { select: `average(${attribute})`, from: 'SystemSample' },
    kind: 'gauge',
    direction: 'increase',
    unit: '%',
    nodeAttribute: hostAttribute,
  });

const requests: Write = settings => ({
  name: 'requests',
  options: transaction(settings, 'count(*)'),
  kind: 'count',
  direction: 'decrease',
  unit: '',
});
const errors: Write = settings => ({
  name: 'errors',
  options: transaction(settings, 'count(*)', 'error IS TRUE'),
  kind: 'count',
  denominator: 'requests',
  direction: 'increase',
  unit: '',
});
const apdex: Write = settings => ({
  name: 'Apdex',
  options: transaction(settings, `apdex(duration, t: ${settings.apdexSeconds})`),
  kind: 'gauge',
  direction: 'decrease',
  unit: '',
});
const cpu = hostSample('CPU', 'cpuPercent'),
  memory = hostSample('memory', 'memoryUsedPercent');
const [p50, p95, p99] = [latency(50), latency(95), latency(99)];

const packs = {
  golden: [requests, errors, p95, cpu],
  apm: [requests, errors, p50, p95, p99, apdex],
  host: [cpu, memory],
  throughput: [requests],
  'error-rate': [requests, errors],
  latency: [p50, p95, p99],
  apdex: [apdex],
  cpu: [cpu],
  memory: [memory],
} as const satisfies Readonly<Record<string, readonly Write[]>>;

export type PackName = keyof typeof packs;
export const packNames = Object.keys(packs) as [PackName, ...PackName[]];

/** Each metric once, however many of the packs have it. */
export function metricsOfPacks(names: readonly PackName[], settings: PackSettings): readonly NrqlMetric[] {
  return [...new Set(names.flatMap((name): readonly Write[] => packs[name]))].map(write => write(settings));
}

/** `golden`: requests, errors, p95 latency, CPU. */
export function describePacks(): string {
  const settings = { apdexSeconds: 0, hostAttribute: '' };
  return packNames.map(name => `\`${name}\`: ${packs[name].map(write => write(settings).name).join(', ')}.`).join(' ');
}
