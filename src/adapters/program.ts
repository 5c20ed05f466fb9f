// Runs a program that a health source names, to its end: without a shell, in a process group of its own, with the
// environment of a command hook, for a bounded time and with a bounded output.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { fail, succeed } from '../model/failure.ts';
import type { Result } from '../model/failure.ts';
import type { Clock } from '../model/ports.ts';
import type { ProgramCall, ProgramOutput, RunProgram } from '../model/outside.ts';
import { prepareInvocation, type Invocation, type InvocationContext } from './hooks/commandHookInvocation.ts';
import { findProgramProblem } from './hooks/hookProgram.ts';
import { inOwnGroup, stopGroup } from './platform.ts';

export interface ProgramContext extends InvocationContext {
  readonly clock: Clock;
}

/** Of its error output the last line is quoted, which is among these. */
const keptErrorBytes = 8_192;
const lineFeed = 10;

export function createRunProgram(context: ProgramContext): RunProgram {
  return async (call, signal) => {
    const { command, directory, variables, environment, values, title } = call;
    const prepared = prepareInvocation(
      { name: title, command, shell: false, directory, variables, environment },
      values,
      context,
      title,
    );
    if (!prepared.ok) return prepared;
    if (signal.aborted) return stopped(call);
    const { command: filled } = prepared.value;
    const problem = findProgramProblem({ command: filled, shell: false }, prepared.value.directory, pathOf(context));
    if (problem) return fail('not-found', `${title} could not be started: ${problem.what}`, { hint: problem.hint });
    return follow(start(prepared.value), call, context.clock, signal);
  };
}

function pathOf({ env }: ProgramContext): string {
  return env['PATH'] ?? '';
}

function start({ command, directory, environment }: Invocation): ChildProcess {
  const [program = '', ...args] = command;
  return spawn(program, args, {
    cwd: resolve(directory),
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
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

type Ending = { readonly error: Error } | { readonly status: number | null; readonly killedBy: NodeJS.Signals | null };

function describeEnd(call: ProgramCall, end: Ending, output: ProgramOutput, errors: ProgramOutput) {
  if ('error' in end) return fail('not-found', `${call.title} could not be started.`, { cause: end.error.message });
  if (end.status === 0) return succeed(call.withErrors ? followedBy(output, errors) : output);
  const how = end.status === null ? `was ended by ${end.killedBy}` : `ended with exit code ${end.status}`;
  const said = lastLine(errors.bytes);
  const told = `${how}${said && `: ${said}`}`;
  return fail('bad-answer', `${call.title}: its program "${call.command[0]}" ${told.replace(/[.!?]?$/, '.')}`, {
    hint: 'Run it by hand with the same arguments; Backstop gives it only the environment that a command hook gets.',
  });
}

function followedBy(output: ProgramOutput, errors: ProgramOutput): ProgramOutput {
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

/** The last lines of a stream, `most` bytes, in memory that does not grow beyond twice as much. */
function keepEnd(stream: NodeJS.ReadableStream | null, most: number): () => ProgramOutput {
  let chunks: Buffer[] = [],
    held = 0,
    cut = 0;
  const shorten = (): void => {
    const whole = Buffer.concat(chunks);
    const start = whole.length - most;
    // A line of which the beginning is gone says nothing.
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
