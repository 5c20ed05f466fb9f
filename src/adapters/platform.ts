// What differs between Linux, macOS and Windows: the shell, signals and process groups, what tells a process from a
// later one, and the folder for state. No other file asks which of them this is.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { posix, win32 } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The folder in which the platform wants programs to keep their state. */
export function stateFolder(env: Environment, userFolder: string, platform: NodeJS.Platform): string {
  if (platform === 'win32')
    return win32.join(env['LOCALAPPDATA'] || win32.join(userFolder, 'AppData', 'Local'), 'Backstop');
  if (platform === 'darwin') return posix.join(userFolder, 'Library', 'Application Support', 'Backstop');
  // The XDG base directory specification: a path that is not absolute is to be ignored.
  const state = env['XDG_STATE_HOME'];
  return posix.join(state && posix.isAbsolute(state) ? state : posix.join(userFolder, '.local', 'state'), 'backstop');
}

/** A program with its arguments, as `spawn` takes them. */
export interface ShellCall {
  readonly file: string;
  readonly args: readonly string[];
  /** The shell parses its command line itself: Node.js must not quote it. */
  readonly windowsVerbatimArguments: boolean;
}

export function shellCall(command: string, env: Environment, platform = process.platform): ShellCall {
  return platform === 'win32'
    ? {
        file: env['ComSpec'] ?? 'cmd.exe',
        args: ['/d', '/s', '/c', `"${command}"`],
        windowsVerbatimArguments: true,
      }
    : { file: '/bin/sh', args: ['-c', command], windowsVerbatimArguments: false };
}

/** Options of `spawn` for a program that can be stopped with all that it started. */
export function inOwnGroup(platform = process.platform): { readonly detached: boolean; readonly windowsHide: true } {
  // On Windows, a detached process would get a console window of its own; `taskkill` finds its children anyway.
  return { detached: platform !== 'win32', windowsHide: true };
}

/** Whether a file says by itself that it can be run (its mode, and its first line): not by its name's extension. */
export function filesAreExecutable(platform = process.platform): boolean {
  return platform !== 'win32';
}

/** What `process.kill` takes for a process that leads a group: all of the group, where there are groups. */
export function groupOf(leader: number, platform = process.platform): number {
  return platform === 'win32' ? leader : -leader;
}

/** Stops a process that leads a group, and everything in its group; true = something was there to be stopped. */
export function stopGroup(
  leader: number,
  signal: 'SIGTERM' | 'SIGKILL',
  platform = process.platform,
  execute: (file: string, args: readonly string[]) => void = (file, args) =>
    void execFileSync(file, args, { stdio: 'ignore' }),
): boolean {
  if (platform !== 'win32') return signalReaches(groupOf(leader, platform), signal);
  try {
    // Windows knows no polite end of a process without a window.
    execute('taskkill', ['/pid', String(leader), '/t', '/f']);
    return true;
  } catch {
    return false;
  }
}

export function isGroupAlive(leader: number, platform = process.platform): boolean {
  if (!signalReaches(groupOf(leader, platform))) return false;
  if (platform !== 'linux') return true;
  // The dead that nobody has collected yet still take signals.
  return readdirSync('/proc').some(name => /^\d+$/.test(name) && isLiveMember(Number(name), leader));
}

/** Whether a process of this number exists; a dead one that nobody has collected yet counts where it is not known. */
export function processExists(pid: number, platform = process.platform): boolean {
  return signalReaches(pid) && !isZombie(pid, platform);
}

/**
 * The same text as long as the process lives, another one for every later process of this pid, also after a reboot;
 * undefined where the platform does not say.
 */
export function processStart(pid: number, platform = process.platform): string | undefined {
  try {
    if (platform === 'linux') {
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${linuxStatus(pid)[19]}`;
    }
    if (platform === 'win32') return undefined;
    const options = { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' }, stdio: 'pipe' } as const;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], options).trim() || undefined;
  } catch {
    return undefined;
  }
}

const deadStates: readonly string[] = ['Z', 'X'];

/**
 * Fields of proc(5) from the third on (0 = state, 2 = process group, 19 = start time); the command name before them, in
 * parentheses, may hold anything.
 */
function linuxStatus(pid: number): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ');
}

/** In a container whose first process collects no orphans, a dead process keeps its pid and still takes signals. */
function isZombie(pid: number, platform: NodeJS.Platform): boolean {
  if (platform !== 'linux') return false;
  try {
    return deadStates.includes(linuxStatus(pid)[0]!);
  } catch {
    return true;
  }
}

function isLiveMember(pid: number, leader: number): boolean {
  try {
    const [state, , group] = linuxStatus(pid);
    return Number(group) === leader && !deadStates.includes(state!);
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
