// Runs a program and reads its standard output line by line; all running programs can be ended at once.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ProgramSettings {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly onLine?: (line: string) => void;
}

export interface RunningProgram {
  readonly done: Promise<FinishedProgram>;
  end(): void;
}
export interface FinishedProgram {
  /** null: it was ended by a signal. */
  readonly status: number | null;
  readonly lines: readonly string[];
  /** The end of standard error. */
  readonly complaint: string;
}

const complaintCharacters = 2000;
const running = new Set<ChildProcess>();

export function startProgram(
  command: string,
  words: readonly string[],
  { directory, environment, onLine }: ProgramSettings,
): RunningProgram {
  const child = spawn(command, words, { cwd: directory, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const lines: string[] = [];
  let complaint = '';
  createInterface({ input: child.stdout }).on('line', line => {
    lines.push(line);
    onLine?.(line);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-complaintCharacters);
  });
  const done = new Promise<FinishedProgram>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', status => {
      running.delete(child);
      resolve({ status, lines, complaint: complaint.trim() });
    });
  });
  return {
    done,
    end: () => {
      child.kill('SIGTERM');
    },
  };
}

/** Ends all running programs at once. */
export function endAllPrograms(): void {
  for (const child of running) child.kill('SIGKILL');
}
