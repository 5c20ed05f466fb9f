// The runs of the same pipeline around a run: to go on to, and to say that a later one has superseded it.
import type { RunSummary } from '../../model/history.ts';
import { joinParts } from '../words/format.ts';
import { plainLine } from '../words/plainText.ts';
import { t } from '../words/translate.ts';
import { runOutcomeWord } from '../words/words.ts';

export interface NeighboursSnapshot {
  /** `#127 (2.13.2, promoted)`. */
  readonly previous?: string;
  readonly next?: string;
  /** By `#129`; absent while this run goes on. */
  readonly superseded?: { readonly number: string; readonly about: string };
}

/** `next` is the run after it, `latest` the last one. */
export interface Neighbours {
  readonly previous?: RunSummary;
  readonly next?: RunSummary;
  readonly latest?: RunSummary;
}

export function snapshotNeighbours({ previous, next, latest }: Neighbours, ended: boolean): NeighboursSnapshot {
  return {
    ...(previous && { previous: labelOf(previous) }),
    ...(next && { next: labelOf(next) }),
    ...(latest && ended && { superseded: { number: `#${latest.number}`, about: aboutOf(latest) } }),
  };
}

function labelOf(run: RunSummary): string {
  return `#${run.number} (${aboutOf(run)})`;
}

function aboutOf({ version, outcome }: RunSummary): string {
  return joinParts([plainLine(version, 80), outcome ? runOutcomeWord(outcome) : t('running')]);
}
