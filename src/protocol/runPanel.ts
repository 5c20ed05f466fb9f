// The messages between the run panel and its host, and the snapshot that the panel draws. Snapshots are whole: a hidden panel misses nothing.
import type { RunState, StageState } from '../model/runState.ts';
import type { ClusterClass, Outcome } from '../model/verdict.ts';
import { reasonSentence } from './sentences.ts';
import { verdictSentence } from './verdictSentence.ts';

export interface RunSnapshot {
  readonly title: string;
  readonly verdict: string;
  readonly groups: readonly (readonly StageSnapshot[])[];
  readonly checks: readonly { readonly name: string; readonly outcome: Outcome; readonly reasons: readonly string[] }[];
  readonly clusters: readonly ClusterDot[];
}
export interface StageSnapshot {
  readonly name: string;
  readonly status: StageState['status'];
  readonly elapsedMs?: number;
  readonly phase?: string;
}
export interface ClusterDot {
  readonly key: string;
  readonly class: ClusterClass;
  readonly template: string;
  readonly x: number;
  readonly y: number;
  readonly canaryCount: number;
  readonly baselineCount: number;
}

export type ToPanel = { readonly type: 'snapshot'; readonly snapshot: RunSnapshot };
export type ToHost = { readonly type: 'ready' };

export function isToHost(message: unknown): message is ToHost {
  return typeof message === 'object' && message !== null && (message as { type?: unknown }).type === 'ready';
}

export function isToPanel(message: unknown): message is ToPanel {
  return typeof message === 'object' && message !== null && (message as { type?: unknown }).type === 'snapshot';
}
