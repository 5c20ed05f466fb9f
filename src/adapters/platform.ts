// Everything that differs between Linux, macOS and Windows: shell, signals and process groups, process identity, and
// the folder for state. No other file checks the platform.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { posix, win32 } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The folder in which programs keep their state on this platform. */
export function stateFolder(env: Environment, userFolder: string, platform: NodeJS.Platform): string {
  if (platform === 'win32')
    return win32.join(env['LOCALAPPDATA'] || win32.join(userFolder, 'AppData', 'Local'), 'Backstop');
  if (platform === 'darwin') return posix.join(userFolder, 'Library', 'Application Support', 'Backstop');
  // The XDG Base Directory Specification says that relative paths must be ignored.
  const state = env['XDG_STATE_HOME'];
  return posix.join(state && posix.isAbsolute(state) ? state : posix.join(userFolder, '.local', 'state'), 'backstop');
}

/** A program with its arguments, in the form that `spawn` takes. */
export interface ShellCall {
  readonly file: string;
  readonly args: readonly string[];
  /** The shell parses its own command line, so Node.js must not quote it. */
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

/** Options of `spawn` for a program that can be stopped together with everything it started. */
export function inOwnGroup(platform = process.platform): { readonly detached: boolean; readonly windowsHide: true } {
  // On Windows, a detached process would get a console window of its own; `taskkill` finds its children anyway.
  return { detached: platform !== 'win32', windowsHide: true };
}

/** True if a file's mode and first line determine whether it can be executed; on Windows its extension does. */
export function filesAreExecutable(platform = process.platform): boolean {
  return platform !== 'win32';
}

/** The argument of `process.kill` that reaches the whole process group, on platforms with process groups. */
export function groupOf(leader: number, platform = process.platform): number {
  return platform === 'win32' ? leader : -leader;
}

/** Stops the leader of a group and everything in the group. True if there was something to stop. */
export function stopGroup(
  leader: number,
  signal: 'SIGTERM' | 'SIGKILL',
  platform = process.platform,
  execute: (file: string, args: readonly string[]) => void = (file, args) =>
    void execFileSync(file, args, { stdio: 'ignore' }),
): boolean {
  if (platform !== 'win32') return signalReaches(groupOf(leader, platform), signal);
  try {
    // On Windows, a process without a window cannot be asked to end.
    execute('taskkill', ['/pid', String(leader), '/t', '/f']);
    return true;
  } catch {
    return false;
  }
}

export function isGroupAlive(leader: number, platform = process.platform): boolean {
  if (!signalReaches(groupOf(leader, platform))) return false;
  if (platform !== 'linux') return true;
  // Zombies still accept signals, so they are not counted.
  return readdirSync('/proc').some(name => /^\d+$/.test(name) && isLiveMember(Number(name), leader));
}

/** True if a process with this number exists. A zombie counts as existing on platforms that do not report zombies. */
export function processExists(pid: number, platform = process.platform): boolean {
  return signalReaches(pid) && !isZombie(pid, platform);
}

/**
 * Identifies a process across reuse of its pid: the value stays the same while the process lives and differs for every
 * later process, also after a reboot. Undefined if the platform does not provide it.
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
 * The fields of proc(5) from the third on (0 = state, 2 = process group, 19 = start time). The command name before them
 * is in parentheses and may contain anything.
 */
function linuxStatus(pid: number): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ');
}

/**
 * In a container whose first process does not collect orphans, a dead process keeps its pid and still accepts signals.
 */
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
    // The process exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
