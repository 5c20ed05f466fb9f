// The folder for everything that outlives a process: one per user of the machine, shared by all windows and terminals.
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { fail, succeed, type Result } from '../../model/failure.ts';
import { stateFolder } from '../platform.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `BACKSTOP_HOME`, otherwise the platform's folder for state. Creates nothing. */
export function backstopHome(env: Environment, platform: NodeJS.Platform, userFolder = homedir()): string {
  if (env['BACKSTOP_HOME']) return resolve(env['BACKSTOP_HOME']);
  return stateFolder(env, userFolder, platform);
}

/** Creates the folder for its owner only; an existing folder keeps its permissions. */
export function createHome(home: string): Result<string> {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    return succeed(home);
  } catch (error) {
    return fail('store', `The folder ${home} for history and running hooks cannot be created.`, {
      cause: String(error),
      hint: 'Make it writable, or set BACKSTOP_HOME to another folder.',
    });
  }
}

export function historyFile(home: string): string {
  return resolve(home, 'history.db');
}

/** The output of the guardian of a run. */
export function guardianLog(home: string, runId: string): string {
  return resolve(home, 'guards', `${safeName(runId)}.log`);
}

export function allowedHostsFile(home: string): string {
  return resolve(home, 'allowed-hosts.json');
}

/** The folder of one call of a command hook. */
export function hookFolder(home: string, runId: string, key: string): string {
  return resolve(home, 'hooks', safeName(runId), createHash('sha256').update(key).digest('hex').slice(0, 32));
}

export function configurationFolder(home: string, runId: string): string {
  return resolve(home, 'configurations', safeName(runId));
}

/**
 * Removes the output of hooks and the written-out configurations of runs that ended long ago. The history itself is
 * kept.
 */
export async function pruneRunFolders(home: string, beforeMs: number): Promise<void> {
  for (const kind of ['hooks', 'configurations', 'guards']) {
    const folder = resolve(home, kind);
    const names = await readdir(folder).catch((): string[] => []);
    for (const name of names) {
      const path = resolve(folder, name);
      const { mtimeMs } = await stat(path);
      if (mtimeMs < beforeMs) await rm(path, { recursive: true, force: true });
    }
  }
}

/** Our own run ids are safe file names; a foreign one must not lead out of the folder. */
export function safeName(runId: string): string {
  return /^[A-Za-z0-9][\w.-]{0,99}$/.test(runId) ? runId : createHash('sha256').update(runId).digest('hex');
}
