// The result of a played run: pure, from run events and the fleet's answers.
import type { RunEvent } from '../../model/runs/runEvents.ts';
import type { Check, ClusterReport, LogsCheck, VerificationReport } from '../../model/evidence/verdict.ts';
import type { FleetNode } from '../fleet/fleet.ts';
import type { Scenario } from './scenarios.ts';

export interface PlayedRun {
  readonly scenario: Scenario;
  readonly events: readonly RunEvent[];
  /** Production's nodes, asked after the run. */
  readonly fleet: readonly FleetNode[];
  /** When the fleet emitted the first anomalous line, in epoch milliseconds; null = never. */
  readonly firstAnomalyMs: number | null;
}

/** The JSON that `demo --json` prints. Seconds are null if the run has no such moment. */
export interface StoryResult {
  readonly scenario: string;
  readonly seed: number;
  readonly outcome: string;
  /** Warnings and more severe lines. */
  readonly unknownClusters: readonly {
    readonly template: string;
    readonly lines: number;
    readonly nodes: readonly string[];
  }[];
  readonly frequencyClusters: readonly {
    readonly template: string;
    readonly lines: number;
    readonly ratio: number | null;
    readonly nodes: readonly string[];
  }[];
  readonly failedMetrics: readonly string[];
  /** Canary nodes that every check calls silent. */
  readonly silentNodes: readonly string[];
  /** From the first anomalous line to the decision. */
  readonly secondsToDetect: number | null;
  /** From the decision to the last restored node. */
  readonly secondsToRollBack: number | null;
  /** From the decision to the verified rollback. */
  readonly secondsToProve: number | null;
  /** `secondsToRollBack` minus the time in which a hook ran. */
  readonly engineOverheadMs: number | null;
  readonly fleet: readonly FleetNode[];
  /** The run's events, without the reports of evaluations. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

/** A maintenance line that was not seen for some minutes is unknown too, but is not part of the scenario. */
function isInformative({ severity }: ClusterReport): boolean {
  return severity === 'trace' || severity === 'debug' || severity === 'info';
}

export interface Moments {
  readonly anomalyMs?: number;
  readonly decidedMs?: number;
  readonly startedMs?: number;
  readonly backMs?: number;
  readonly provenMs?: number;
}

export function summariseStory({ scenario, events, fleet, firstAnomalyMs }: PlayedRun): StoryResult {
  const report = reportOfDecision(events);
  const clusters = (report?.checks ?? []).flatMap(check => (check.kind === 'logs' ? check.clusters : []));
  const moments = findMoments(events, firstAnomalyMs);
  const finished = events.find(event => event.type === 'run-finished');
  return {
    scenario: scenario.name,
    seed: scenario.seed,
    outcome: finished?.outcome ?? 'unfinished',
    unknownClusters: clusters
      .filter(one => one.class === 'unknown' && !isInformative(one))
      .map(one => ({ template: one.template, lines: one.canaryCount, nodes: Object.keys(one.nodes) })),
    frequencyClusters: clusters
      .filter(one => one.class === 'unexpected-frequency')
      .map(one => ({
        template: one.template,
        lines: one.canaryCount,
        ratio: one.ratio,
        nodes: Object.keys(one.nodes),
      })),
    failedMetrics: (report?.checks ?? [])
      .filter(check => check.kind === 'metric' && check.outcome === 'fail')
      .map(check => check.name),
    silentNodes: commonTo((report?.checks ?? []).map(silentNodesOf)),
    secondsToDetect: seconds(moments.anomalyMs, moments.decidedMs),
    secondsToRollBack: seconds(moments.decidedMs, moments.backMs),
    secondsToProve: seconds(moments.decidedMs, moments.provenMs),
    engineOverheadMs:
      moments.decidedMs === undefined || moments.backMs === undefined
        ? null
        : moments.backMs - moments.decidedMs - timeInHooks(events, moments.decidedMs, moments.backMs),
    fleet: fleet.map(({ node, version, configuration }) => ({ node, version, configuration })),
    events: events.map(withoutReport),
  };
}

/** The moments of a rollback for the timeline at the end. */
export function findMoments(events: readonly RunEvent[], firstAnomalyMs: number | null): Moments {
  const atMs = {
    anomalyMs: firstAnomalyMs ?? undefined,
    decidedMs: events.find(event => event.type === 'decided' && event.decision === 'rollback')?.at,
    startedMs: events.find(event => event.type === 'rollback-started')?.at,
    backMs: events.findLast(event => event.type === 'rollback-finished')?.at,
    provenMs: events.find(event => event.type === 'rollback-proven')?.at,
  };
  return Object.fromEntries(Object.entries(atMs).filter(([, value]) => value !== undefined));
}

/** Canary nodes that a check has called silent. */
export function silentNodesOf({ reasons }: Check): readonly string[] {
  const silence = reasons.find(({ code, values }) => code === 'silent' && values['side'] === 'canary');
  return silence ? String(silence.values['nodes']).split(', ') : [];
}

function commonTo([first = [], ...others]: readonly (readonly string[])[]): readonly string[] {
  return first.filter(one => others.every(those => those.includes(one)));
}

function lastCanaryReport(events: readonly RunEvent[], isWanted = anyReport): VerificationReport | undefined {
  const canary = new Set(
    events.flatMap(event =>
      event.type === 'verification-started' && (event.purpose === 'canary' || event.purpose === 'watch')
        ? [event.key]
        : [],
    ),
  );
  const last = events.findLast(
    event =>
      (event.type === 'looked' || event.type === 'verification-finished') &&
      canary.has(event.key) &&
      isWanted(event.report),
  );
  return last && 'report' in last ? last.report : undefined;
}

function anyReport(_report: VerificationReport): boolean {
  return true;
}

/**
 * Several verifications may run at once, so the report that decided is the last one that failed.
 * Evaluations continue while the nodes restart for the rollback, which no metric can be blamed for: only failures up to
 * the decision count.
 */
function reportOfDecision(events: readonly RunEvent[]): VerificationReport | undefined {
  const decided = events.findIndex(event => event.type === 'decided' && event.decision === 'rollback');
  if (decided < 0) return lastCanaryReport(events);
  const before = events.slice(0, decided);
  return lastCanaryReport(before, ({ outcome }) => outcome === 'fail') ?? lastCanaryReport(before);
}

/** Milliseconds of [fromMs, toMs] in which at least one hook ran. */
function timeInHooks(events: readonly RunEvent[], fromMs: number, toMs: number): number {
  const ends = new Map(
    events.flatMap(event => (event.type === 'hook-finished' ? [[event.key, event.at] as const] : [])),
  );
  const spans = events
    .flatMap(event =>
      event.type === 'hook-intended'
        ? [{ from: Math.max(fromMs, event.at), to: Math.min(toMs, ends.get(event.call.key) ?? toMs) }]
        : [],
    )
    .filter(span => span.to > span.from)
    .sort((left, right) => left.from - right.from);
  let sum = 0,
    coveredTo = fromMs;
  for (const { from, to } of spans) {
    sum += Math.max(0, to - Math.max(from, coveredTo));
    coveredTo = Math.max(coveredTo, to);
  }
  return sum;
}

function withoutReport(event: RunEvent): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'report' && name !== 'queries'));
}

function seconds(fromMs: number | undefined, toMs: number | undefined): number | null {
  return fromMs === undefined || toMs === undefined ? null : (toMs - fromMs) / 1000;
}

/** The log checks of the last canary report, which the program's output describes. */
export function lastLogChecks(events: readonly RunEvent[]): readonly LogsCheck[] {
  return (lastCanaryReport(events)?.checks ?? []).filter(check => check.kind === 'logs');
}
