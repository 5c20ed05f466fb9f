// A checked file to the pipeline that the engine runs: durations in milliseconds, names inside of things, every default filled in.
import type { ArtifactSource, Connection, HealthSource, Hook, MetricQuery, Pipeline } from '../model/pipeline.ts';
import { compileStages } from './compileStages.ts';
import { compileInputs, compileRetry, toMs } from './compileParts.ts';
import { newRelicUrls } from './defaults.ts';
import { parsePercent } from './durations.ts';
import type { PipelineText } from './schema.ts';

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
  };
}

function nameOfFile(file: string): string {
  const name = (file.split(/[/\\]/).at(-1) ?? '').replace(/\.ya?ml$/i, '');
  return name === '' ? 'pipeline' : name;
}

function mapValues<Value, Mapped>(record: Readonly<Record<string, Value>>, map: (value: Value, name: string) => Mapped): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}

function textValues(record: Readonly<Record<string, string | number | boolean>>): Record<string, string> {
  return mapValues(record, String);
}

function compileArtifact({ jenkins, version }: PipelineText['artifact']): ArtifactSource {
  if (jenkins) return { kind: 'jenkins', connection: jenkins.connection, job: jenkins.job, version: jenkins.version };
  return { kind: 'version', ...(version?.pattern !== undefined && { pattern: version.pattern }) };
}

function compileConnection({ newRelic, sumoLogic, jenkins }: PipelineText['connections'][string]): Connection {
  if (newRelic) {
    const { account, credential, region, url, entity } = newRelic;
    return { kind: 'newRelic', url: url ?? newRelicUrls[region], account, credential, ...(entity !== undefined && { entity }) };
  }
  if (sumoLogic) return { kind: 'sumoLogic', ...sumoLogic };
  return { kind: 'jenkins', url: jenkins?.url ?? '', credential: jenkins?.credential ?? '' };
}

function compileHook(hook: PipelineText['hooks'][string], name: string): Hook {
  const common = { name, timeoutMs: toMs(hook.timeout), retry: compileRetry(hook.retry), nodes: hook.nodes };
  if (hook.http) {
    const { method, url, headers, body, credential, expectStatus } = hook.http;
    return {
      ...common, kind: 'http', method, url, headers: textValues(headers), expectStatus,
      ...(body !== undefined && { body }), ...(credential !== undefined && { credential }),
    };
  }
  if (hook.jenkins) return { ...common, kind: 'jenkins', connection: hook.jenkins.connection, job: hook.jenkins.job, parameters: textValues(hook.jenkins.parameters) };
  const command = Array.isArray(hook.command) ? hook.command.map(String) : [hook.command ?? ''];
  return { ...common, kind: 'command', command, shell: hook.shell, directory: hook.directory, variables: textValues(hook.variables) };
}

function compileSource({ newRelic, sumoLogic }: PipelineText['healthSources'][string], name: string): HealthSource {
  if (newRelic) {
    const metrics = Object.entries(newRelic.metrics).map(([metric, query]) => compileMetric(metric, query));
    return { kind: 'metrics', name, connection: newRelic.connection, nodeAttribute: newRelic.node, delayMs: toMs(newRelic.delay), metrics };
  }
  return {
    kind: 'logs', name, connection: sumoLogic?.connection ?? '', query: sumoLogic?.query ?? '',
    nodeAttribute: sumoLogic?.node ?? '', delayMs: toMs(sumoLogic?.delay ?? '0s'),
  };
}

type MetricText = NonNullable<PipelineText['healthSources'][string]['newRelic']>['metrics'][string];
function compileMetric(name: string, { select, from, where, kind, per, direction, unit, tolerance }: MetricText): MetricQuery {
  return {
    name, select, from, kind, direction, unit,
    ...(where !== undefined && { where }),
    ...(per !== undefined && { denominator: per }),
    ...(tolerance !== undefined && { tolerance: typeof tolerance === 'number' ? tolerance : parsePercent(tolerance) ?? 0 }),
  };
}
