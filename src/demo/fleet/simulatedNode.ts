// One node of the fleet: its releases over time, its traffic, its logs and its metrics.
import { startStatements, steadyStatements } from './logCatalogue.ts';
import { writeLine, type LogStatement } from './logText.ts';
import { createRandom, type Random } from './random.ts';
import type { Scenario } from '../story/scenarios.ts';
import type { Telemetry } from './telemetry.ts';

export interface NodeRelease {
  readonly version: string;
  /** Digest of the run-time configuration. */
  readonly configuration: string;
}

export interface NodeSettings {
  readonly name: string;
  readonly environment: string;
  readonly requestsPerSecond: number;
}

export interface SimulatedNode {
  readonly name: string;
  readonly environment: string;
  /** The current release, or the last one before the node went down. */
  releaseAt(atMs: number): NodeRelease;
  isServing(atMs: number): boolean;
  /** Goes down now and serves the release `takesMs` later. */
  restart(release: NodeRelease, atMs: number, takesMs: number): void;
  emit(fromMs: number, toMs: number): void;
  write(statement: LogStatement, atMs: number): void;
}

const endpoints = [
  { name: 'WebTransaction/SpringController/ProductController/show', weight: 0.42, medianSeconds: 0.105 },
  { name: 'WebTransaction/SpringController/SearchController/query', weight: 0.24, medianSeconds: 0.115 },
  { name: 'WebTransaction/SpringController/CartController/update', weight: 0.18, medianSeconds: 0.11 },
  { name: 'WebTransaction/SpringController/CheckoutController/submit', weight: 0.1, medianSeconds: 0.145 },
  { name: 'WebTransaction/SpringController/AccountController/orders', weight: 0.06, medianSeconds: 0.12 },
];
const errorShare = 0.002;
const sampleEveryMs = 1000;
const lineRate = steadyStatements.reduce((sum, statement) => sum + statement.rate, 0);
const weightedStatements = steadyStatements.map(statement => ({ weight: statement.rate / lineRate, statement }));
/** The rate of production; lower environments log in proportion. */
const normalRequestsPerSecond = 10;

