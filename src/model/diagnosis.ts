// The facts of an installation that help with an issue, without secrets and without log lines.
import type { Failure } from './failure.ts';
import type { StoreOverview } from './storeTools.ts';

/**
 * How late timers fire in this process, in milliseconds. It shows what blocks the thread and how busy the machine is.
 */
export interface EventLoopDelay {
  readonly measuredMs: number;
  readonly meanMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface Diagnosis {
  readonly node: string;
  readonly platform: string;
  readonly memoryBytes: number;
  /** The time since the process started. */
  readonly upMs: number;
  readonly eventLoop: EventLoopDelay;
  /** The values of settings, by environment variable. */
  readonly settings: Readonly<Record<string, string>>;
  /** Only the names of the credentials. */
  readonly credentials: readonly string[];
  /** The file of the store; the facts about it are absent if it does not exist. */
  readonly store: string;
  readonly overview?: StoreOverview;
  readonly troubles: readonly Failure[];
}
