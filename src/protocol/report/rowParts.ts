// What one event gives the timeline: the parts of a row, and what rows need to know of earlier events.
import type { RunEvent } from '../../model/runs/runEvents.ts';

export type RowParts = Partial<Pick<TimelineRow, 'atMs' | 'about' | 'level' | 'tone' | 'durationMs'>> & {
  readonly text: string;
};

/** What rows need from earlier events. */
export interface RowMemory {
  /** What each connection of the pipeline is called. */
  readonly connections: Map<string, string>;
  /** The same of the connection of each marker, by key. */
  readonly markers: Map<string, string>;
  /** The nodes of each environment as they were listed last. */
  readonly nodes: Map<string, readonly string[]>;
  /** Verifications whose forecast has been shown. */
  readonly forecast: Set<string>;
}

export interface TimelineRow {
  readonly atMs: number;
  /** `key`: a key event. `detail`: for readers who follow every step. */
  readonly level: 'key' | 'normal' | 'detail';
  readonly tone: 'good' | 'bad' | 'warn' | 'neutral';
  /** What the row is about. */
  readonly about: RunEvent['type'] | 'first-anomaly';
  readonly text: string;
  /** The duration of what ends with this row. */
  readonly durationMs?: number;
  /** Time since the latest decision to roll back. */
  readonly sinceDecisionMs?: number;
}