/** `isFaulty`: whether the scenario affects the release; `onAnomaly` is called for each anomalous line or event. */
export function createNode(
  settings: NodeSettings,
  first: NodeRelease,
  context: {
    readonly seed: number;
    readonly startMs: number;
    readonly telemetry: Telemetry;
    readonly scenario: () => Scenario;
    readonly isFaulty: (release: NodeRelease) => boolean;
    readonly onAnomaly: (atMs: number) => void;
  },
): SimulatedNode {
  const { name, environment, requestsPerSecond } = settings;
  const { telemetry, scenario, isFaulty } = context;
  const random = createRandom(context.seed, `node/${name}`);
  const faultRandom = createRandom(context.seed, `fault/${name}`);
  const appName = environment === 'production' ? 'storefront' : `storefront-${environment}`;
  const category = `${environment === 'production' ? 'prod' : environment}/storefront`;
  const origin = { appName, host: name, hostname: name, environment };
  const strength = 1 + 0.02 * random.normal();
  const load = requestsPerSecond / normalRequestsPerSecond;
  let release = first,
    coming: NodeRelease | undefined;
  let downFromMs = Infinity,
    servingFromMs = -Infinity;
  let startLines: { atMs: number; statement: LogStatement }[] = [];
  let mood = 0;
  let nextSampleMs = context.startMs + random.between(0, sampleEveryMs);

  const releaseAt = (atMs: number) => (coming && atMs >= servingFromMs ? coming : release);
  const isServing = (atMs: number) => atMs < downFromMs || atMs >= servingFromMs;
  const isFaultyAt = (atMs: number) => isFaulty(releaseAt(atMs));
  /** The agent stops with the old release and does not start with a silent one. */
  const isSilent = (atMs: number) => scenario().silent && isFaulty(coming && atMs >= downFromMs ? coming : release);

  function write(statement: LogStatement, atMs: number, from: Random = random): void {
    const text = writeLine(statement, atMs, from);
    if (!isSilent(atMs)) telemetry.addLog({ atMs, node: name, category, text });
  }
  function addEvent(type: string, atMs: number, attributes: Readonly<Record<string, string | number | boolean>>): void {
    if (!isSilent(atMs)) telemetry.addEvent({ type, atMs, attributes: { ...origin, ...attributes } });
  }
  function answerRequest(atMs: number): void {
    const endpoint = pickWeighted(endpoints, random.next());
    const error = random.next() < errorShare;
    const noise = Math.exp(0.2 * random.normal());
    if (!isServing(atMs)) return;
    const slowness = isFaultyAt(atMs) ? scenario().slowness : 1;
    if (slowness > 1) context.onAnomaly(atMs);
    const warmUp = 1 + 0.2 * Math.exp(-(atMs - servingFromMs) / 800);
    const duration = endpoint.medianSeconds * strength * noise * slowness * warmUp;
    addEvent('Transaction', atMs, {
      name: endpoint.name,
      transactionType: 'Web',
      duration: round(duration, 6),
      databaseDuration: round(duration * 0.3, 6),
      error,
      httpResponseCode: error ? '500' : '200',
      'tags.version': releaseAt(atMs).version,
    });
  }
  function writeSteadyLine(atMs: number): void {
    const { statement } = pickWeighted(weightedStatements, random.next());
    if (isServing(atMs)) write(statement, atMs);
  }
  function writeFrequentLines(fromMs: number, toMs: number): void {
    const frequent = scenario().frequent;
    if (!frequent || !isFaultyAt(fromMs) || !isServing(fromMs)) return;
    const count = faultRandom.poisson(
      (frequent.statement.rate * load * (frequent.factor - 1) * (toMs - fromMs)) / 1000,
    );
    for (const atMs of moments(faultRandom, count, fromMs, toMs)) {
      context.onAnomaly(atMs);
      write(frequent.statement, atMs, faultRandom);
    }
  }
  function sampleMachine(atMs: number): void {
    const cpuPercent = isServing(atMs)
      ? 22 + 1.5 * requestsPerSecond * (1 + mood) + 2 * random.normal()
      : 60 + 8 * random.normal();
    const memoryUsedBytes = Math.round(
      2.9e9 + 6e8 * (((atMs - context.startMs) / 90_000 + strength) % 1) + 2e7 * random.normal(),
    );
    addEvent('SystemSample', atMs, {
      cpuPercent: round(Math.max(1, cpuPercent), 2),
      memoryUsedBytes,
      memoryUsedPercent: round(memoryUsedBytes / 8e7, 2),
    });
  }

  return {
    name,
    environment,
    releaseAt,
    isServing,
    write,
    restart(next, atMs, takesMs) {
      release = releaseAt(atMs);
      downFromMs = isServing(atMs) ? atMs : downFromMs;
      servingFromMs = atMs + takesMs;
      coming = next;
      startLines = startStatements.map((statement, index) => ({
        atMs: atMs + takesMs * (0.3 + (0.7 * index) / startStatements.length),
        statement: {
          ...statement,
          message: statement.message
            .replace('{version}', next.version)
            .replace('{digest}', next.configuration.slice(0, 12)),
        },
      }));
    },
    emit(fromMs, toMs) {
      const seconds = (toMs - fromMs) / 1000;
      mood = 0.98 * mood + 0.01 * random.normal();
      const requests = random.poisson(requestsPerSecond * (1 + mood) * seconds);
      const lines = random.poisson(lineRate * load * (1 + mood) * seconds);
      for (const atMs of moments(random, requests, fromMs, toMs)) answerRequest(atMs);
      for (const atMs of moments(random, lines, fromMs, toMs)) writeSteadyLine(atMs);
      writeFrequentLines(fromMs, toMs);
      while (startLines[0] && startLines[0].atMs < toMs) {
        const line = startLines.shift()!;
        write(line.statement, line.atMs);
      }
      while (nextSampleMs < toMs) {
        sampleMachine(nextSampleMs);
        nextSampleMs += sampleEveryMs;
      }
    },
  };
}

const none: readonly number[] = [];

function moments(random: Random, count: number, fromMs: number, toMs: number): readonly number[] {
  if (count === 0) return none;
  const found: number[] = [];
  for (let index = 0; index < count; index++) found.push(Math.floor(random.between(fromMs, toMs)));
  return found.sort((left, right) => left - right);
}

function pickWeighted<T extends { readonly weight: number }>(from: readonly T[], share: number): T {
  let rest = share;
  for (const one of from) {
    rest -= one.weight;
    if (rest < 0) return one;
  }
  return from[from.length - 1]!;
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
