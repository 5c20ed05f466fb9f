// Everything that the terminal needs from outside. cli.ts provides it; tests provide fakes.
import type { Engine } from '../model/runs/engine.ts';
import type { Inspection } from '../model/evidence/inspection.ts';
import type { LogLine } from '../model/evidence/evidence.ts';
import type { Failure, Result } from '../model/failure.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Clock } from '../model/ports.ts';
import type { GuardPost } from '../model/runs/guard.ts';
import type { Starter } from '../model/starter.ts';
import type { StoreTools } from '../model/storeTools.ts';

export interface TerminalDependencies {
  /** Created when a command first needs it, since help must work with a broken store. */
  readonly engine: (choices: EngineChoices) => Promise<Result<TerminalEngine>>;
  /** Log analysis only; needs no store. */
  readonly logAnalysis: () => Promise<Result<LogAnalysis>>;
  /** Only the history, for a process that mostly waits. */
  readonly guard: () => Promise<Result<GuardPost>>;
  /** Tools for the store, which must work even if it is broken. */
  readonly store: () => Promise<Result<StoreTools>>;
  /** For a folder without a pipeline; it needs no store. */
  readonly starter: () => Promise<Starter>;
  /** Facts about this process and the store, redacted; takes about a second. */
  readonly diagnose: (tools: StoreTools, damage: Failure | undefined) => Promise<Diagnosis>;
  readonly files: LogFiles;
  /** The built run panel, which a report contains. */
  readonly panelScript: () => Result<string>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** An absolute path; pipelines are below it. */
  readonly cwd: string;
  readonly clock: Clock;
  readonly version: string;
  /** Listens for Ctrl-C. Returns a function that stops listening. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /**
   * Calls the listener when the process should end (SIGTERM) or its terminal has closed (SIGHUP); `status` is the exit
   * status to use. Without a listener, the process ends at once.
   */
  readonly onTerminate: (listener: (status: number) => void) => () => void;
  /**
   * Calls the listener when the process ends for any reason; it can only do synchronous work. Returns a function that
   * stops listening.
   */
  readonly onExit: (listener: () => void) => () => void;
}

export type TerminalEngine = Engine & { readonly inspection: Pick<Inspection, 'builds'> };

export interface EngineChoices {
  /** Hosts that may receive the credentials of the pipeline in this process. */
  readonly allowHosts: readonly string[];
}

export type LogAnalysis = Pick<Engine, 'compareLogs' | 'groupLines' | 'close'>;

export interface LogFiles {
  /** The unzipped bytes of a file, in chunks of any length. `-` is standard input. */
  openLogBytes(path: string): Promise<Result<AsyncIterable<Uint8Array>>>;
  openLogFile(path: string, node: string): Promise<Result<AsyncIterable<readonly LogLine[]>>>;
}

export interface OutputStream {
  write(text: string): boolean;
  once(event: 'drain' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error & { code?: string }) => void): unknown;
  on(event: 'resize', listener: () => void): unknown;
  removeListener(event: 'resize', listener: () => void): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}
