// Describes how a command hook ended, in sentences that name the hook, its nodes and what to check.
import { join } from 'node:path';
import type { Failure, FailureKind } from '../../model/failure.ts';
import type { HookRequest } from '../../model/ports.ts';
import type { HookOutcome } from '../../model/runs/runEvents.ts';
import type { HookExit, HookStop } from './commandHookFolder.ts';
import { findProgramProblem, type ProgramProblem } from './hookProgram.ts';
import type { CommandHook } from './commandHookInvocation.ts';

export interface EndedHook {
  readonly request: HookRequest;
  readonly hook: CommandHook;
  readonly folder: string;
  readonly durationMs: number;
  readonly lastLines: (stream: 'out' | 'err') => string;
  readonly redact: (text: string) => string;
  /** The folder in which it ran, and the path in which its programs are searched. */
  readonly directory: string;
  readonly path: string;
}

const LONGEST_DETAIL = 200;
const NAMED_NODES = 5;

export function describeExit(ended: EndedHook, exit: HookExit): HookOutcome {
  const { request, durationMs, lastLines } = ended;
  if (exit.neverStarted) return failedHook(request, 0, exit.neverStarted.end, exit.neverStarted);
  if (exit.error) return describeRefusal(ended, exit.error);
  if (exit.exitCode === 0) {
    const detail = lastLines('out').split('\n').at(-1)!.slice(0, LONGEST_DETAIL);
    return { kind: 'succeeded', durationMs, ...(detail && { detail }) };
  }
  // The exit statuses of shells and of `env` for a program that is not found or not executable.
  const problem = exit.exitCode === 127 || exit.exitCode === 126 ? findProblem(ended) : undefined;
  if (problem)
    return failedHook(request, durationMs, `could not be started: ${problem.what}`, {
      ...sawLast(ended),
      hint: problem.hint,
    });
  const how = exit.exitCode === null ? `was ended by ${exit.signal}.` : `failed with exit code ${exit.exitCode}.`;
  return failedHook(request, durationMs, how, sawLast(ended));
}

export function describeStop(request: HookRequest, stop: HookStop, durationMs: number): HookOutcome {
  const after = durationMs > 0 ? ` after ${formatDuration(durationMs)}` : ' before it was started';
  return stop.reason === 'cancelled'
    ? failedHook(request, durationMs, `was cancelled${after}.`, {}, 'cancelled')
    : failedHook(
        request,
        durationMs,
        `was stopped: it ran longer than ${formatDuration(request.hook.timeoutMs)}.`,
        { hint: 'Raise its "timeout" if it needs more.' },
        'timeout',
      );
}

/** The hook was left alone, and its outcome is the business of another owner. */
export function describeTakeover(request: HookRequest): HookOutcome {
  return failedHook(request, 0, 'is left to the run that took its environment.', {}, 'overtaken');
}

export function describeLoss(ended: EndedHook, wasLeft: boolean): HookOutcome {
  const { hint, cause } = sawLast(ended);
  const left = wasLeft ? ' What was left of it was stopped.' : '';
  return failedHook(
    ended.request,
    ended.durationMs,
    `ended without a status: its supervisor is gone (the machine restarted, or it was killed).${left}`,
    { cause, hint: `It is not known how far it came: check its nodes. ${hint}` },
  );
}

function findProblem({ hook, directory, path, redact }: EndedHook): ProgramProblem | undefined {
  const problem = findProgramProblem(hook, directory, path);
  return problem && { ...problem, what: redact(problem.what) };
}

function describeRefusal(ended: EndedHook, error: { code: string; message: string }): HookOutcome {
  const { request, hook, redact } = ended;
  const problem = findProblem(ended);
  if (problem)
    return failedHook(request, 0, `could not be started: ${problem.what}`, {
      cause: redact(error.message),
      hint: problem.hint,
    });
  const program = redact(hook.shell ? 'a shell' : (hook.command[0] ?? ''));
  if (error.code === 'ENOENT') {
    const hint =
      !hook.shell && /\s/.test(program)
        ? 'Write program and arguments as a list, or set "shell: true".'
        : 'Check its name, that it is installed, and PATH; a path of your own is relative to the workspace folder ' +
          'and begins with "./".';
    return failedHook(
      request,
      0,
      `could not be started: there is no program "${program}".`,
      { cause: redact(error.message), hint },
      'hook-failed',
    );
  }
  const hint =
    error.code === 'EACCES' ? 'Make the file executable (chmod +x), or name the program that runs it.' : undefined;
  return failedHook(request, 0, `could not be started: "${program}" cannot be run.`, {
    cause: redact(error.message),
    hint,
  });
}

/** `end` completes a sentence that begins with the hook and its nodes. */
function failedHook(
  request: HookRequest,
  durationMs: number,
  end: string,
  more: Pick<Failure, 'cause' | 'hint'> = {},
  kind: FailureKind = 'hook-failed',
): HookOutcome {
  const { nodes } = request.call;
  const others = nodes.length - NAMED_NODES;
  const on =
    nodes.length === 0 ? '' : ` on ${nodes.slice(0, NAMED_NODES).join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
  const { cause, hint } = more;
  return {
    kind: 'failed',
    durationMs,
    failure: {
      kind,
      message: `Hook "${request.hook.name}"${on} ${end}`,
      ...(cause && { cause }),
      ...(hint && { hint }),
    },
  };
}

function sawLast({ lastLines, folder }: EndedHook): Pick<Failure, 'cause' | 'hint'> {
  return { cause: lastLines('err') || lastLines('out'), hint: `Its whole output is in ${join(folder, 'output.log')}.` };
}

function formatDuration(durationMs: number): string {
  return durationMs < 60_000
    ? `${Number((durationMs / 1_000).toFixed(1))} s`
    : `${Number((durationMs / 60_000).toFixed(1))} min`;
}
