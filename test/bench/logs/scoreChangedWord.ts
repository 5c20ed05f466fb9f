// Scores alarms on cases in which a known statement says something new: half of the changed lines named, and no alarm
// where all is well.
import type { Alarm } from './judgeLogs.ts';
import type { LabelledCase } from '../metrics/scoreAlarms.ts';

export interface ChangedWordCase extends LabelledCase {
  readonly kind: string;
  readonly dataset: string;
  /** Canary lines that say something new; of a healthy case none of them may alarm. */
  readonly changed: readonly number[];
}

export function scoreChangedWord(
  judged: readonly { readonly labelled: ChangedWordCase; readonly alarms: readonly Alarm[] }[],
): Record<string, number> {
  const { found = [], alarmed = [] } = Object.groupBy(judged, ({ labelled }) =>
    labelled.negative ? 'alarmed' : 'found',
  );
  const foundByKind = shareByKind(found, isFound),
    alarmedByKind = shareByKind(alarmed, ({ alarms }) => alarms.length > 0);
  return {
    found: share(found, isFound),
    worstKind: Math.min(...foundByKind.values()),
    healthyAlarmed: share(alarmed, ({ alarms }) => alarms.length > 0),
    positives: found.length,
    healthy: alarmed.length,
    ...Object.fromEntries([...foundByKind].map(([kind, value]) => [`found ${kind}`, value])),
    ...Object.fromEntries([...alarmedByKind].map(([kind, value]) => [`alarmed ${kind}`, value])),
  };
}

type Judged = Parameters<typeof scoreChangedWord>[0][number];

function isFound({ labelled, alarms }: Judged): boolean {
  const named = new Set(alarms.flatMap(({ canary }) => canary));
  return labelled.changed.filter(line => named.has(line)).length * 2 >= labelled.changed.length;
}

function share(judged: readonly Judged[], holds: (one: Judged) => boolean): number {
  return judged.filter(holds).length / Math.max(1, judged.length);
}

function shareByKind(judged: readonly Judged[], holds: (one: Judged) => boolean): Map<string, number> {
  const kinds = Map.groupBy(judged, ({ labelled }) => labelled.kind);
  return new Map(
    [...kinds].sort(([one], [other]) => (one < other ? -1 : 1)).map(([kind, those]) => [kind, share(those, holds)]),
  );
}
