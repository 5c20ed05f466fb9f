// Looks which nodes and metrics of a health source exist: in the newest minutes first, and for those that were not
// seen, further and further back.
import type { EvidencePage } from '../model/evidence/analysis.ts';
import type { LogLine, MetricPoint } from '../model/evidence/evidence.ts';
import { fail, succeed } from '../model/failure.ts';
import type { Failure, Result } from '../model/failure.ts';
import { allStages, connectionOf } from '../model/pipeline.ts';
import type { HealthSource, LogsSource, MeasurementSource, MetricsSource } from '../model/healthSource.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { Clock, ReadRequest, SourceCheckRequest } from '../model/ports.ts';
import { problemOfAsking } from '../model/evidence/sourceCheck.ts';
import type { SeenNodes, SourceCheck, SourceProblem } from '../model/evidence/sourceCheck.ts';
import type { VendorSources } from './healthSources.ts';
import { checkScan } from './scanCheck.ts';
import type { VendorDecoders } from './vendor.ts';

export interface HealthSourceCheckDeps {
  readonly clock: Clock;
  readonly healthSources: VendorSources;
  readonly decoders: VendorDecoders;
}
type Deps = HealthSourceCheckDeps;

const minuteMs = 60_000;
/** Logs come in thousands of lines a minute, and here they are read on the caller's own thread. */
const newestMs = { metrics: 5 * minuteMs, logs: minuteMs };
const laterMs = 60 * minuteMs;
/** Of a look back, whose length says how wide they are. */
const buckets = 144;
/** Of one window: a node that is not among so many is looked for by itself. */
const mostRows = 20_000;
const sampleLines = 3;

type ReadSource = MetricsSource | LogsSource;
type Newest = ReadRequest & { readonly source: ReadSource };

/** What was seen so far. */
interface Sight {
  readonly nodes: Set<string>;
  readonly metrics: Set<string>;
  readonly lines: LogLine[];
  readonly points: Map<string, MetricPoint>;
  /** Names of values that belong to none of those asked for: other versions, other nodes. */
  readonly others: Set<string>;
}

export async function checkHealthSource(
  deps: Deps,
  request: SourceCheckRequest,
  source: HealthSource,
  signal: AbortSignal,
): Promise<SourceCheck> {
  if (source.kind === 'measurement') return checkMeasurement(deps, request, source);
  const { pipeline } = request;
  const connection = connectionOf(pipeline, source);
  const wanted = environmentsOf(pipeline, source.name);
  const namesIn = (environment: string): readonly string[] =>
    source.versionAttribute === undefined
      ? (pipeline.environments[environment]?.nodes ?? [])
      : (request.versions?.(environment) ?? []);
  const nodes = [...new Set(wanted.flatMap(namesIn))];
  // While it is not known which versions run, metrics name versions, whichever there are.
  const byVersion = source.kind === 'metrics' && source.versionAttribute !== undefined && nodes.length === 0;
  const startedAtMs = deps.clock.now();
  const toMs = startedAtMs - source.delayMs;
  const newest: Newest = { source, connection, nodes, ...windowOf(toMs, newestMs[source.kind], minuteMs) };
  const sight: Sight = { nodes: new Set(), metrics: new Set(), lines: [], points: new Map(), others: new Set() };
  const failure = await look(deps, newest, sight, signal);
  const seen = wanted.map((environment): SeenNodes => {
    const all = byVersion ? [...sight.nodes] : namesIn(environment);
    return {
      environment,
      found: all.filter(node => sight.nodes.has(node)),
      missing: failure ? [] : all.filter(node => !sight.nodes.has(node)),
    };
  });
  const scan = failure
    ? undefined
    : await checkScan(
        deps.healthSources.estimateOf(source.vendor),
        pipeline,
        { source, connection, nodes, toMs },
        signal,
      );
  return {
    kind: source.kind,
    name: source.name,
    ...(source.connection !== undefined && { connection: source.connection, url: connection.url }),
    tookMs: deps.clock.now() - startedAtMs,
    queries: deps.healthSources.describe(newest),
    nodes: seen,
    sampleLines: sight.lines,
    samplePoints: [...sight.points.values()],
    ...(scan?.estimate && { scan: scan.estimate }),
    problems: failure
      ? [problemOfAsking(failure)]
      : [
          ...unseenNodes(request, source, seen, await hintOf(deps, newest, seen, sight, signal)),
          ...unseenMetrics(deps, request, source, wanted, sight, nodes.length === 0),
          ...(scan?.problems ?? []),
        ],
  };
}

