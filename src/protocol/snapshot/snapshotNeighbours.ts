// The earlier and later runs of the same pipeline, to navigate to them and to show that a later one has superseded this
// one.
import type { RunSummary } from '../../model/history.ts';
import { joinParts } from '../words/format.ts';
import { plainLine } from '../words/plainText.ts';
import { t } from '../words/translate.ts';
import { runOutcomeWord } from '../words/words.ts';

export interface NeighboursSnapshot {
  /** `#127 (2.13.2, promoted)`. */
  readonly previous?: string;
  readonly next?: string;
  /** By `#129`; absent while this run is in progress. */
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
