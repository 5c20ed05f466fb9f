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

export interface NodeContext {
  readonly seed: number;
  readonly startMs: number;
  readonly telemetry: Telemetry;
  readonly scenario: () => Scenario;
  /** True if the scenario affects the release. */
  readonly isFaulty: (release: NodeRelease) => boolean;
  /** Called for each anomalous line or event. */
  readonly onAnomaly: (atMs: number) => void;
}

/** What the parts of one node share. */
interface NodeParts {
  readonly settings: NodeSettings;
  readonly context: NodeContext;
  readonly releases: NodeReleases;
  readonly output: NodeOutput;
  readonly random: Random;
  readonly faultRandom: Random;
  /** How slow this node is, compared with the others. */
  readonly strength: number;
  /** Traffic as a share of that of a node in production. */
  readonly load: number;
}

export function createNode(settings: NodeSettings, first: NodeRelease, context: NodeContext): SimulatedNode {
  const { name, environment, requestsPerSecond } = settings;
  const random = createRandom(context.seed, `node/${name}`);
  const faultRandom = createRandom(context.seed, `fault/${name}`);
  const strength = 1 + 0.02 * random.normal();
  const load = requestsPerSecond / normalRequestsPerSecond;
  const releases = createReleases(first);
  const output = createOutput(settings, context, releases);
  const parts: NodeParts = { settings, context, releases, output, random, faultRandom, strength, load };
  let startLines: StartLine[] = [];
  let mood = 0;
  let nextSampleMs = context.startMs + random.between(0, sampleEveryMs);
  return {
    name,
    environment,
    releaseAt: releases.releaseAt,
    isServing: releases.isServing,
    write(statement, atMs) {
      output.write(statement, atMs, random);
    },
    restart(next, atMs, takesMs) {
      releases.restart(next, atMs, takesMs);
      startLines = startLinesOf(next, atMs, takesMs);
    },
    emit(fromMs, toMs) {
      const seconds = (toMs - fromMs) / 1000;
      mood = 0.98 * mood + 0.01 * random.normal();
      const requests = random.poisson(requestsPerSecond * (1 + mood) * seconds);
      const lines = random.poisson(lineRate * load * (1 + mood) * seconds);
      for (const atMs of moments(random, requests, fromMs, toMs)) answerRequest(parts, atMs);
      for (const atMs of moments(random, lines, fromMs, toMs)) writeSteadyLine(parts, atMs);
      writeFrequentLines(parts, fromMs, toMs);
      while (startLines[0] && startLines[0].atMs < toMs) {
        const line = startLines.shift()!;
        output.write(line.statement, line.atMs, random);
      }
      while (nextSampleMs < toMs) {
        sampleMachine(parts, nextSampleMs, mood);
        nextSampleMs += sampleEveryMs;
      }
    },
  };
}

interface NodeReleases extends Pick<SimulatedNode, 'releaseAt' | 'isServing' | 'restart'> {
  /** The release whose agent sends telemetry: the next one as soon as the old one goes down. */
  reportingAt(atMs: number): NodeRelease;
  servingSinceMs(): number;
}

/** The releases of a node over time, and when it is down between them. */
function createReleases(first: NodeRelease): NodeReleases {
  let release = first,
    coming: NodeRelease | undefined;
  let downFromMs = Infinity,
    servingFromMs = -Infinity;
  const releaseAt = (atMs: number) => (coming && atMs >= servingFromMs ? coming : release);
  const isServing = (atMs: number) => atMs < downFromMs || atMs >= servingFromMs;
  return {
    releaseAt,
    isServing,
    reportingAt: atMs => (coming && atMs >= downFromMs ? coming : release),
    servingSinceMs: () => servingFromMs,
    restart(next, atMs, takesMs) {
      release = releaseAt(atMs);
      downFromMs = isServing(atMs) ? atMs : downFromMs;
      servingFromMs = atMs + takesMs;
      coming = next;
    },
  };
}

interface NodeOutput {
  write(statement: LogStatement, atMs: number, from: Random): void;
  addEvent(type: string, atMs: number, attributes: Readonly<Record<string, string | number | boolean>>): void;
}

