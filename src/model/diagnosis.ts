// The facts of an installation that help with an issue, without secrets and without log lines.
import type { Failure } from './failure.ts';
import type { StoreOverview } from './storeTools.ts';

/** How late timers fire in this process: what blocks its thread, and how busy the machine is. In milliseconds. */
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
  /** The process has run for so long. */
  readonly upMs: number;
  readonly eventLoop: EventLoopDelay;
  /** Settings by environment variable. */
  readonly settings: Readonly<Record<string, string>>;
  /** Names only. */
  readonly credentials: readonly string[];
  /** The file of the store; nothing is known of one that is not there yet. */
  readonly store: string;
  readonly overview?: StoreOverview;
  readonly troubles: readonly Failure[];
}
