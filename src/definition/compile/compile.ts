// A checked file to the pipeline that the engine runs: durations in milliseconds, names inside of things, every default filled in.
import type {
  ArtifactSource,
  Connection,
  EntityName,
  HealthSource,
  Hook,
  LogsSource,
  MetricLimit,
  MetricQuery,
  MetricsSource,
  NrqlMetric,
  Pipeline,
  SumoMetric,
} from '../../model/pipeline.ts';
import { parseBytes } from '../../model/byteSize.ts';
import { compileStages } from './compileStages.ts';
import { compileInputs, compileRetry, toMs } from './compileParts.ts';
import { defaults, newRelicUrls } from './defaults.ts';
import { parsePercent } from '../schema/durations.ts';
import { metricsOfPacks } from './metricPacks.ts';
import type { PipelineText } from '../schema/schema.ts';

type NewRelicText = NonNullable<PipelineText['connections'][string]['newRelic']>;

/** Only for a file without errors. */
export function compilePipeline(text: PipelineText, file: string): Pipeline {
  return {
    name: text.name ?? nameOfFile(file),
    file,
    service: text.service,
    ...(text.description !== undefined && { description: text.description }),
    artifact: compileArtifact(text.artifact),
    inputs: compileInputs(text.inputs),
    configuration: { files: text.configuration.files, variables: textValues(text.configuration.variables) },
    connections: mapValues(text.connections, compileConnection),
    environments: mapValues(text.environments, ({ nodes, whenBusy }, name) => ({ name, nodes, whenBusy })),
    hooks: mapValues(text.hooks, compileHook),
    healthSources: mapValues(text.healthSources, compileSource),
    stages: compileStages(text),
    unattended: { afterMs: toMs(text.unattended.after), act: text.unattended.do },
  };
}

function nameOfFile(file: string): string {
  const name = (file.split(/[/\\]/).at(-1) ?? '').replace(/\.ya?ml$/i, '');
  return name === '' ? 'pipeline' : name;
}

function mapValues<Value, Mapped>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value, name: string) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}

function textValues(record: Readonly<Record<string, string | number | boolean>>): Record<string, string> {
  return mapValues(record, String);
}

function compileArtifact({ jenkins, version }: PipelineText['artifact']): ArtifactSource {
  if (jenkins) {
    const { connection, job, branch, version: from, file, watch } = jenkins;
    return {
      kind: 'jenkins',
      connection,
      job: nameJob(job, branch),
      version: from,
      watch,
      ...(file !== undefined && { file }),
    };
  }
  return { kind: 'version', ...(version?.pattern !== undefined && { pattern: version.pattern }) };
}

/** Jenkins names the job of a branch with the signs escaped that an address gives a meaning to. */
function nameJob(job: string, branch: string | undefined): string {
  return branch === undefined ? job : `${job}/${branch.replaceAll(/[#%/?[\]\\]/g, encodeURIComponent)}`;
}

function compileConnection({ newRelic, sumoLogic, jenkins }: PipelineText['connections'][string]): Connection {
  if (newRelic) {
    const { account, credential, region, url, entity, limits } = newRelic;
    return {
      kind: 'newRelic',
      url: url ?? newRelicUrls[region],
      account,
      credential,
      ...(entity !== undefined && { entity: compileEntity(entity) }),
      limits,
    };
  }
  if (sumoLogic) return { kind: 'sumoLogic', ...sumoLogic };
  return { kind: 'jenkins', url: jenkins?.url ?? '', credential: jenkins?.credential ?? '' };
}

function compileEntity(entity: NewRelicText['entity'] & {}): string | EntityName {
  if (typeof entity === 'string') return entity;
  const [domain, type] = entity.type?.split('-') ?? [];
  return { name: entity.name, ...(domain !== undefined && { domain }), ...(type !== undefined && { type }) };
}

function compileHook(hook: PipelineText['hooks'][string], name: string): Hook {
  const common = { name, timeoutMs: toMs(hook.timeout), retry: compileRetry(hook.retry), nodes: hook.nodes };
  if (hook.http) {
    const { method, url, headers, body, credential, expectStatus } = hook.http;
    return {
      ...common,
      kind: 'http',
      method,
      url,
      headers: textValues(headers),
      expectStatus,
      ...(body !== undefined && { body }),
      ...(credential !== undefined && { credential }),
    };
  }
  if (hook.jenkins) {
    const { connection, job, branch, expectResult, parameters } = hook.jenkins;
    return {
      ...common,
      kind: 'jenkins',
      connection,
      job: nameJob(job, branch),
      expectResult,
      parameters: textValues(parameters),
    };
  }
  const command = Array.isArray(hook.command) ? hook.command.map(String) : [hook.command ?? ''];
  return {
    ...common,
    kind: 'command',
    command,
    shell: hook.shell,
    directory: hook.directory,
    variables: textValues(hook.variables),
    ...(hook.environment.length > 0 && { environment: hook.environment }),
  };
}

