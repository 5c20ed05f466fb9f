// What the operating system says of processes: is it still the one we knew, and stop it with all that it started.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** `start` tells a process from a later one with the same pid; undefined where the platform does not say. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly start?: string;
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, start: processStart(process.pid) };
}

export function isAlive({ pid, start }: ProcessIdentity): boolean {
  if (!signalReaches(pid) || isZombie(pid)) return false;
  const startNow = processStart(pid);
  return start === undefined || startNow === undefined || start === startNow;
}

/** The same text as long as the process lives, another one for every later process of this pid, also after a reboot. */
export function processStart(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${linuxStatus(pid)[19]}`;
    }
    if (process.platform === 'win32') return undefined;
    const options = { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' }, stdio: 'pipe' } as const;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], options).trim() || undefined;
  } catch {
    return undefined;
  }
}

const DEAD_STATES: readonly string[] = ['Z', 'X'];

/**
 * Fields of proc(5) from the third on (0 = state, 2 = process group, 19 = start time); the command name before them, in
 * parentheses, may hold anything.
 */
function linuxStatus(pid: number): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ');
}

/** In a container whose first process collects no orphans, a dead process keeps its pid and still takes signals. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return DEAD_STATES.includes(linuxStatus(pid)[0]!);
  } catch {
    return true;
  }
}

/** Stops a process that leads a group, and everything in its group; true = something was there to be stopped. */
export function stopGroup(leader: number, signal: 'SIGTERM' | 'SIGKILL'): boolean {
  if (process.platform !== 'win32') return signalReaches(-leader, signal);
  try {
    // Windows knows no polite end of a process without a window.
    execFileSync('taskkill', ['/pid', String(leader), '/t', '/f'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export function isGroupAlive(leader: number): boolean {
  if (!signalReaches(process.platform === 'win32' ? leader : -leader)) return false;
  if (process.platform !== 'linux') return true;
  // The dead that nobody has collected yet still take signals.
  return readdirSync('/proc').some(name => /^\d+$/.test(name) && isLiveMember(Number(name), leader));
}

/**
 * The group that a process led, be it gone itself; a group of the same number from before the machine started is
 * another one.
 */
export function isGroupOfChildAlive(child: ProcessIdentity): boolean {
  if (isAlive(child)) return true;
  const now = processStart(process.pid);
  const isOfThisBoot = now === undefined || child.start === undefined || bootOf(now) === bootOf(child.start);
  // No later process gets the number of a group as long as somebody is in it: one that has it is another's.
  return isOfThisBoot && (!signalReaches(child.pid) || isZombie(child.pid)) && isGroupAlive(child.pid);
}

function bootOf(start: string): string {
  return start.includes('/') ? start.split('/')[0]! : '';
}

function isLiveMember(pid: number, leader: number): boolean {
  try {
    const [state, , group] = linuxStatus(pid);
    return Number(group) === leader && !DEAD_STATES.includes(state!);
  } catch {
    return false;
  }
}

function signalReaches(pid: number, signal: NodeJS.Signals | 0 = 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    // It exists, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
