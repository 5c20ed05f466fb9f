// The process as the terminal sees it: streams, environment, Ctrl-C, and a clean end that shows the cursor again.
import { plainText } from '../protocol/words/plainText.ts';
import type { TerminalDependencies } from './dependencies.ts';

export type ProcessDependencies = Pick<
  TerminalDependencies,
  'stdout' | 'stderr' | 'stdin' | 'env' | 'cwd' | 'onInterrupt' | 'onTerminate' | 'onExit'
>;

/** A bug must not look like a verdict (1) or wrong input (3): this is EX_SOFTWARE of sysexits.h. */
const bugStatus = 70;

/** The time for a clean end. What is unfinished then is abandoned, as if the process had been killed. */
const mostCleaningMs = 3_000;

export function attachToProcess(): ProcessDependencies {
  const terminating = new Set<(status: number) => void>();
  const terminate = (status: number): void => {
    if (terminating.size === 0) process.exit(status);
    // Writing to a closed terminal fails, which is no bug.
    process.stdout.on('error', () => {});
    process.stderr.on('error', () => {});
    setTimeout(() => process.exit(status), mostCleaningMs).unref();
    for (const listener of terminating) listener(status);
  };
  for (const [signal, status] of [
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.on(signal, () => terminate(status));
  process.on('uncaughtException', error => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`backstop: this is a bug, please report it.\n${plainText(text)}\n`);
    process.exit(bugStatus);
  });
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: process.env,
    cwd: process.cwd(),
    onInterrupt: listener => listen('SIGINT', listener),
    onTerminate(listener) {
      terminating.add(listener);
      return () => terminating.delete(listener);
    },
    onExit: listener => listen('exit', listener),
  };
}

/** Ends the process after everything written has been flushed. */
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
