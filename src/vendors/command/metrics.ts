// Reads values of metrics that a program prints.
import type { ReadSummary } from '../../model/evidence/analysis.ts';
import { fail, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { ReadRequest } from '../../model/ports.ts';
import { parseSelector } from '../../model/file/seriesSelector.ts';
import { leadOf } from '../transport/decode/counters.decode.ts';
import { isBinary } from '../transport/text/logText.decode.ts';
import { wantedMetrics, type SampleMetric } from '../transport/text/samplePoints.decode.ts';
import type { Deliver } from '../vendor.ts';
import type { CommandMetricsSource } from './options.ts';
import type { Reading, Readings } from './readings.ts';
import { runAll, type Run } from './runs.ts';

export type CommandMetricsRequest = ReadRequest & { readonly source: CommandMetricsSource };
type Runner = Parameters<typeof runAll>[0];

/** Of the output of one program: a page of metrics has some hundred kilobytes. */
const mostBytes = 4 * 1_048_576;

export async function readCommandMetrics(
  runner: Runner & { readonly readings: Readings },
  request: CommandMetricsRequest,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<Result<ReadSummary>> {
  const { options, name } = request.source;
  const startedAtMs = runner.clock.now(),
    startedMs = runner.clock.monotonicMs();
  const ran = await runAll(runner, request, { options, withErrors: false, mostBytes }, signal);
  if (!ran.ok) return ran;
  let rows = 0,
    bytes = 0;
  for (const run of ran.value) {
    const problem = problemOf(request, run);
    if (problem) return problem;
    bytes += run.output.bytes.length;
    const delivered = await deliver(pageOf(request, run, remember(runner.readings, request, run)));
    if (!delivered.ok) return delivered;
    rows += delivered.value.rows;
  }
  const durationMs = runner.clock.monotonicMs() - startedMs;
  return succeed({
    queries: [{ source: name, text: options.command.join(' '), atMs: startedAtMs, durationMs, bytes, rows }],
  });
}

/** The beginning of a longer output may hold what is asked for: it is no measurement. */
function problemOf({ source }: CommandMetricsRequest, { output }: Run): Result<never> | undefined {
  const program = `Health source "${source.name}": its program "${source.options.command[0]}"`;
  if (isBinary(output.bytes)) return fail('bad-answer', `${program} prints no text.`);
  return output.cut === 0
    ? undefined
    : fail('bad-answer', `${program} prints more than ${mostBytes / 1_048_576} MB.`, {
        hint: 'Let it print only the metrics that the pipeline names.',
      });
}

function remember(
  readings: Readings,
  { source, fromMs, intervalMs }: CommandMetricsRequest,
  { node, output, endedAtMs }: Run,
): readonly Reading[] {
  const names = source.metrics.map((metric: SampleMetric) => nameOf(metric.options.series));
  const key = JSON.stringify([source.options, names, node]);
  // A reading that asks for an hour must not make the next one forget minutes.
  const sinceMs = Math.min(fromMs - leadOf(intervalMs), endedAtMs - keptMs);
  return readings.add(key, { atMs: endedAtMs, bytes: onlyOf(output.bytes, names) }, sinceMs);
}

/** As long as late values are asked for again, with what they are counted from. */
const keptMs = 15 * 60_000;

function nameOf(series: string): string {
  const parsed = parseSelector(series);
  return 'selector' in parsed ? parsed.selector.name : series;
}

/** Of the text format, the lines of these metrics and of their types; JSON as it is. */
function onlyOf(bytes: Uint8Array<ArrayBuffer>, names: readonly string[]): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  if (/^\s*[[{]/.test(text.slice(0, 1_000))) return bytes;
  const kept = text
    .split('\n')
    .filter(line => line.startsWith('# TYPE') || names.some(name => line.trimStart().startsWith(name)));
  return new TextEncoder().encode(kept.length > 0 ? `${kept.join('\n')}\n` : text.slice(0, 1_000));
}

function pageOf(
  { source, nodes, fromMs, toMs, intervalMs }: CommandMetricsRequest,
  { node, endedAtMs }: Run,
  readings: readonly Reading[],
): Parameters<Deliver>[0] {
  const { keys, zone, command } = source.options;
  return {
    source: source.name,
    decoder: 'commandSamples',
    bytes: new Uint8Array(Buffer.concat(readings.map(one => one.bytes))),
    context: {
      source: source.name,
      program: command[0] ?? '',
      zone,
      nowMs: endedAtMs,
      fromMs: fromMs - leadOf(intervalMs),
      toMs: Math.max(toMs, Math.min(endedAtMs + 1, toMs + intervalMs)),
      intervalMs,
      metrics: JSON.stringify(wantedMetrics(source.metrics)),
      keys: JSON.stringify(keys),
      readings: JSON.stringify(readings.map(one => [one.atMs, one.bytes.length])),
      ...(node === undefined ? { nodes: JSON.stringify(nodes) } : { node }),
    },
  };
}
