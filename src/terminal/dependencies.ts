// All that the terminal gets from outside; cli.ts fills it in, tests put fakes there.
import type { Engine } from '../model/runs/engine.ts';
import type { LogLine } from '../model/evidence/evidence.ts';
import type { Result } from '../model/failure.ts';
import type { Clock } from '../model/ports.ts';
import type { GuardPost } from '../model/runs/guard.ts';
import type { StoreTools } from '../model/storeTools.ts';

export interface TerminalDependencies {
  /** Made when a command first needs it: help must work where the store is broken. */
  readonly engine: (choices: EngineChoices) => Promise<Result<Engine>>;
  /** Log analysis alone, which needs no store. */
  readonly logAnalysis: () => Promise<Result<LogAnalysis>>;
  /** The history alone, for a process that waits for long and acts seldom. */
  readonly guard: () => Promise<Result<GuardPost>>;
  /** The store's own tools: they must work where it is broken. */
  readonly store: () => Promise<Result<StoreTools>>;
  readonly files: LogFiles;
  /** The built run panel, which a report brings along. */
  readonly panelScript: () => Result<string>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; pipelines lie under it. */
  readonly cwd: string;
  readonly clock: Clock;
  readonly version: string;
  /** Ctrl-C. Returns what ends listening. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** Somebody wants the process to end (SIGTERM), or its terminal is gone (SIGHUP): `status` is what it is to end with. Without a listener it ends at once. */
  readonly onTerminate: (listener: (status: number) => void) => () => void;
  /** The process ends, for whatever reason; only synchronous work. Returns what ends listening. */
  readonly onExit: (listener: () => void) => () => void;
}

export interface EngineChoices {
  /** Hosts to which the credentials of the pipeline may go this time. */
  readonly allowHosts: readonly string[];
}

export type LogAnalysis = Pick<Engine, 'compareLogs' | 'groupLines' | 'close'>;

export interface LogFiles {
  /** The bytes of a file, unzipped, in chunks that are cut anywhere. `-` is standard input. */
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