/** It measures a release, and before a deployment there is none: only that it can be asked is looked at. */
function checkMeasurement(
  { healthSources }: Deps,
  { pipeline }: SourceCheckRequest,
  source: MeasurementSource,
): SourceCheck {
  const connection = connectionOf(pipeline, source);
  const asked = { source, connection, nodes: [], fromMs: 0, toMs: 0, intervalMs: minuteMs };
  const failure = healthSources.findProblem(asked);
  return {
    kind: source.kind,
    name: source.name,
    tookMs: 0,
    queries: healthSources.describe(asked),
    ...(source.connection !== undefined && { connection: source.connection, url: connection.url }),
    nodes: [],
    sampleLines: [],
    samplePoints: [],
    problems: failure ? [{ kind: 'missing', failure }] : [],
  };
}

/** Of the environments that are verified with this source; of all of them where none is. */
function environmentsOf(pipeline: Pipeline, source: string): readonly string[] {
  const verified = allStages(pipeline).flatMap(stage =>
    stage.kind === 'canary' && stage.verification.sources.includes(source) ? [stage.environment] : [],
  );
  return verified.length ? [...new Set(verified)] : Object.keys(pipeline.environments);
}

type Window = Pick<ReadRequest, 'fromMs' | 'toMs' | 'intervalMs'>;

/** Whole intervals up to now. */
function windowOf(endMs: number, lengthMs: number, intervalMs: number): Window {
  const toMs = Math.floor(endMs / intervalMs) * intervalMs;
  return { fromMs: toMs - Math.max(1, Math.round(lengthMs / intervalMs)) * intervalMs, toMs, intervalMs };
}

/** The interval that goes on counts as well: what was seen in it exists. */
function backFrom(endMs: number, lengthMs: number): Window {
  const intervalMs = Math.max(minuteMs, Math.ceil(lengthMs / buckets / minuteMs) * minuteMs);
  return windowOf(endMs + intervalMs, lengthMs + intervalMs, intervalMs);
}

/** Goes back until everything was seen. */
async function look(deps: Deps, newest: Newest, sight: Sight, signal: AbortSignal): Promise<Failure | undefined> {
  const { source, toMs } = newest;
  const backMs = source.lookBackMs ?? 24 * laterMs;
  const later = source.kind === 'logs' ? [Math.min(laterMs, backMs), backMs] : [backMs];
  for (const request of [newest, ...later.map(lengthMs => ({ ...newest, ...backFrom(toMs, lengthMs) }))]) {
    const missing = request.nodes.filter(node => !sight.nodes.has(node));
    if (missing.length === 0 && allMetricsSeen(source, sight)) return undefined;
    // A metric that was not seen may be that of any node.
    const read = await readInto(
      deps,
      { ...request, nodes: allMetricsSeen(source, sight) ? missing : request.nodes },
      sight,
      signal,
    );
    if (!read.ok) return read.failure;
  }
  return undefined;
}

function allMetricsSeen(source: ReadSource, { metrics }: Sight): boolean {
  return source.kind === 'logs' || source.metrics.every(({ name }) => metrics.has(name));
}

async function readInto(
  { healthSources, decoders }: Deps,
  request: ReadRequest,
  sight: Sight,
  signal: AbortSignal,
): Promise<Result<void>> {
  const enough = new AbortController();
  let rows = 0;
  const read = await healthSources.read(
    request,
    page => Promise.resolve(take(page)),
    AbortSignal.any([signal, enough.signal]),
  );
  function take(page: EvidencePage): Result<{ rows: number }> {
    const decode = decoders[page.decoder];
    if (!decode) return fail('bad-answer', `Nothing decodes the pages of "${page.source}" (${page.decoder}).`);
    const decoded = decode(page.bytes, page.context);
    if (!decoded.ok) return decoded;
    for (const line of decoded.value.lines ?? []) seeLine(sight, line);
    for (const point of decoded.value.points ?? []) seePoint(sight, point, request.nodes);
    rows += decoded.value.rows;
    if (request.source.kind === 'logs' && (rows >= mostRows || request.nodes.every(node => sight.nodes.has(node))))
      enough.abort();
    return succeed({ rows: decoded.value.rows });
  }
  if (read.ok || (enough.signal.aborted && !signal.aborted)) return succeed(undefined);
  if (signal.aborted) return fail('timeout', `Health source "${request.source.name}" did not answer in time.`);
  return read;
}

