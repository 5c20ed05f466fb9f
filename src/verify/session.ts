// The evidence of one verification: decodes pages, separates canary, baseline and the time before, and answers each
// evaluation with a report.
import type { AnalysisSettings, Decode, DecoderName, EvidencePage, Look } from '../model/evidence/analysis.ts';
import type { KeptEvidence, LearnedEvents } from '../model/evidence/evidence.ts';
import type { Feedback } from '../model/evidence/feedback.ts';
import { fail, succeed, type Result } from '../model/failure.ts';
import type { VerificationReport } from '../model/evidence/verdict.ts';
import { redactCheck, withLimits } from './checkRemarks.ts';
import { addCounts, addLines, assessLogs, keepLogs, learnLogs, openLogs } from './logsEvidence.ts';
import { addAnswers, assessMeasurement, openMeasurements } from './measurements.ts';
import { outcomeSoFar } from './lookRules.ts';
import { addPoints, assessMetrics, keepMetrics, openMetrics } from './metricsEvidence.ts';
import { measureTraffic, ratioOf, withMeasuredTraffic, withTraffic } from './traffic.ts';
import { settingsOf } from './sides.ts';

export interface EvidenceSession {
  ingest(page: EvidencePage): Result<{ rows: number }>;
  look(look: Look): VerificationReport;
  /** Replaces the feedback, from the next evaluation on. */
  setFeedback(entries: readonly Feedback[]): void;
  learn(): Readonly<Record<string, LearnedEvents>>;
  /** What the canary showed until the last evaluation. */
  keep(): KeptEvidence;
}

export function createEvidenceSession(
  given: AnalysisSettings,
  decoders: Readonly<Record<DecoderName, Decode>>,
  redact: (text: string) => string,
  kept?: KeptEvidence,
): EvidenceSession {
  const settings = withMeasuredTraffic(given);
  const earlier = settings.earlier && kept && { ...settings.earlier, evidence: kept };
  const logs = openLogs(settings, earlier),
    metrics = openMetrics(settings, earlier),
    measurements = openMeasurements(settings);
  let looks = 0;

  return {
    ingest(page) {
      const decode = decoders[page.decoder];
      if (!decode) return fail('bad-answer', `No decoder is named ${page.decoder}.`);
      const decoded = decode(page.bytes, page.context);
      if (!decoded.ok) return decoded;
      const { rows, lines = [], points = [], answers = [], counts } = decoded.value;
      const log = logs.find(({ source }) => source.name === page.source);
      const metric = metrics.find(({ source }) => source.name === page.source);
      const measurement = measurements.find(({ source }) => source.name === page.source);
      if (!log && !metric && !measurement)
        return fail('invalid', `No health source named '${page.source}' belongs to this verification.`);
      const aheadMs = Number(page.context['clockAheadMs'] ?? 0);
      if (log) addLines(log, lines, aheadMs);
      if (log && counts) addCounts(log, counts, aheadMs);
      if (metric) addPoints(metric, points, aheadMs, settings);
      if (measurement) addAnswers(measurement, answers);
      return succeed({ rows });
    },
    look(look) {
      const ofMetrics = metrics.flatMap(state => assessMetrics(state, settingsOf(settings, state.source), look));
      const traffic = measureTraffic(metrics, settings, look);
      const ofLogs = logs.map(state =>
        assessLogs(state, settingsOf(settings, state.source), look, traffic && ratioOf(traffic)),
      );
      const checks = [
        ...[...ofMetrics, ...ofLogs].map(check => withTraffic(check, traffic, given)),
        ...measurements.map(state => assessMeasurement(state, settings, look)),
      ].map(check => redactCheck(withLimits(check, look), redact));
      return {
        outcome: outcomeSoFar(checks, settings, look),
        checks,
        startedAtMs: settings.canarySinceMs,
        lookedAtMs: look.atMs,
        looks: ++looks,
      };
    },
    setFeedback(entries) {
      for (const { analysis } of logs) analysis.setFeedback(entries);
    },
    keep: () => ({
      format: 1,
      intervalMs: settings.intervalMs,
      metrics: Object.fromEntries(metrics.map(state => [state.source.name, keepMetrics(state, settings)])),
      logs: Object.fromEntries(logs.map(state => [state.source.name, keepLogs(state, redact)])),
    }),
    learn: () =>
      Object.fromEntries(
        logs.map(state => [state.source.name, learnLogs(state, settingsOf(settings, state.source), redact)]),
      ),
  };
}
