// Runs a source's program for what a reading asks: once for each node, a few at a time, or once for all.
import { fail, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Machine, ProgramOutput } from '../../model/outside.ts';
import type { Clock, ReadRequest } from '../../model/ports.ts';
import { fillSide, type CommandOptions } from './options.ts';

export interface Run {
  /** Absent: it ran for all nodes. */
  readonly node?: string;
  readonly output: ProgramOutput;
  readonly endedAtMs: number;
}

export interface RunSettings {
  readonly options: CommandOptions;
  readonly withErrors: boolean;
  readonly mostBytes: number;
}

/** Each is a process; more of them at once would be in each other's way. */
const mostAtOnce = 6;

/** All of them in the order of the nodes, or why one of them failed. */
export async function runAll(
  { machine, clock }: { readonly machine: Machine; readonly clock: Clock },
  request: ReadRequest,
  settings: RunSettings,
  signal: AbortSignal,
): Promise<Result<readonly Run[]>> {
  const wanted: readonly (string | undefined)[] = settings.options.nodes === 'together' ? [undefined] : request.nodes;
  const queue = wanted.values();
  const runs: Run[] = [];
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  let failure: Result<never> | undefined;
  const work = async (): Promise<void> => {
    for (const node of queue) {
      const output = await machine.runProgram(callOf(request, settings, node), stop);
      if (!output.ok) {
        failure ??= output;
        failed.abort();
        return;
      }
      runs.push({ ...(node !== undefined && { node }), output: output.value, endedAtMs: clock.now() });
    }
  };
  await Promise.all(Array.from({ length: Math.min(mostAtOnce, wanted.length) }, work));
  if (signal.aborted) return fail('cancelled', `Health source "${request.source.name}" was not read to its end.`);
  return failure ?? succeed(runs.sort((one, other) => wanted.indexOf(one.node) - wanted.indexOf(other.node)));
}

function callOf(
  { source, nodes, fromMs, toMs }: ReadRequest,
  { options, withErrors, mostBytes }: RunSettings,
  node: string | undefined,
): Parameters<Machine['runProgram']>[0] {
  const { command, directory, variables, environment, timeoutMs } = options;
  const what = source.versionAttribute === undefined ? 'node' : 'version',
    variable = `BACKSTOP_${what.toUpperCase()}`;
  return {
    title: `Health source "${source.name}"${node === undefined ? '' : `, ${what} ${node}`}`,
    command: node === undefined ? command : command.map(argument => fillSide(argument, node)),
    directory,
    variables,
    environment,
    timeoutMs,
    mostBytes,
    withErrors,
    values: {
      BACKSTOP_FROM: new Date(fromMs).toISOString(),
      BACKSTOP_TO: new Date(toMs).toISOString(),
      BACKSTOP_FROM_MS: String(fromMs),
      BACKSTOP_TO_MS: String(toMs),
      [`${variable}S`]: nodes.join(','),
      ...(node !== undefined && { [variable]: node }),
    },
  };
}
