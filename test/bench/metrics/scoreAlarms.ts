// Scores alarms on canary cases: an alarm stands for the template that most of its lines have.
import type { Alarm } from '../logs/judgeLogs.ts';

export interface LabelledCase {
  readonly id: string;
  readonly baseline: readonly string[];
  readonly canary: readonly string[];
  readonly traffic_ratio: number;
  readonly negative: boolean;
  readonly baseline_truth: readonly string[];
  readonly canary_truth: readonly string[];
  readonly anomalies: readonly {
    readonly kind: 'unknown' | 'frequency';
    readonly template: string;
    readonly direction?: string;
    readonly strength?: string;
  }[];
}

export function scoreAlarms(
  judged: readonly { readonly labelled: LabelledCase; readonly alarms: readonly Alarm[] }[],
): Record<string, number> {
  const tally = {
    unknown: 0,
    unknownHit: 0,
    unknownFalse: 0,
    clear: 0,
    clearHit: 0,
    subtle: 0,
    subtleHit: 0,
    frequencyHit: 0,
    frequencyFalse: 0,
    negatives: 0,
    alarmed: 0,
  };
  for (const { labelled, alarms } of judged) {
    const hits = new Set<string>();
    let wrong = 0;
    for (const alarm of alarms) {
      const label = `${alarm.kind} ${usual(labelled, alarm)} ${alarm.kind === 'frequency' ? alarm.direction : ''}`;
      if (labelled.anomalies.some(anomaly => label === labelOf(anomaly))) {
        hits.add(label);
        continue;
      }
      wrong++;
      if (alarm.kind === 'unknown') tally.unknownFalse++;
      else tally.frequencyFalse++;
    }
    if (labelled.negative) {
      tally.negatives++;
      if (wrong > 0) tally.alarmed++;
    }
    for (const anomaly of labelled.anomalies) {
      const hit = hits.has(labelOf(anomaly)) ? 1 : 0;
      if (anomaly.kind === 'unknown') {
        tally.unknown++;
        tally.unknownHit += hit;
        continue;
      }
      tally.frequencyHit += hit;
      if (anomaly.strength === 'clear') {
        tally.clear++;
        tally.clearHit += hit;
      }
      if (anomaly.strength === 'subtle') {
        tally.subtle++;
        tally.subtleHit += hit;
      }
    }
  }
  return {
    unknownRecall: tally.unknownHit / tally.unknown,
    unknownPrecision: tally.unknownHit / (tally.unknownHit + tally.unknownFalse),
    frequencyRecallClear: tally.clearHit / tally.clear,
    frequencyRecallSubtle: tally.subtleHit / tally.subtle,
    frequencyPrecision: tally.frequencyHit / (tally.frequencyHit + tally.frequencyFalse),
    negativesWithAlarm: tally.alarmed / tally.negatives,
  };
}

function labelOf({ kind, template, direction }: LabelledCase['anomalies'][number]): string {
  return `${kind} ${template} ${kind === 'frequency' ? direction : ''}`;
}

function usual({ baseline_truth: baseline, canary_truth: canary }: LabelledCase, alarm: Alarm): string {
  const counts = new Map<string, number>();
  for (const label of [
    ...alarm.canary.map(i => canary[i]!),
    ...(alarm.kind === 'frequency' ? alarm.baseline.map(i => baseline[i]!) : []),
  ])
    counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}
