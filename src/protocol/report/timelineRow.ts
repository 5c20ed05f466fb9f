// One row of a timeline.
import type { RunEvent } from '../../model/runs/runEvents.ts';

export interface TimelineRow {
  readonly atMs: number;
  /** `key`: a turning point. `detail`: for those who follow every step. */
  readonly level: 'key' | 'normal' | 'detail';
  readonly tone: 'good' | 'bad' | 'warn' | 'neutral';
  /** What it tells of. */
  readonly about: RunEvent['type'] | 'first-anomaly';
  readonly text: string;
  /** How long the thing took that ends here. */
  readonly durationMs?: number;
  /** Since the latest decision to roll back. */
  readonly sinceDecisionMs?: number;
}
