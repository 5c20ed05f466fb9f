// Generates deployments unlike any data set: what nodes, load, noise and incidents do to metrics when nothing, or
// something, has regressed.
import type { MetricEvidence, MetricWindow, NodeSeries } from '../../../../src/model/evidence/evidence.ts';

export type Random = () => number;

/** Mulberry32: small, seeded, good enough for a simulation. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Student's t with three degrees of freedom, scaled to unit variance: heavy tails. */
function heavy(random: Random): number {
  const chi = normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2;
  return Math.max(-8, Math.min(8, normal(random) / Math.sqrt(chi / 3) / Math.sqrt(3)));
}

/** Knuth below 30, normal approximation above. */
function poisson(mean: number, random: Random): number {
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

function pick<T>(options: readonly T[], random: Random): T {
  return options[Math.floor(random() * options.length)]!;
}

export interface Regression {
  readonly metric: 'latency' | 'memory' | 'errors' | 'requests';
  readonly factor: number;
  readonly shape: 'step' | 'ramp';
  /** Share of the run at which it begins. */
  readonly onset: number;
}

export interface Deployment {
  readonly window: MetricWindow;
  readonly durationMs: number;
}

interface World {
  readonly intervals: number;
  readonly history: number;
  readonly intervalMs: number;
  readonly persistence: number;
  readonly noise: number;
  readonly nodeSpread: number;
  readonly heavyTails: boolean;
  readonly gaps: number;
  readonly requestsPerInterval: number;
  readonly errorRate: number;
  readonly burst: number;
  readonly weight: number;
  /** What happens to both sides alike, one value per interval, history first. */
  readonly load: readonly number[];
  readonly slow: readonly number[];
}

export function simulateDeployment(seed: number, regression?: Regression): Deployment {
  const random = seededRandom(seed);
  const intervalSec = pick([2, 5, 7, 12, 20, 30, 45, 60], random);
  const durationSec = pick([150, 240, 420, 600, 1200], random);
  const intervals = Math.max(3, Math.min(150, Math.round(durationSec / intervalSec)));
  const baselineKind = pick(['existing', 'fresh'] as const, random);
  const history =
    baselineKind === 'fresh' ? 0 : Math.min(120, Math.round(pick([300, 900, 1800], random) / intervalSec));
  const world = createWorld(intervals, history, intervalSec, random);
  const canaryNodes = pick([1, 1, 2, 4], random);
  const baselineNodes = pick([1, 2, 4, 7, 12], random);
  const warm = random() < 0.4 ? 0.3 + 0.5 * random() : 0;
  const names = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, k) => `${prefix}${k}`);
  const nodes = [...names('c', canaryNodes), ...names('b', baselineNodes)];
  const metrics = simulateMetrics(nodes, world, random, {
    warm: baselineKind === 'existing' ? warm : 0,
    warmBoth: baselineKind === 'fresh' ? warm : 0,
    regression,
  });
  return {
    window: { intervalMs: intervalSec * 1000, baselineKind, trafficWeight: world.weight, metrics },
    durationMs: intervals * intervalSec * 1000,
  };
}

function createWorld(intervals: number, history: number, intervalSec: number, random: Random): World {
  const length = history + intervals;
  const period = (600 + 3000 * random()) / intervalSec;
  const phase = random() * 2 * Math.PI;
  const swing = 0.4 * random();
  const stepAt = random() < 0.3 ? Math.floor(random() * length) : Infinity;
  const incident = random() < 0.3 ? history + Math.floor(random() * intervals) : -100;
  const lasting = Math.ceil(60 / intervalSec);
  const load = Array.from({ length }, (_, t) =>
    Math.exp(swing * Math.sin((2 * Math.PI * t) / period + phase) + (t >= stepAt ? 0.5 : 0)),
  );
  const slow = load.map((value, t) => value ** 0.3 * (t >= incident && t < incident + lasting ? 1.8 : 1));
  return {
    intervals,
    history,
    intervalMs: intervalSec * 1000,
    persistence: pick([0, 0.3, 0.6, 0.85], random),
    noise: pick([0.02, 0.06, 0.15, 0.3], random),
    nodeSpread: pick([0.01, 0.04, 0.08], random),
    heavyTails: random() < 0.4,
    gaps: random() < 0.3 ? 0.15 : 0,
    requestsPerInterval: pick([0.2, 1, 5, 30, 150], random) * intervalSec,
    errorRate: pick([0, 0.0005, 0.005, 0.03], random),
    burst: pick([0, 0, 0.4, 0.8], random),
    weight: pick([1, 1, 1, 0.5, 0.2], random),
    load,
    slow,
  };
}

