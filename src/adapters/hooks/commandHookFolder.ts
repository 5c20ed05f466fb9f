// The files by which a command hook's supervisor and the engine know of each other, whichever of them has died
// meanwhile.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProcessIdentity } from '../process.ts';

export interface HookState {
  /** Who runs the hook; it exists before the hook does. */
  readonly supervisor?: ProcessIdentity & { readonly startedAtMs: number; readonly startedMonotonicMs?: number };
  /** Also while its claim is still being written. */
  readonly isClaimed: boolean;
  /** Leads the hook's process group. */
  readonly child?: ProcessIdentity;
  readonly exit?: HookExit;
  readonly stopped?: HookStop;
}

export interface HookExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** It never ran. */
  readonly error?: { readonly code: string; readonly message: string };
  /** Nor was it tried: `end` completes the sentence that begins with the hook. */
  readonly neverStarted?: { readonly end: string; readonly cause?: string };
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly outputLost?: string;
}

/** We ended it, and why: written before the first signal, so that whoever attaches later gives the same answer. */
export interface HookStop {
  readonly reason: 'cancelled' | 'timeout';
  readonly atMs: number;
}

/** True for exactly one caller. */
export function createHookFolder(folder: string): boolean {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

export function readHookState(folder: string): HookState {
  const exit = readJson<HookExit>(folder, 'exit.json');
  return {
    exit,
    supervisor: readJson<NonNullable<HookState['supervisor']>>(folder, 'pid.json'),
    child: readJson<ProcessIdentity>(folder, 'child.json'),
    stopped: readJson<HookStop>(folder, 'stopped.json'),
    isClaimed: existsSync(join(folder, 'pid.json')),
  };
}

/** Takes the hook from a supervisor that has not claimed it yet: it will never run. False = a supervisor has it. */
export function claimUnstarted(
  folder: string,
  identity: ProcessIdentity,
  nowMs: number,
  neverStarted?: HookExit['neverStarted'],
): boolean {
  try {
    writeFileSync(join(folder, 'pid.json'), JSON.stringify({ ...identity, startedAtMs: nowMs }), {
      flag: 'wx',
      mode: 0o600,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  const exit: HookExit = {
    exitCode: null,
    signal: null,
    startedAtMs: nowMs,
    endedAtMs: nowMs,
    ...(neverStarted && { neverStarted }),
  };
  writeHookFile(folder, 'exit.json', exit);
  return true;
}

/** Whole or not at all. */
export function writeHookFile(
  folder: string,
  name: 'request.json' | 'stopped.json' | 'exit.json',
  content: object,
): void {
  const temporary = join(folder, `${name}.${randomUUID()}`);
  writeFileSync(temporary, JSON.stringify(content), { mode: 0o600 });
  renameSync(temporary, join(folder, name));
}

export function forgetStop(folder: string): void {
  rmSync(join(folder, 'stopped.json'), { force: true });
}

/** undefined when it is not there, or not whole yet. */
function readJson<T>(folder: string, name: string): T | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
  } catch {
    return undefined;
  }
}
