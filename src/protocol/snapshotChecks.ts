// The checks as the panel lists them: what each found, the data it had, what it asked, and its evidence from look to look.
import type { VerificationState } from '../model/runState.ts';
import type { RunEvent } from '../model/runEvents.ts';
import type { Check, Outcome, QueryRecord, VerificationReport } from '../model/verdict.ts';
import { formatBytes, formatCount, formatDuration, formatMeasure } from './format.ts';
import { plainLine, plainText } from './plainText.ts';
import { checkSentence } from './sentences.ts';

export interface VerifiedStage {
  readonly stage: string;
  readonly verification: VerificationState;
  readonly report: VerificationReport;
}
export interface CheckSnapshot {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly outcome: Outcome;
  /** Still looked at: the outcome is not final. */
  readonly running: boolean;
  readonly sentence: string;
  readonly data: string;
  readonly queries: { readonly summary: string; readonly latest: readonly string[] };
  readonly evidence: EvidenceSnapshot;
}
export interface EvidenceSnapshot {
  /** One point per look, oldest first; evidence as an e-value. */
  readonly looks: readonly { readonly atMs: number; readonly evidence: number }[];
  readonly threshold: number;
  /** When it first reached the threshold. */
  readonly sureAtMs?: number;
}

const mostLooks = 240, mostQueries = 8, longestQuery = 4_000;
const order: readonly Outcome[] = ['fail', 'inconclusive', 'pass'];

export function snapshotChecks(stages: readonly VerifiedStage[], events: readonly RunEvent[]): readonly CheckSnapshot[] {
  return stages.flatMap(({ stage, verification, report }) => report.checks.map(check => snapshotCheck(check, stages.length > 1 ? stage : '', verification, events)))
    .sort((left, right) => order.indexOf(left.outcome) - order.indexOf(right.outcome));
}

function snapshotCheck(check: Check, stage: string, verification: VerificationState, events: readonly RunEvent[]): CheckSnapshot {
  const source = plainLine(check.source, 80);
  return {
    id: `${verification.key}/${check.source}/${check.name}`, name: plainLine(check.name, 80), source: [stage && plainLine(stage, 80), source].filter(Boolean).join(', '), outcome: check.outcome, running: verification.status === 'running',
    sentence: checkSentence(check), data: dataOf(check), queries: queriesOf(verification.queries.filter(query => query.source === check.source)),
    evidence: evidenceOf(check, verification.key, events),
  };
}

function dataOf(check: Check): string {
  if (check.kind === 'logs') return `${formatCount(check.canaryLines, 'canary line')}, ${formatCount(check.baselineLines, 'baseline line')}, ${formatCount(check.learnedDeployments, 'good deployment')}`;
  const value = (one: number | null): string => one === null ? 'no data' : formatMeasure(one, check.unit && plainLine(check.unit, 20));
  return `canary ${value(check.canary)}, baseline ${value(check.baseline)}`;
}

function queriesOf(queries: readonly QueryRecord[]): CheckSnapshot['queries'] {
  const total = (of: 'durationMs' | 'bytes'): number => queries.reduce((sum, query) => sum + query[of], 0);
  const count = queries.length;
  return {
    summary: count === 0 ? 'nothing yet' : `${formatCount(count, 'query', 'queries')}, ${formatDuration(total('durationMs') / count)} and ${formatBytes(Math.round(total('bytes') / count))} each`,
    latest: [...new Set(queries.slice(-mostQueries).map(query => plainText(query.text.slice(0, longestQuery))))],
  };
}

/** Looks beyond the bound are thinned evenly; the first and the last always stay. */
function evidenceOf(check: Check, key: string, events: readonly RunEvent[]): EvidenceSnapshot {
  const looks = events.flatMap(event => {
    if ((event.type !== 'looked' && event.type !== 'verification-finished') || event.key !== key) return [];
    const found = event.report.checks.find(one => one.source === check.source && one.name === check.name);
    return found ? [{ atMs: event.report.lookedAtMs, evidence: found.evidence }] : [];
  });
  const step = Math.max(1, Math.ceil(looks.length / mostLooks));
  const sureAtMs = looks.find(look => look.evidence >= check.threshold)?.atMs;
  return {
    looks: looks.filter((_look, index) => index % step === 0 || index === looks.length - 1), threshold: check.threshold,
    ...(sureAtMs !== undefined && { sureAtMs }),
  };
}