interface Circumstances {
  readonly warm: number;
  readonly warmBoth: number;
  readonly regression: Regression | undefined;
}

function simulateMetrics(
  nodes: readonly string[],
  world: World,
  random: Random,
  { warm, warmBoth, regression }: Circumstances,
): MetricEvidence[] {
  const requests = new Map<string, number[]>();
  const build = (
    metric: Regression['metric'],
    each: (node: string, isCanary: boolean, effect: (t: number) => number) => (number | null)[],
  ): Pick<MetricEvidence, 'canary' | 'baseline' | 'before'> => {
    const sides: Record<'canary' | 'baseline' | 'before', Record<string, readonly (number | null)[]>> = {
      canary: {},
      baseline: {},
      before: {},
    };
    for (const node of nodes) {
      const isCanary = node.startsWith('c');
      const effect = (t: number): number =>
        isCanary && regression?.metric === metric ? effectAt(regression, (t - world.history) / world.intervals) : 1;
      const values = each(node, isCanary, effect);
      sides[isCanary ? 'canary' : 'baseline'][node] = values.slice(world.history);
      if (!isCanary && world.history > 0) sides.before[node] = values.slice(0, world.history);
    }
    return sides satisfies Record<string, NodeSeries>;
  };
  const warmth = (isCanary: boolean, t: number): number =>
    1 +
    (isCanary ? warm + warmBoth : warmBoth) * Math.exp((-Math.max(0, t - world.history) * world.intervalMs) / 40_000);
  const gone = (): boolean => random() < world.gaps;
  const requestSides = build('requests', (node, isCanary, effect) => {
    const own = Math.exp(0.5 * world.nodeSpread * normal(random)) * (isCanary ? world.weight : 1);
    const values = world.load.map((load, t) => poisson(world.requestsPerInterval * load * own * effect(t), random));
    requests.set(node, values);
    return values.map(value => (gone() ? null : value));
  });
  const errorSides = build('errors', (node, _isCanary, effect) => {
    const own = Math.exp(world.nodeSpread * normal(random));
    return requests
      .get(node)!
      .map((count, t) =>
        gone()
          ? null
          : poisson(
              count *
                Math.min(
                  0.9,
                  world.errorRate *
                    own *
                    world.slow[t]! *
                    effect(t) *
                    Math.exp(world.burst * normal(random) - world.burst ** 2 / 2),
                ),
              random,
            ),
      );
  });
  const gauge = (metric: 'latency' | 'memory', level: number): Pick<MetricEvidence, 'canary' | 'baseline' | 'before'> =>
    build(metric, (_node, isCanary, effect) => {
      const own = level * Math.exp(world.nodeSpread * normal(random));
      let state = normal(random);
      const period = 5 + Math.floor(40 * random());
      const phase = Math.floor(period * random());
      return world.slow.map((slow, t) => {
        state =
          world.persistence * state +
          Math.sqrt(1 - world.persistence ** 2) * (world.heavyTails ? heavy(random) : normal(random));
        const wander =
          metric === 'latency'
            ? slow * warmth(isCanary, t) * Math.exp(world.noise * state)
            : 1 + (0.06 * ((t + phase) % period)) / period + 0.005 * normal(random);
        return gone() ? null : own * wander * effect(t);
      });
    });
  return [
    { name: 'requests', kind: 'count', direction: 'decrease', ...requestSides },
    { name: 'errors', kind: 'count', denominator: 'requests', direction: 'increase', ...errorSides },
    { name: 'latency_ms', kind: 'gauge', direction: 'increase', unit: 'ms', ...gauge('latency', 80) },
    { name: 'memory_mb', kind: 'gauge', direction: 'increase', unit: 'MB', ...gauge('memory', 900) },
  ];
}

function effectAt({ factor, shape, onset }: Regression, at: number): number {
  if (at < onset) return 1;
  return shape === 'step' ? factor : 1 + ((factor - 1) * (at - onset)) / (1 - onset);
}