function compileSource({ newRelic, sumoLogic }: PipelineText['healthSources'][string], name: string): HealthSource {
  if (newRelic)
    return newRelic.logs === undefined ? compileMetrics(newRelic, name) : compileLogs(newRelic, newRelic.logs, name);
  const common = {
    name,
    connection: sumoLogic?.connection ?? '',
    nodeAttribute: sumoLogic?.node ?? '',
    delayMs: toMs(sumoLogic?.delay ?? '0s'),
    lookBackMs: toMs(sumoLogic?.lookBack ?? defaults.lookBack),
  };
  return sumoLogic?.metrics
    ? {
        kind: 'metrics',
        ...common,
        metrics: Object.entries(sumoLogic.metrics).map(([metric, text]) => compileSumoMetric(metric, text)),
      }
    : {
        kind: 'logs',
        ...common,
        query: sumoLogic?.query ?? '',
        ...(sumoLogic?.mostScanned !== undefined && { mostScannedBytes: parseBytes(sumoLogic.mostScanned) ?? 0 }),
      };
}

type SourceText = NonNullable<PipelineText['healthSources'][string]['newRelic']>;

/** A metric of one's own stands where the pack's metric of that name would. */
function compileMetrics(
  { connection, node, version, delay, lookBack, packs, app, apdexT, metrics = {} }: SourceText,
  name: string,
): MetricsSource {
  const own = Object.entries(metrics).map(([metric, query]) => compileMetric(metric, query));
  const packed = metricsOfPacks(packs ?? [], {
    ...(app !== undefined && { app }),
    apdexSeconds: toMs(apdexT) / 1000,
    hostAttribute: node ?? defaults.newRelic.hostNode,
  });
  // Hosts know no version.
  const told = version === undefined ? packed : packed.filter(metric => metric.nodeAttribute === undefined);
  const all = [...new Map([...told, ...own].map(metric => [metric.name, metric])).values()];
  return {
    kind: 'metrics',
    name,
    connection,
    nodeAttribute: node ?? defaults.newRelic.node,
    ...(version !== undefined && { versionAttribute: version }),
    delayMs: toMs(delay),
    lookBackMs: toMs(lookBack),
    metrics: all,
  };
}

function compileLogs(
  { connection, node, delay, lookBack, message }: SourceText,
  query: string,
  name: string,
): LogsSource {
  return {
    kind: 'logs',
    name,
    connection,
    query,
    nodeAttribute: node ?? defaults.newRelic.hostNode,
    delayMs: toMs(delay),
    lookBackMs: toMs(lookBack),
    messageAttribute: message,
  };
}

type MetricText = NonNullable<SourceText['metrics']>[string];
function compileMetric(name: string, { select, from, where, ...judged }: MetricText): NrqlMetric {
  return { ...compileJudged(name, judged), select, from, ...(where !== undefined && { where }) };
}

const defaultRollups = { gauge: 'avg', count: 'sum', cumulative: 'max', histogram: 'max' } as const;
type SumoMetricText = NonNullable<NonNullable<PipelineText['healthSources'][string]['sumoLogic']>['metrics']>[string];
function compileSumoMetric(name: string, { query, rollup, ...judged }: SumoMetricText): SumoMetric {
  return { ...compileJudged(name, judged), query, rollup: rollup ?? defaultRollups[judged.kind] };
}

function compileJudged(
  name: string,
  {
    kind,
    bounds,
    percentile,
    per,
    direction,
    unit,
    tolerance,
    floor,
    limit,
    ignore,
    node,
  }: Omit<MetricText, 'select' | 'from' | 'where'>,
) {
  return {
    name,
    kind: kind === 'count' || kind === 'cumulative' ? ('count' as const) : ('gauge' as const),
    ...(kind === 'cumulative' && { isCumulative: true }),
    direction,
    unit,
    ...(kind === 'histogram' && {
      histogram: { bounds: bounds ?? [], percentile: percentile ?? defaults.metric.percentile },
    }),
    ...(per !== undefined && { denominator: per }),
    ...(tolerance !== undefined && {
      tolerance: typeof tolerance === 'number' ? tolerance : (parsePercent(tolerance) ?? 0),
    }),
    ...(floor !== undefined && { floor }),
    ...(limit && { limit: compileLimit(limit) }),
    ...(ignore && { ignore: compileRange(ignore) }),
    ...(node !== undefined && { nodeAttribute: node }),
  };
}

function compileLimit({ above, below, times, inARow }: NonNullable<MetricText['limit']>): MetricLimit {
  return { ...(above !== undefined && { above }), ...(below !== undefined && { below }), times, inARow };
}

function compileRange({ from, to }: NonNullable<MetricText['ignore']>): NonNullable<MetricQuery['ignore']> {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}