function seeLine({ nodes, lines }: Sight, line: LogLine): void {
  const isFirstOfNode = !nodes.has(line.node);
  nodes.add(line.node);
  if (isFirstOfNode && lines.length < sampleLines) lines.push(line);
}

/** Files and programs give whatever they have. Of others than `wanted`, if any are named, no value counts. */
function seePoint({ nodes, metrics, points, others }: Sight, point: MetricPoint, wanted: readonly string[]): void {
  if (point.value === null) return;
  if (wanted.length > 0 && !wanted.includes(point.node)) return void others.add(point.node);
  nodes.add(point.node);
  metrics.add(point.metric);
  const key = JSON.stringify([point.metric, point.node]);
  if ((points.get(key)?.atMs ?? -1) < point.atMs) points.set(key, point);
}

/** Where an environment has no node that was found, the names may be written otherwise. */
async function hintOf(
  { healthSources }: Deps,
  newest: ReadRequest,
  seen: readonly SeenNodes[],
  { nodes, others }: Sight,
  signal: AbortSignal,
): Promise<string> {
  const isAsked = seen.some(({ found, missing }) => found.length === 0 && missing.length > 0);
  const told = isAsked ? await healthSources.hintOfNodes(newest, signal) : undefined;
  const { nodeAttribute, versionAttribute } = newest.source;
  const wanted = versionAttribute === undefined ? 'names of the nodes' : 'version of the release';
  const ignored = [...others].filter(name => !nodes.has(name)).toSorted();
  const noted = ignored.length === 0 ? '' : ` It has ${listedNames(ignored)}, which are ignored.`;
  return told ?? `Check the query, and whether ${versionAttribute ?? nodeAttribute} has the ${wanted}.${noted}`;
}

/** A node on which nothing was ever deployed cannot have been seen. `hint`: where none was found. */
function unseenNodes(
  { isNew }: SourceCheckRequest,
  source: ReadSource,
  seen: readonly SeenNodes[],
  hint: string,
): readonly SourceProblem[] {
  const byVersion = source.versionAttribute !== undefined,
    what = byVersion ? 'version' : 'node';
  const isUnseen = (environment: string, name: string): boolean => !byVersion && isNew(environment, name);
  const problems = seen.flatMap(({ environment, found, missing }) => [
    { kind: 'missing' as const, environment, found, missing: missing.filter(node => !isUnseen(environment, node)) },
    { kind: 'notice' as const, environment, found, missing: missing.filter(node => isUnseen(environment, node)) },
  ]);
  return problems
    .filter(({ missing }) => missing.length > 0)
    .map(({ kind, environment, found, missing }): SourceProblem => ({
      kind,
      failure: fail(
        'not-found',
        `Health source "${source.name}" knows nothing of ` +
          `${missing.length === 1 ? `${what} ${missing[0]}` : `${missing.length} ${what}s`} of ` +
          `${environment}${listed(missing)}.`,
        {
          hint:
            found.length === 0
              ? hint
              : `Check its name in the environment; a node that is seldom heard of wants a longer \`lookBack\`.`,
        },
      ).failure,
    }));
}

function unseenMetrics(
  { healthSources }: Deps,
  { isNew }: SourceCheckRequest,
  source: ReadSource,
  environments: readonly string[],
  { metrics, nodes }: Sight,
  isUnasked: boolean,
): readonly SourceProblem[] {
  if (source.kind === 'logs' || (nodes.size === 0 && source.versionAttribute === undefined)) return [];
  return source.metrics
    .filter(({ name }) => !metrics.has(name))
    .map((metric): SourceProblem => ({
      kind: isUnasked || environments.every(environment => isNew(environment)) ? 'notice' : 'missing',
      failure: fail(
        'not-found',
        `Health source "${source.name}": metric "${metric.name}" had no value on any ` +
          `${source.versionAttribute === undefined ? 'node' : 'version'}.`,
        { hint: healthSources.hintOfMetric(source.vendor, metric) },
      ).failure,
    }));
}

const mostListed = 10;

/** `: a, b, ...` of several nodes; one is named before it. */
function listed(nodes: readonly string[]): string {
  return nodes.length <= 1 ? '' : `: ${listedNames(nodes)}`;
}

function listedNames(names: readonly string[]): string {
  return `${names.slice(0, mostListed).join(', ')}${names.length > mostListed ? ', ...' : ''}`;
}
