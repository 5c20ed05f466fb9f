// Answers what a host asks beside runs: it only reads, and through the same adapters that a run uses.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DecoderName, Decode } from '../model/analysis.ts';
import type { LogLine, MetricPoint } from '../model/evidence.ts';
import { fail, succeed, type Result } from '../model/failure.ts';
import type { ConnectionTest, Inspection } from '../model/inspection.ts';
import { allStages, type HealthSource, type Pipeline } from '../model/pipeline.ts';
import type { Artifacts, Clock, Configurations, HealthSources, ReadRequest } from '../model/ports.ts';
import type { Redactor } from '../model/redact.ts';
import { hookFolder } from './home.ts';
import { decodeNewRelicLogs } from './newRelicLogs.decode.ts';
import { decodeNewRelicSeries } from './newRelicSeries.decode.ts';
import { decodeSumoMessages } from './sumoMessages.decode.ts';

export interface InspectionOptions {
  readonly home: string;
  readonly clock: Clock;
  readonly healthSources: HealthSources;
  readonly artifacts: Artifacts;
  readonly configurations: Configurations;
  readonly redact: Redactor;
}

const decoders: Readonly<Record<DecoderName, Decode>> = { newRelicSeries: decodeNewRelicSeries, newRelicLogs: decodeNewRelicLogs, sumoMessages: decodeSumoMessages };
/** Logs come in thousands of lines a minute, and here they are read on the host's own thread. */
const testedMs = { metrics: 5 * 60_000, logs: 60_000 };
const intervalMs = 60_000;
const sampleLines = 5;
const largestOutputBytes = 1_000_000;

export function createInspection(options: InspectionOptions): Inspection {
  const { artifacts, configurations } = options;
  return {
    async builds(pipeline, limit) {
      const { artifact } = pipeline;
      if (artifact.kind !== 'jenkins') return fail('invalid', `The artifact of ${pipeline.name} does not come from Jenkins.`);
      return artifacts.list(artifact, pipeline.connections[artifact.connection]!, limit, new AbortController().signal);
    },
    async testConnections(pipeline, onAnswer, signal) {
      for (const source of Object.values(pipeline.healthSources)) {
        if (signal.aborted) return;
        onAnswer(await testSource(options, pipeline, source, signal));
      }
    },
    configurationFile: digest => configurations.read(digest),
    hookOutput: (runId, callKey) => readOutput(options, runId, callKey),
  };
}

async function testSource({ healthSources, clock }: InspectionOptions, pipeline: Pipeline, source: HealthSource, signal: AbortSignal): Promise<ConnectionTest> {
  const connection = pipeline.connections[source.connection]!;
  const toMs = Math.floor((clock.now() - source.delayMs) / intervalMs) * intervalMs;
  const request: ReadRequest = { source, connection, nodes: source.kind === 'metrics' && source.versionAttribute !== undefined ? [] : nodesOf(pipeline, source.name), fromMs: toMs - testedMs[source.kind], toMs, intervalMs };
  const lines: LogLine[] = [], newest = new Map<string, MetricPoint>();
  let lineCount = 0, pointCount = 0;
  const startedAtMs = clock.now();
  const read = await healthSources.read(request, page => Promise.resolve(take(page)), signal);
  function take(page: Parameters<Parameters<HealthSources['read']>[1]>[0]): Result<{ rows: number }> {
    const decoded = decoders[page.decoder](page.bytes, page.context);
    if (!decoded.ok) return decoded;
    for (const line of decoded.value.lines ?? []) { lineCount += 1; if (lines.length < sampleLines) lines.push(line); }
    for (const point of decoded.value.points ?? []) {
      if (point.value === null) continue;
      pointCount += 1;
      if ((newest.get(point.metric)?.atMs ?? 0) <= point.atMs) newest.set(point.metric, point);
    }
    return succeed({ rows: decoded.value.rows });
  }
  return {
    source: source.name, connection: source.connection, url: connection.url, nodes: request.nodes, fromMs: request.fromMs, toMs, tookMs: clock.now() - startedAtMs,
    queries: healthSources.describe(request), ...(!read.ok && { failure: read.failure }),
    lines: lineCount, points: pointCount, sampleLines: lines, samplePoints: [...newest.values()],
  };
}

/** Of the environments that are verified with this source; of all of them where none is. */
function nodesOf(pipeline: Pipeline, source: string): readonly string[] {
  const verified = allStages(pipeline).flatMap(stage => stage.kind === 'canary' && stage.verification.sources.includes(source) ? [stage.environment] : []);
  const names = verified.length ? verified : Object.keys(pipeline.environments);
  return [...new Set(names.flatMap(name => pipeline.environments[name]?.nodes ?? []))];
}

/** The supervisor's file is a list of frames: a mark, a length, and so many bytes. */
async function readOutput({ home, redact }: InspectionOptions, runId: string, callKey: string): Promise<string> {
  const path = join(hookFolder(home, runId, callKey), 'output.log');
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size === 0 || size > 16 * largestOutputBytes) return '';
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) return '';
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at);
    if (end < 0) break;
    const length = Number(bytes.toString('latin1', at, end).split(' ')[1]) || 0;
    pieces.push(bytes.subarray(end + 1, end + 1 + length));
    at = end + 1 + length;
  }
  return redact(Buffer.concat(pieces).subarray(-largestOutputBytes).toString('utf8'));
}
