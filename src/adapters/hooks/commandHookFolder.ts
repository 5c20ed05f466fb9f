// The files through which a hook's supervisor and the engine communicate, even if one of them has died in the meantime.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProcessIdentity } from '../process.ts';

export interface HookState {
  /** The process that runs the hook; recorded before the hook starts. */
  readonly supervisor?: ProcessIdentity & { readonly startedAtMs: number; readonly startedMonotonicMs?: number };
  /** True even while the claim is still being written. */
  readonly isClaimed: boolean;
  /** The leader of the hook's process group. */
  readonly child?: ProcessIdentity;
  readonly exit?: HookExit;
  readonly stopped?: HookStop;
}

export interface HookExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The program could not be started. */
  readonly error?: { readonly code: string; readonly message: string };
  /** The start was never attempted: `end` completes a sentence that begins with the name of the hook. */
  readonly neverStarted?: { readonly end: string; readonly cause?: string };
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly outputLost?: string;
}

/**
 * Why we ended the hook. Written before the first signal, so that a process that attaches later reports the same
 * reason.
 */
export interface HookStop {
  readonly reason: 'cancelled' | 'timeout';
  readonly atMs: number;
}

/** Creates the folder. If several processes try at once, exactly one of them gets true. */
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

/**
 * Claims a hook that no supervisor has claimed yet, so that it never runs. False if a supervisor has already claimed
 * it.
 */
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

/** Written atomically: readers see the whole file or none. */
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

/** Undefined if the file does not exist or is incomplete. */
function readJson<T>(folder: string, name: string): T | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
  } catch {
    return undefined;
  }
}
