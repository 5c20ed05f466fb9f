// Starts the guardian of a run: `backstop guard`, a small detached process with its own lease, which outlives the
// process that started it.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Failure } from '../model/failure.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { Guardian } from '../model/ports.ts';
import { credentialVariable, type Credentials } from '../model/outside.ts';
import { guardianLog } from './store/home.ts';

export interface GuardianContext {
  readonly home: string;
  /** The workspace folder of the run. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The bundle of src/cli.ts, and the program that runs it: Node or the editor. */
  readonly program: string;
  readonly execPath: string;
  readonly credentials: Credentials;
  readonly allowHosts: readonly string[];
}

/**
 * Tells the guardian to read credentials from its standard input, since a file would remain on disk, and other programs
 * can read an environment.
 */
export const handoverVariable = 'BACKSTOP_HANDOVER';

export function createGuardian(context: GuardianContext): Guardian {
  const { home, folder, env, program, execPath, allowHosts } = context;
  return {
    watch(runId, pipeline) {
      const logPath = guardianLog(home, runId);
      try {
        mkdirSync(dirname(logPath), { recursive: true, mode: 0o700 });
        const log = openSync(logPath, 'a', 0o600);
        const options = allowHosts.map(host => `--allow-host=${host}`);
        const guardian = spawn(execPath, [program, 'guard', runId, ...options], {
          cwd: folder,
          env: {
            ...withoutCredentials(env),
            BACKSTOP_HOME: home,
            [handoverVariable]: 'stdin',
            // In the editor's extension host, execPath may be the editor itself.
            ELECTRON_RUN_AS_NODE: '1',
          },
          detached: true,
          stdio: ['pipe', log, log],
          windowsHide: true,
        });
        closeSync(log);
        // The start failed if there is no process number, which is reported below.
        guardian.on('error', () => {});
        guardian.stdin?.on('error', () => {});
        guardian.stdin?.end(JSON.stringify(collectCredentials(pipeline, context.credentials)));
        guardian.unref();
        return guardian.pid === undefined ? noGuardian(`${execPath} cannot be started.`) : undefined;
      } catch (error) {
        return noGuardian(String(error));
      }
    },
  };
}

function noGuardian(cause: string): Failure {
  return {
    kind: 'unreachable',
    message:
      'The guardian of this run could not be started: if its process ends, the run is not continued automatically.',
    cause,
  };
}

/**
 * Keyed by the environment variable that the command line reads. Credentials that are not set, or may not be used, are
 * left out.
 */
function collectCredentials(pipeline: Pipeline, credentials: Credentials): Readonly<Record<string, string>> {
  return Object.fromEntries(
    credentialNames(pipeline).flatMap(name => {
      const value = credentials.get(name);
      return value.ok ? [[credentialVariable(name), value.value]] : [];
    }),
  );
}

/** The names that a pipeline has under `credential` and in placeholders such as `${credential:NAME}`. */
export function credentialNames(pipeline: unknown): readonly string[] {
  const names = new Set<string>();
  const visit = (value: unknown, key?: string): void => {
    if (typeof value === 'string') {
      if (key === 'credential') names.add(value);
      for (const [, name = ''] of value.matchAll(/\$\{credential:([^}]+)\}/g)) names.add(name);
    } else if (typeof value === 'object' && value !== null)
      for (const [name, part] of Object.entries(value)) visit(part, name);
  };
  visit(pipeline);
  return [...names].sort();
}

function withoutCredentials(env: GuardianContext['env']): Record<string, string | undefined> {
  const prefix = credentialVariable('');
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith(prefix)));
}
