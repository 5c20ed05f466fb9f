// The measurements of a verification that return their own result: their answers, and a check of them at each
// evaluation.
import type { AnalysisSettings, AnalysisSource, Look } from '../model/evidence/analysis.ts';
import type { Answer } from '../model/evidence/evidence.ts';
import type { MeasurementCheck, Outcome, Reason } from '../model/evidence/verdict.ts';

export interface MeasurementState {
  readonly source: AnalysisSource & { kind: 'measurement' };
  /** The latest answers, oldest first. */
  answers: readonly Answer[];
}

/** A check shows only the latest answers, so older ones are not kept. */
const mostAnswers = 20;

export function openMeasurements({ sources }: AnalysisSettings): readonly MeasurementState[] {
  return sources.filter(source => source.kind === 'measurement').map(source => ({ source, answers: [] }));
}

export function addAnswers(state: MeasurementState, answers: readonly Answer[]): void {
  state.answers = [...state.answers, ...answers].slice(-Math.max(mostAnswers, state.source.failures));
}

/** The latest answer counts; a failure counts once there are enough in a row. */
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
    // The next answer may be different.
    ...(outcome === 'inconclusive' && { neededMs: intervalMs }),
  };
}

function reasonOf({ name, failures }: MeasurementState['source'], latest: Answer | undefined, failed: number): Reason {
  if (!latest) return { code: 'not-answered', values: { source: name } };
  const { outcome, why } = latest;
  return { code: 'answered', values: { source: name, outcome, why, failed, failures } };
}
