// Runs a program that a health source names to its end: in its own process group, with the environment of a command
// hook, with limits for time and output, and without a shell unless the pipeline asks for one.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { fail, succeed } from '../model/failure.ts';
import type { Result } from '../model/failure.ts';
import type { Clock } from '../model/ports.ts';
import type { Machine, ProgramCall, ProgramOutput } from '../model/outside.ts';
import { prepareInvocation, type Invocation, type InvocationContext } from './hooks/commandHookInvocation.ts';
import { findProgramProblem } from './hooks/hookProgram.ts';
import { inOwnGroup, shellCall, stopGroup } from './platform.ts';

export interface ProgramContext extends InvocationContext {
  readonly clock: Clock;
}

/** Enough to contain the last line of the error output, which is quoted in failures. */
const keptErrorBytes = 8_192;
const lineFeed = 10;

export function createMachine(context: ProgramContext): Machine {
  return {
    folder: context.folder,
    runProgram(call, signal) {
      const prepared = prepare(call, context);
      if (!prepared.ok) return Promise.resolve(prepared);
      if (signal.aborted) return Promise.resolve(stopped(call));
      return follow(start(prepared.value), call, context.clock, signal);
    },
    findProblem(call) {
      const prepared = prepare(call, context);
      return prepared.ok ? undefined : prepared.failure;
    },
  };
}

function prepare(
  { command, shell = false, directory, variables, environment, values, title }: ProgramCall,
  context: ProgramContext,
): Result<Invocation> {
  const prepared = prepareInvocation(
    { name: title, command, shell, directory, variables, environment },
    values,
    context,
    title,
  );
  if (!prepared.ok) return prepared;
  const { command: filled, directory: folder } = prepared.value;
  const problem = findProgramProblem({ command: filled, shell }, folder, pathOf(context));
  return problem
    ? fail('not-found', `${title} could not be started: ${problem.what}`, { hint: problem.hint })
    : prepared;
}

function pathOf({ env }: ProgramContext): string {
  return env['PATH'] ?? '';
}

function start({ command, shell, directory, environment }: Invocation): ChildProcess {
  const [program = '', ...args] = command;
  const {
    file,
    args: given,
    windowsVerbatimArguments,
  } = shell ? shellCall(command.join(' '), environment) : { file: program, args, windowsVerbatimArguments: false };
  return spawn(file, given, {
    cwd: resolve(directory),
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsVerbatimArguments,
    ...inOwnGroup(),
  });
}

async function follow(
  child: ChildProcess,
  call: ProgramCall,
  clock: Clock,
  signal: AbortSignal,
): Promise<Result<ProgramOutput>> {
  const output = keepEnd(child.stdout, call.mostBytes),
    errors = keepEnd(child.stderr, call.withErrors ? call.mostBytes : keptErrorBytes);
  const over = new AbortController();
  const ended = new Promise<Ending>(resolveEnd => {
    child.once('error', error => resolveEnd({ error }));
    child.once('close', (status, killedBy) => resolveEnd({ status, killedBy }));
  });
  const alarm = clock.sleep(call.timeoutMs, AbortSignal.any([over.signal, signal])).then(() => 'late' as const);
  const first = await Promise.race([ended, alarm]);
  over.abort();
  if (first === 'late') {
    if (child.pid !== undefined) stopGroup(child.pid, 'SIGKILL');
    // A grandchild that left the group may hold the pipes open for ever.
    child.stdout?.destroy();
    child.stderr?.destroy();
    return signal.aborted ? stopped(call) : late(call);
  }
  return describeEnd(call, first, output(), errors());
}

type Kept = Omit<ProgramOutput, 'status'>;
type Ending = { readonly error: Error } | { readonly status: number | null; readonly killedBy: NodeJS.Signals | null };

function describeEnd(call: ProgramCall, end: Ending, output: Kept, errors: Kept): Result<ProgramOutput> {
  if ('error' in end) return fail('not-found', `${call.title} could not be started.`, { cause: end.error.message });
  if (end.status !== null && [0, ...(call.statuses ?? [])].includes(end.status)) {
    const whole = call.withErrors ? followedBy(output, errors) : output;
    return succeed({ ...whole, status: end.status });
  }
  const how = end.status === null ? `was ended by ${end.killedBy}` : `ended with exit code ${end.status}`;
  const said = lastLine(errors.bytes);
  const told = `${how}${said && `: ${said}`}`;
  return fail('bad-answer', `${call.title}: its program "${call.command[0]}" ${told.replace(/[.!?]?$/, '.')}`, {
    hint: 'Run it by hand with the same arguments; Backstop gives it only the environment that a command hook gets.',
  });
}

function followedBy(output: Kept, errors: Kept): Kept {
  const lines = [output, errors].map(({ bytes }) => bytes).filter(({ length }) => length > 0);
  const bytes = Buffer.concat(lines.flatMap((part, k) => (k === 0 ? [part] : [Buffer.from('\n'), part])));
  return { bytes: new Uint8Array(bytes), cut: output.cut + errors.cut };
}

function late({ title, command, timeoutMs }: ProgramCall): Result<never> {
  return fail('timeout', `${title}: its program "${command[0]}" took longer than ${timeoutMs / 1_000} s.`, {
    hint: 'Make it faster, or give it a longer `timeout`. It must end by itself, without `-f`.',
  });
}

function stopped({ title }: ProgramCall): Result<never> {
  return fail('cancelled', `${title} was not read to its end.`);
}

const longestQuote = 300;

function lastLine(bytes: Uint8Array): string {
  const lines = new TextDecoder().decode(bytes).trimEnd().split('\n');
  return (lines.at(-1) ?? '').trim().slice(0, longestQuote);
}

/** Keeps the last `most` bytes of a stream, using at most twice as much memory. */
function keepEnd(stream: NodeJS.ReadableStream | null, most: number): () => Kept {
  let chunks: Buffer[] = [],
    held = 0,
    cut = 0;
  const shorten = (): void => {
    const whole = Buffer.concat(chunks);
    const start = whole.length - most;
    // A line without its beginning is useless, so it is dropped.
    const kept = whole.subarray(start > 0 ? whole.indexOf(lineFeed, start) + 1 || start : 0);
    cut += whole.length - kept.length;
    chunks = [Buffer.from(kept)];
    held = kept.length;
  };
  stream?.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    held += chunk.length;
    if (held > 2 * most) shorten();
  });
  return () => {
    shorten();
    return { bytes: new Uint8Array(chunks[0] ?? Buffer.alloc(0)), cut };
  };
}
