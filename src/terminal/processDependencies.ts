// The terminal's view of the process it lives in: streams, environment, Ctrl-C, and an end that always gives the cursor back.
import { plainText } from '../protocol/plainText.ts';
import type { TerminalDependencies } from './dependencies.ts';

export type ProcessDependencies = Pick<
  TerminalDependencies,
  'stdout' | 'stderr' | 'stdin' | 'env' | 'cwd' | 'onInterrupt' | 'onExit'
>;

/** A bug must not look like a verdict (1) or bad input (3): this is sysexits.h's EX_SOFTWARE. */
const bugStatus = 70;

export function attachToProcess(): ProcessDependencies {
  for (const [signal, status] of [
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.once(signal, () => process.exit(status));
  process.on('uncaughtException', error => {
    process.stderr.write(
      `backstop: this is a bug, please report it.\n${plainText(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`,
    );
    process.exit(bugStatus);
  });
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: process.env,
    cwd: process.cwd(),
    onInterrupt: listener => listen('SIGINT', listener),
    onExit: listener => listen('exit', listener),
  };
}

/** Ends the process when everything written has gone out. */
export async function endProcess(status: number): Promise<never> {
  await Promise.all(
    [process.stdout, process.stderr].map(
      stream =>
        new Promise<void>(resolve => {
          stream.write('', () => resolve());
        }),
    ),
  );
  process.exit(status);
}

function listen(event: 'SIGINT' | 'exit', listener: () => void): () => void {
  const heard = (): void => listener();
  process.on(event, heard);
  return () => {
    process.off(event, heard);
  };
}
