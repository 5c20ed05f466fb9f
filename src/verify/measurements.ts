// The measurements of a verification that answer by themselves: what they said, and a check of it at each look.
import type { AnalysisSettings, AnalysisSource, Look } from '../model/evidence/analysis.ts';
import type { Answer } from '../model/evidence/evidence.ts';
import type { MeasurementCheck, Outcome, Reason } from '../model/evidence/verdict.ts';

export interface MeasurementState {
  readonly source: AnalysisSource & { kind: 'measurement' };
  /** Oldest first; the latest ones. */
  answers: readonly Answer[];
}

/** A check shows the latest answers, and there is no need to remember others. */
const mostAnswers = 20;

export function openMeasurements({ sources }: AnalysisSettings): readonly MeasurementState[] {
  return sources.filter(source => source.kind === 'measurement').map(source => ({ source, answers: [] }));
}

export function addAnswers(state: MeasurementState, answers: readonly Answer[]): void {
  state.answers = [...state.answers, ...answers].slice(-Math.max(mostAnswers, state.source.failures));
}

/** The latest answer counts, and of failures so many in a row. */
export function assessMeasurement(
  { source, answers }: MeasurementState,
  { intervalMs }: AnalysisSettings,
  { untilMs = Infinity }: Look,
): MeasurementCheck {
  const counted = answers.filter(({ atMs }) => atMs <= untilMs);
  const latest = counted.at(-1);
  const failed = counted.length - 1 - counted.findLastIndex(({ outcome }) => outcome !== 'fail');
  const outcome: Outcome = !latest || (failed > 0 && failed < source.failures) ? 'inconclusive' : latest.outcome;
  return {
    kind: 'measurement',
    source: source.name,
    name: source.name,
    outcome,
    reasons: [reasonOf(source, latest, failed)],
    answers: counted.slice(-mostAnswers),
    // Its next answer may be another one.
    ...(outcome === 'inconclusive' && { neededMs: intervalMs }),
  };
}

function reasonOf({ name, failures }: MeasurementState['source'], latest: Answer | undefined, failed: number): Reason {
  if (!latest) return { code: 'not-answered', values: { source: name } };
  const { outcome, why } = latest;
  return { code: 'answered', values: { source: name, outcome, why, failed, failures } };
}
