// How a script is asked.
import { fail, succeed } from '../../model/failure.ts';
import type { ProgramCall } from '../../model/outside.ts';
import type { ReadRequest } from '../../model/ports.ts';
import type { VendorPorts } from '../vendor.ts';
import type { ScriptSource } from './options.ts';

type ScriptRequest = ReadRequest & { readonly source: ScriptSource };

/** Its last line counts; what comes before it is of no use here. */
const mostBytes = 65_536;

export const scriptPorts: VendorPorts = {
  source: ({ machine, clock }) => ({
    async read(request, deliver, signal) {
      const { source } = request as ScriptRequest;
      if (!machine) return fail('refused', `Health source "${source.name}": no program is run here.`);
      const { command, exitCodes } = source.options;
      const startedAtMs = clock.now(),
        startedMs = clock.monotonicMs();
      const ran = await machine.runProgram(callOf(request as ScriptRequest), signal);
      if (!ran.ok) return ran;
      const { bytes, status } = ran.value;
      const size = bytes.length;
      const delivered = await deliver({
        source: source.name,
        decoder: 'scriptAnswer',
        bytes,
        context: {
          source: source.name,
          program: command[0] ?? '',
          status,
          failCode: exitCodes.fail,
          atMs: clock.now(),
        },
      });
      if (!delivered.ok) return delivered;
      const durationMs = clock.monotonicMs() - startedMs;
      return succeed({
        queries: [
          { source: source.name, text: command.join(' '), atMs: startedAtMs, durationMs, bytes: size, rows: 1 },
        ],
      });
    },
    describe: ({ source }) => [(source as ScriptSource).options.command.join(' ')],
    findProblem: request => machine?.findProblem(callOf(request as ScriptRequest)),
    hintOfMetric: () => '',
  }),
};

function callOf({ source, measured, fromMs, toMs }: ScriptRequest): ProgramCall {
  const { command, shell, directory, variables, environment, timeoutMs, exitCodes } = source.options;
  return {
    title: `Health source "${source.name}"`,
    command,
    shell,
    directory,
    variables,
    environment,
    timeoutMs,
    mostBytes,
    withErrors: false,
    statuses: [exitCodes.fail, exitCodes.inconclusive],
    values: {
      BACKSTOP_ENVIRONMENT: measured?.environment ?? '',
      BACKSTOP_STAGE: measured?.stage ?? '',
      BACKSTOP_PHASE: String(measured?.phase ?? ''),
      BACKSTOP_PURPOSE: measured?.purpose ?? '',
      BACKSTOP_VERSION: measured?.version ?? '',
      BACKSTOP_OTHER_VERSION: measured?.otherVersion ?? '',
      BACKSTOP_NODES: (measured?.nodes ?? []).join(','),
      BACKSTOP_OTHER_NODES: (measured?.otherNodes ?? []).join(','),
      BACKSTOP_SINCE: new Date(fromMs).toISOString(),
      BACKSTOP_SINCE_MS: String(fromMs),
      BACKSTOP_NOW: new Date(toMs).toISOString(),
      BACKSTOP_NOW_MS: String(toMs),
    },
  };
}
