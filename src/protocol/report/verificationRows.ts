// Rows of the timeline about verifications: when one begins, what its planned time can show, how it ends.
import { speaksForPhase, stagesOf, type RunState } from '../../model/runs/runState.ts';
import type { RunEvent, VerificationPurpose } from '../../model/runs/runEvents.ts';
import type { Outcome, VerificationReport } from '../../model/evidence/verdict.ts';
import { formatCount, formatDuration } from '../words/format.ts';
import { plainLine } from '../words/plainText.ts';
import { checkSentence, forecastSentence } from '../words/sentences.ts';
import { t } from '../words/translate.ts';
import type { RowParts } from './rowParts.ts';

export function startedVerification({
  key,
  stage,
  purpose,
  phase,
  canaryNodes,
  baselineNodes,
  against,
}: RunEvent & { type: 'verification-started' }): string {
  const name = plainLine(stage, 80);
  if (purpose === 'start-up')
    return t(
      '{0}: log lines from the start of {1} count as evidence',
      name,
      formatCount(canaryNodes.length, 'canary node'),
    );
  if (purpose === 'proof')
    return t(
      '{0}: the same checks verify {1}',
      name,
      canaryNodes.length === 1
        ? t('{0} rolled-back node', canaryNodes.length)
        : t('{0} rolled-back nodes', canaryNodes.length),
    );
  if (isMeanwhile(purpose, key))
    return t(
      '{0}: verification of {1} continues in the meantime',
      name,
      formatCount(canaryNodes.length, 'canary node'),
    );
  const other =
    against?.mode !== 'load-test'
      ? formatCount(baselineNodes.length, 'node')
      : against.by === undefined
        ? t('run {0}', against.number)
        : t('run {0}, pinned by {1}', against.number, plainLine(against.by, 80));
  return t(
    '{0}: verification of phase {1} compares {2} with {3}',
    name,
    phase,
    formatCount(canaryNodes.length, 'canary node'),
    other,
  );
}

const mostForecasts = 3;

/**
 * Reported once, and only for metrics that the planned time cannot judge well; the least conclusive metric comes first.
 */
export function forecastRows(report: VerificationReport): readonly RowParts[] {
  const blurred = report.checks
    .flatMap(check =>
      check.kind === 'metric' && check.forecast && (check.forecast.smallestChange ?? Infinity) > check.forecast.change
        ? [{ name: check.name, forecast: check.forecast }]
        : [],
    )
    .sort((left, right) => (right.forecast.smallestChange ?? Infinity) - (left.forecast.smallestChange ?? Infinity));
  if (blurred.length === 0) return [];
  const isBlind = blurred.some(({ forecast }) => (forecast.smallestChange ?? Infinity) > 1);
  const said = blurred.slice(0, mostForecasts).map(({ name, forecast }) => forecastSentence(name, forecast)),
    more = blurred.length - mostForecasts;
  return [
    {
      level: isBlind ? 'normal' : 'detail',
      tone: isBlind ? 'warn' : 'neutral',
      text: t('Forecast: {0}', [...said, ...(more > 0 ? [formatCount(more, 'more metric')] : [])].join('; ')),
    },
  ];
}

export function finishedVerification(
  { report, firstAnomalyMs, key, at }: RunEvent & { type: 'verification-finished' },
  state: RunState,
): readonly RowParts[] {
  const own = stagesOf(state)
    .flatMap(stage => stage.verifications)
    .find(one => one.key === key);
  const isProof = own?.purpose === 'proof';
  if (own?.purpose === 'start-up' && !speaksForPhase({ ...own, report })) return [];
  if (own && isMeanwhile(own.purpose, key) && report.outcome !== 'fail') return [];
  const telling = report.checks.filter(check => check.outcome === report.outcome);
  const checks =
    report.outcome === 'pass' ? formatCount(report.checks.length, 'check') : telling.map(checkSentence).join('; ');
  const tone = ({ pass: 'good', fail: 'bad', inconclusive: 'warn' } as const)[report.outcome];
  const first: RowParts[] =
    firstAnomalyMs === undefined || report.outcome !== 'fail'
      ? []
      : [
          {
            atMs: firstAnomalyMs,
            about: 'first-anomaly',
            tone: 'bad',
            text: t(
              'First anomalous line, detected {0} later',
              formatDuration((own?.failingSinceMs ?? at) - firstAnomalyMs),
            ),
          },
        ];
  return [
    ...first,
    {
      level: report.outcome !== 'pass' ? 'key' : isProof ? 'detail' : 'normal',
      tone,
      text: verificationOutcome(report.outcome, isProof, checks || t('nothing was measured')),
    },
  ];
}

/** Between two verifications of phases only a failure counts; `watch` of the pipeline has a verdict of its own. */
function isMeanwhile(purpose: VerificationPurpose, key: string): boolean {
  return purpose === 'watch' && !/\/watch(?:\/again-\d+)?$/.test(key);
}

function verificationOutcome(outcome: Outcome, isProof: boolean, what: string): string {
  return (
    isProof
      ? {
          pass: t('Verification of the rollback passed: {0}', what),
          fail: t('Verification of the rollback failed: {0}', what),
          inconclusive: t('Verification of the rollback inconclusive: {0}', what),
        }
      : {
          pass: t('Verification passed: {0}', what),
          fail: t('Verification failed: {0}', what),
          inconclusive: t('Verification inconclusive: {0}', what),
        }
  )[outcome];
}
