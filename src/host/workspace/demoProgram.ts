// Runs the demo program: its servers as a process that outlives this window, and short calls that write the workspace.
import { execFile, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fail, succeed, type Result } from '../../model/failure.ts';
import { t } from '../../protocol/words/translate.ts';

export interface DemoWorkspace {
  readonly file: string;
  readonly goodVersion: string;
  readonly newVersion: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly fleetUrl: string;
  readonly credentials: Readonly<Record<string, string>>;
}

export interface DemoProgram {
  /** Starts the servers unless earlier ones still answer. */
  startServers(): Promise<Result<void>>;
  writeWorkspace(folder: string, configuration: 'old' | 'new'): Promise<Result<DemoWorkspace>>;
}

/** The servers do not stop with the window; they stop by themselves. */
const hours = 8;
const patienceMs = 15_000,
  pollMs = 100;

/**
 * `home` is a folder for this extension. In the desktop editor, execPath is the editor itself, which can run as Node.
 */
export function demoProgram(path: string, home: string): DemoProgram {
  const serversFile = join(home, 'servers.json');
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return {
    async startServers() {
      mkdirSync(home, { recursive: true });
      if (await answers(serversFile)) return succeed(undefined);
      rmSync(serversFile, { force: true });
      const output = openSync(serversFile, 'w', 0o600);
      const servers = spawn(
        process.execPath,
        [path, 'servers', '--scenario', 'quality-regression', '--hours', String(hours)],
        { cwd: home, env, detached: true, stdio: ['ignore', output, 'ignore'], windowsHide: true },
      );
      closeSync(output);
      const broken = new Promise<string>(resolve => {
        servers
          .once('error', error => resolve(error.message))
          .once('exit', status => resolve(`status ${status ?? 'unknown'}`));
      });
      servers.unref();
      for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pollMs) {
        if (await answers(serversFile)) return succeed(undefined);
        const ended = await Promise.race([
          broken,
          new Promise<undefined>(resolve => {
            setTimeout(() => resolve(undefined), pollMs);
          }),
        ]);
        if (ended !== undefined) return fail('unreachable', t('The demo’s servers could not be started: {0}.', ended));
      }
      return fail('timeout', t('The demo’s servers did not start in time.'));
    },
    writeWorkspace: (folder, configuration) =>
      new Promise(resolve => {
        execFile(
          process.execPath,
          [path, 'workspace', folder, '--servers', serversFile, '--configuration', configuration],
          { env, timeout: patienceMs, windowsHide: true },
          (error, output, complaint) => {
            resolve(
              error
                ? fail('unreachable', t('The demo workspace could not be created.'), {
                    cause: complaint.slice(0, 500) || error.message,
                  })
                : succeed(JSON.parse(output) as DemoWorkspace),
            );
          },
        );
      }),
  };
}

async function answers(serversFile: string): Promise<boolean> {
  try {
    const { fleet } = JSON.parse(readFileSync(serversFile, 'utf8').split('\n')[0] ?? '') as { fleet: { url: string } };
    return (await fetch(`${fleet.url}/nodes?environment=production`, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false; // not written yet, or from a time whose servers are gone
  }
}
