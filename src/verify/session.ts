// One verification's evidence: decodes pages, tells canary from baseline and before, and answers each look with a report.
import type { AnalysisSettings, AnalysisSource, Decode, DecoderName, EvidencePage, Look } from '../model/analysis.ts';
import type { LearnedEvents, LogLine, Role } from '../model/evidence.ts';
import { fail, succeed, type Result } from '../model/failure.ts';
import { combineOutcomes, type Check, type Reason, type VerificationReport } from '../model/verdict.ts';
import { createLogAnalysis, type LogAnalysis } from './logs/logAnalysis.ts';
import { assessMetrics } from './metrics/assessMetrics.ts';
import { createPointStore, type PointStore } from './pointStore.ts';

export interface EvidenceSession {
  ingest(page: EvidencePage): Result<{ rows: number }>;
  look(look: Look): VerificationReport;
  learn(): Readonly<Record<string, LearnedEvents>>;
}

type LogsState = { readonly source: AnalysisSource & { kind: 'logs' }; readonly analysis: LogAnalysis };
type MetricsState = { readonly source: AnalysisSource & { kind: 'metrics' }; readonly points: PointStore };

export function createEvidenceSession(settings: AnalysisSettings, decoders: Readonly<Record<DecoderName, Decode>>): EvidenceSession {
  const logs = settings.sources.filter(source => source.kind === 'logs').map((source): LogsState => ({ source, analysis: createLogAnalysis({
    sensitivity: settings.sensitivity, baselineKind: settings.baselineKind, trafficRatio: trafficRatio(settings), ...(source.learned && { learned: source.learned }) }) }));
  const metrics = settings.sources.filter(source => source.kind === 'metrics').map((source): MetricsState => ({ source, points: createPointStore() }));
  let looks = 0;

  return {
    ingest(page) {
      const decoded = decoders[page.decoder](page.bytes, page.context);
      if (!decoded.ok) return decoded;
      const { rows, lines = [], points = [] } = decoded.value;
      const log = logs.find(({ source }) => source.name === page.source);
      const metric = metrics.find(({ source }) => source.name === page.source);
      if (!log && !metric) return fail('invalid', `No health source named '${page.source}' belongs to this verification.`);
      if (log) for (const [role, those] of sortByRole(lines, settings)) log.analysis.add(those, role);
      metric?.points.add(points);
      return succeed({ rows });
    },
    look(look) {
      const checks = [
        ...metrics.flatMap(state => assessSource(state, settings, look)),
        ...logs.map(({ source, analysis }) => analysis.assess({
          name: source.name, source: source.name, atMs: look.atMs - source.delayMs, canarySinceMs: settings.canarySinceMs, final: look.final, minimumMs: settings.durationMs })),
      ].map(check => withLimits(check, look));
      return { outcome: combineOutcomes(checks.map(check => check.outcome)), checks, startedAtMs: settings.canarySinceMs, lookedAtMs: look.atMs, looks: ++looks };
    },
    learn: () => Object.fromEntries(logs.map(({ source, analysis }) => [source.name, analysis.learn()])),
  };
}

/** Canary traffic over baseline traffic; against the same nodes' own past it is one. */
function trafficRatio({ canaryNodes, baselineNodes, trafficWeight }: AnalysisSettings): number {
  return baselineNodes.length === 0 ? 1 : trafficWeight * canaryNodes.length / baselineNodes.length;
}

function sortByRole(lines: readonly LogLine[], settings: AnalysisSettings): Map<Role, LogLine[]> {
  const canary = new Set(settings.canaryNodes), baseline = new Set(settings.baselineNodes);
  const sorted = new Map<Role, LogLine[]>();
  for (const line of lines) {
    const isCanary = canary.has(line.node);
    if (!isCanary && !baseline.has(line.node)) continue;
    const role = line.atMs >= settings.canarySinceMs ? (isCanary ? 'canary' : 'baseline')
      : line.atMs >= settings.beforeFromMs && line.atMs < settings.beforeToMs ? 'before' : undefined;
    if (!role) continue;
    const those = sorted.get(role);
    if (those) those.push(line); else sorted.set(role, [line]);
  }
  return sorted;
}

function assessSource({ source, points }: MetricsState, settings: AnalysisSettings, look: Look): Check[] {
  const window = points.window(source.metrics, settings, look.atMs - source.delayMs);
  return assessMetrics(window, { sensitivity: settings.sensitivity, minimumMs: settings.durationMs, final: look.final })
    .map(assessment => ({ kind: 'metric', source: source.name, ...unitOf(source, assessment.name), ...assessment }));
}

function unitOf(source: MetricsState['source'], name: string): { unit?: string } {
  const unit = source.metrics.find(metric => metric.name === name)?.unit;
  return unit ? { unit } : {};
}

/** Evidence that could not be read, or was cut by a limit, never passes; what has failed on the rest has failed. */
function withLimits(check: Check, { unread, partial }: Look): Check {
  const why = unread[check.source], cut = partial[check.source];
  const limits: Reason[] = [
    ...(why === undefined ? [] : [{ code: 'could-not-read' as const, values: { source: check.source, failure: why } }]),
    ...(cut === undefined ? [] : [{ code: 'partial' as const, values: { source: check.source, ...cut } }]),
  ];
  if (limits.length === 0) return check;
  return { ...check, reasons: [...limits, ...check.reasons], outcome: check.outcome === 'pass' ? 'inconclusive' : check.outcome };
}
