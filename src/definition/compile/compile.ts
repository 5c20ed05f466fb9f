// Compiles a checked file into the pipeline that the engine runs: durations in milliseconds, each entry with its name,
// and every default filled in.
import { textValues } from '../../model/file/fields.ts';
import { weightsOf } from '../../model/runs/nodeWeights.ts';
import { toMs } from '../../model/file/durations.ts';
import type { Hook } from '../../model/hook.ts';
import type { ArtifactSource, Connection, Environment, Pipeline } from '../../model/pipeline.ts';
import type { HealthSource } from '../../model/healthSource.ts';
import type { VendorDefinition } from '../../vendors/vendor.ts';
import type { PipelineText } from '../schema/schema.ts';
import { compileInputs, compileRetry } from './compileParts.ts';
import { compileStages } from './compileStages.ts';

type Vendors = readonly VendorDefinition[];

/** Requires a file without errors. */
export function compilePipeline(text: PipelineText, file: string, vendors: Vendors): Pipeline {
  return {
    name: text.name ?? nameOfFile(file),
    file,
    service: text.service,
    ...(text.id !== undefined && { repository: text.id }),
    ...(text.description !== undefined && { description: text.description }),
    artifact: compileArtifact(text.artifact, vendors),
    inputs: compileInputs(text.inputs),
    configuration: { files: text.configuration.files, variables: textValues(text.configuration.variables) },
    connections: mapValues(text.connections, connection => compileConnection(connection, vendors)),
    environments: mapValues(text.environments, compileEnvironment),
    hooks: mapValues(text.hooks, (hook, name) => compileHook(hook, name, vendors)),
    healthSources: mapValues(text.healthSources, (source, name) => compileSource(source, name, vendors)),
    stages: compileStages(text),
    unattended: { afterMs: toMs(text.unattended.after), act: text.unattended.do },
  };
}

function compileEnvironment({ nodes, whenBusy }: PipelineText['environments'][string], name: string): Environment {
  if (Array.isArray(nodes)) {
    const named = nodes.map(node => (typeof node === 'string' ? { name: node, weight: 1 } : node)),
      isWeighted = nodes.some(node => typeof node !== 'string'),
      weights = isWeighted ? weightsOf(named) : undefined;
    return { name, nodes: named.map(node => node.name), ...(weights && { weights }), whenBusy };
  }
  const { command, directory, variables, environment, timeout } = nodes;
  return {
    name,
    nodes: [],
    whenBusy,
    nodesCommand: {
      command: command.map(String),
      directory,
      environment,
      variables: textValues(variables),
      timeoutMs: toMs(timeout),
    },
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

function compileArtifact(artifact: PipelineText['artifact'], vendors: Vendors): ArtifactSource {
  for (const { kind, title, artifact: builds } of vendors) {
    const part = builds && partOf(artifact, kind);
    if (part) return { kind: 'build', vendor: kind, title, ...builds.compile(part) };
  }
  const { version } = artifact;
  return { kind: 'version', ...(version?.pattern !== undefined && { pattern: version.pattern }) };
}

/** The value under a vendor's key. The schema has these keys, but its type does not. */
function partOf(part: object, kind: string): unknown {
  return (part as Readonly<Record<string, unknown>>)[kind];
}

/** The checks ensure that each connection belongs to exactly one vendor. */
function compileConnection(connection: PipelineText['connections'][string], vendors: Vendors): Connection {
  const { kind, title, connection: definition } = vendorOf(connection, vendors);
  const compiled = definition!.compile(connection[kind]);
  return { vendor: kind, ...compiled, ...(compiled.marks && { title }) };
}

function compileSource(source: PipelineText['healthSources'][string], name: string, vendors: Vendors): HealthSource {
  const { kind, source: definition } = vendorOf(source, vendors);
  return { name, vendor: kind, ...definition!.compile(source[kind]) };
}

function vendorOf(part: Readonly<Record<string, unknown>>, vendors: Vendors): VendorDefinition {
  return vendors.find(({ kind }) => part[kind] !== undefined)!;
}

function compileHook(hook: PipelineText['hooks'][string], name: string, vendors: Vendors): Hook {
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
  for (const { kind, title, hook: job } of vendors) {
    const part = job && partOf(hook, kind);
    if (part) return { ...common, kind: 'job', vendor: kind, title, ...job.compile(part) };
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
