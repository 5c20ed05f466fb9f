// Starts the supervisor of a command hook: a separate process that is told what to run and what to redact.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Redactor } from '../../model/redact.ts';
import { supervisorEnvironment, type Invocation } from './commandHookInvocation.ts';
import { writeHookFile } from './commandHookFolder.ts';

export interface SupervisorContext {
  /** The bundle of src/supervisor.ts, and the program that runs it: Node or the editor. */
  readonly supervisorPath: string;
  readonly execPath: string;
  readonly redact: Redactor;
  /** The values of credentials, which the supervisor redacts too. */
  readonly secrets: () => readonly string[];
  /** Patterns of the vendors' keys, which the supervisor redacts too. */
  readonly secretForms?: readonly RegExp[];
}

export interface Launch {
  hasEnded(): boolean;
  /** What the supervisor wrote to stderr. */
  errors(): string | undefined;
}

export function startSupervisor(
  context: SupervisorContext,
  folder: string,
  { command, shell, directory, environment, secrets }: Invocation,
  onEnd: () => void,
): Launch {
  writeHookFile(folder, 'request.json', { command, shell, directory });
  const logPath = join(folder, 'supervisor.log');
  const log = openSync(logPath, 'a', 0o600);
  let error: Error | undefined;
  const supervisor = spawn(context.execPath, [context.supervisorPath, folder], {
    cwd: folder,
    env: supervisorEnvironment(environment),
    detached: true,
    stdio: ['pipe', log, log],
    windowsHide: true,
  });
  closeSync(log);
  supervisor.once('error', problem => {
    error = problem;
    onEnd();
  });
  supervisor.once('exit', onEnd);
  // Secrets are sent through standard input only: a file would remain, and the hook could read an environment. On an
  // error, the supervisor has ended before reading them, and its exit says why.
  supervisor.stdin!.on('error', () => {});
  const forms = (context.secretForms ?? []).map(({ source, flags }) => ({ source, flags }));
  supervisor.stdin!.end(`${JSON.stringify({ secrets: [...context.secrets(), ...secrets], forms })}\n`);
  supervisor.unref();
  return {
    hasEnded: () => error !== undefined || supervisor.exitCode !== null || supervisor.signalCode !== null,
    errors: () =>
      context.redact(error ? error.message : readFileSync(logPath, 'utf8').trim().slice(-2_000)) || undefined,
  };
}