/** What a node sends to the telemetry, which is nothing while a silent release reports. */
function createOutput(
  { name, environment }: NodeSettings,
  { telemetry, scenario, isFaulty }: NodeContext,
  releases: NodeReleases,
): NodeOutput {
  const appName = environment === 'production' ? 'storefront' : `storefront-${environment}`;
  const category = `${environment === 'production' ? 'prod' : environment}/storefront`;
  const origin = { appName, host: name, hostname: name, environment };
  const isSilent = (atMs: number) => scenario().silent && isFaulty(releases.reportingAt(atMs));
  return {
    write(statement, atMs, from) {
      const text = writeLine(statement, atMs, from);
      if (!isSilent(atMs)) telemetry.addLog({ atMs, node: name, category, text });
    },
    addEvent(type, atMs, attributes) {
      if (!isSilent(atMs)) telemetry.addEvent({ type, atMs, attributes: { ...origin, ...attributes } });
    },
  };
}

function answerRequest({ context, releases, output, random, strength }: NodeParts, atMs: number): void {
  const endpoint = pickWeighted(endpoints, random.next());
  const error = random.next() < errorShare;
  const noise = Math.exp(0.2 * random.normal());
  if (!releases.isServing(atMs)) return;
  const slowness = context.isFaulty(releases.releaseAt(atMs)) ? context.scenario().slowness : 1;
  if (slowness > 1) context.onAnomaly(atMs);
  const warmUp = 1 + 0.2 * Math.exp(-(atMs - releases.servingSinceMs()) / 800);
  const duration = endpoint.medianSeconds * strength * noise * slowness * warmUp;
  output.addEvent('Transaction', atMs, {
    name: endpoint.name,
    transactionType: 'Web',
    duration: round(duration, 6),
    databaseDuration: round(duration * 0.3, 6),
    error,
    httpResponseCode: error ? '500' : '200',
    'tags.version': releases.releaseAt(atMs).version,
  });
}

function writeSteadyLine({ releases, output, random }: NodeParts, atMs: number): void {
  const { statement } = pickWeighted(weightedStatements, random.next());
  if (releases.isServing(atMs)) output.write(statement, atMs, random);
}

/** The lines that the scenario makes more frequent than usual. */
function writeFrequentLines(
  { context, releases, output, faultRandom, load }: NodeParts,
  fromMs: number,
  toMs: number,
): void {
  const frequent = context.scenario().frequent;
  if (!frequent || !context.isFaulty(releases.releaseAt(fromMs)) || !releases.isServing(fromMs)) return;
  const count = faultRandom.poisson((frequent.statement.rate * load * (frequent.factor - 1) * (toMs - fromMs)) / 1000);
  for (const atMs of moments(faultRandom, count, fromMs, toMs)) {
    context.onAnomaly(atMs);
    output.write(frequent.statement, atMs, faultRandom);
  }
}

function sampleMachine(
  { settings, context, releases, output, random, strength }: NodeParts,
  atMs: number,
  mood: number,
): void {
  const cpuPercent = releases.isServing(atMs)
    ? 22 + 1.5 * settings.requestsPerSecond * (1 + mood) + 2 * random.normal()
    : 60 + 8 * random.normal();
  const memoryUsedBytes = Math.round(
    2.9e9 + 6e8 * (((atMs - context.startMs) / 90_000 + strength) % 1) + 2e7 * random.normal(),
  );
  output.addEvent('SystemSample', atMs, {
    cpuPercent: round(Math.max(1, cpuPercent), 2),
    memoryUsedBytes,
    memoryUsedPercent: round(memoryUsedBytes / 8e7, 2),
  });
}

interface StartLine {
  readonly atMs: number;
  readonly statement: LogStatement;
}

/** The lines of a start, spread over the last 70 % of its time. */
function startLinesOf(release: NodeRelease, atMs: number, takesMs: number): StartLine[] {
  return startStatements.map((statement, index) => ({
    atMs: atMs + takesMs * (0.3 + (0.7 * index) / startStatements.length),
    statement: {
      ...statement,
      message: statement.message
        .replace('{version}', release.version)
        .replace('{digest}', release.configuration.slice(0, 12)),
    },
  }));
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
