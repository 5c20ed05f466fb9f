// Reads log lines that a program prints.
import type { ReadSummary } from '../../model/evidence/analysis.ts';
import { fail, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { ReadRequest } from '../../model/ports.ts';
import { isBinary } from '../transport/text/logText.decode.ts';
import type { Deliver } from '../vendor.ts';
import type { CommandLogsSource } from './options.ts';
import { runAll, type Run } from './runs.ts';

export type CommandLogsRequest = ReadRequest & { readonly source: CommandLogsSource };
type Runner = Parameters<typeof runAll>[0];

/** Of the output of one program. */
const mostBytes = 16 * 1_048_576;

export async function readCommandLogs(
  runner: Runner,
  request: CommandLogsRequest,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<Result<ReadSummary>> {
  const { options, name } = request.source;
  const startedAtMs = runner.clock.now(),
    startedMs = runner.clock.monotonicMs();
  const ran = await runAll(runner, request, { options, withErrors: options.withErrors, mostBytes }, signal);
  if (!ran.ok) return ran;
  let rows = 0,
    read = 0,
    cut = 0;
  for (const run of ran.value) {
    const { bytes } = run.output;
    if (isBinary(bytes))
      return fail('bad-answer', `Health source "${name}": its program "${options.command[0]}" prints no text.`);
    read += bytes.length;
    cut += run.output.cut;
    const delivered = await deliver({ source: name, decoder: 'commandLines', bytes, context: contextOf(request, run) });
    if (!delivered.ok) return delivered;
    rows += delivered.value.rows;
  }
  const durationMs = runner.clock.monotonicMs() - startedMs;
  return succeed({
    queries: [{ source: name, text: options.command.join(' '), atMs: startedAtMs, durationMs, bytes: read, rows }],
    ...(cut > 0 && { partial: { read: rows, total: Math.round((rows * (read + cut)) / read) } }),
  });
}

function contextOf(
  { source, nodes, fromMs, toMs }: CommandLogsRequest,
  { node, endedAtMs }: Run,
): Readonly<Record<string, string | number>> {
  const { command, zone, nodePattern = '' } = source.options;
  return {
    source: source.name,
    program: command[0] ?? '',
    zone,
    nowMs: endedAtMs,
    fromMs,
    toMs,
    ...(node === undefined ? { nodePattern, nodes: JSON.stringify(nodes) } : { node }),
  };
}
