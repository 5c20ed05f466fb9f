// The result of a played run, and whether its scenario ended as expected: pure, from run events and the fleet's
// answers.
import type { RunEvent } from '../../model/runs/runEvents.ts';
import type { Check, ClusterReport, LogsCheck, VerificationReport } from '../../model/evidence/verdict.ts';
import type { FleetNode } from '../fleet/fleet.ts';
import { constantWords, type LogStatement } from '../fleet/logText.ts';
import type { Scenario } from './scenarios.ts';
import type { NodeRelease } from '../fleet/simulatedNode.ts';

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

/** Everything that differs from the scenario's expected end; empty if nothing does. */
export function findProblems(
  run: PlayedRun,
  result: StoryResult,
  releases: { readonly good: NodeRelease; readonly fresh: NodeRelease },
): readonly string[] {
  const { scenario, events } = run;
  const problems: string[] = [];
  const expect = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(problem);
  };
  const expectOutcome = (wanted: string): void =>
    expect(result.outcome === wanted, `The run ended ${result.outcome}, not ${wanted}.`);
  const expectFleet = (release: NodeRelease, name: string): void => {
    for (const node of result.fleet)
      expect(
        runs(node, release),
        `${node.node} runs ${node.version} with configuration ${node.configuration.slice(0, 12)}, ` +
          `not the ${name} release.`,
      );
  };
  const expectRolledBack = (): void => {
    expectOutcome('rolled-back');
    expectFleet(releases.good, 'old');
    expect(result.secondsToProve !== null, 'The rollback was not verified.');
  };
  switch (scenario.name) {
    case 'healthy':
      expectOutcome('promoted');
      expectFleet(releases.fresh, 'new');
      expect(
        events.some(event => event.type === 'baseline-learned' && event.environment === 'production'),
        'Nothing was learned from the good deployment.',
      );
      break;
    case 'quality-regression':
      expectRolledBack();
      expect(result.failedMetrics.length === 0, `Metrics failed that were fine: ${result.failedMetrics.join(', ')}.`);
      problems.push(
        ...compareExceptions(
          result.unknownClusters.map(one => one.template),
          scenario.exceptions.map(({ exception }) => exception),
        ),
      );
      break;
    case 'performance-regression':
      expectRolledBack();
      expect(
        result.failedMetrics.includes('p95 latency'),
        `p95 latency was not named; failed: ${result.failedMetrics.join(', ') || 'nothing'}.`,
      );
      break;
    case 'frequency-regression':
      expectRolledBack();
      expect(
        result.frequencyClusters.some(one => resemblance(one.template, scenario.frequent!.statement) >= alike),
        'The line that became more frequent was not named.',
      );
      break;
    case 'no-data':
    case 'backend-down':
      expectOutcome('held');
      expect(
        result.silentNodes.length > 0 === scenario.silent,
        `Nodes that were called silent: ${result.silentNodes.join(', ') || 'none'}.`,
      );
      expect(
        result.fleet.filter(node => runs(node, releases.good)).length >= result.fleet.length * 0.8,
        'More than the first phase got the new release.',
      );
      break;
    default:
      scenario.name satisfies never;
  }
  return problems;
}

/** Canary nodes that a check has called silent. */
export function silentNodesOf({ reasons }: Check): readonly string[] {
  const silence = reasons.find(({ code, values }) => code === 'silent' && values['side'] === 'canary');
  return silence ? String(silence.values['nodes']).split(', ') : [];
}

function commonTo([first = [], ...others]: readonly (readonly string[])[]): readonly string[] {
  return first.filter(one => others.every(those => those.includes(one)));
}

function runs(node: FleetNode, release: NodeRelease): boolean {
  return node.version === release.version && node.configuration === release.configuration;
}

/** A template and a statement are alike if they share at least this part of the template's words. */
const alike = 0.6;

/** Each template must be one of the drawn exceptions, and each exception must occur once. */
export function compareExceptions(templates: readonly string[], drawn: readonly LogStatement[]): readonly string[] {
  const named = templates.map(template =>
    drawn.reduce((best, one) => (resemblance(template, one) > resemblance(template, best) ? one : best)),
  );
  const strange = templates.filter((template, index) => resemblance(template, named[index]!) < alike);
  const missing = drawn.filter(
    (one, index) =>
      !named.some((name, place) => name === one && !strange.includes(templates[place]!)) &&
      drawn.indexOf(one) === index,
  );
  const twice = templates.filter(
    (template, index) => !strange.includes(template) && named.indexOf(named[index]!) < index,
  );
  return [
    ...missing.map(one => `Not named as unknown: ${one.logger}, ${one.message}`),
    ...strange.map(template => `Named as unknown, but none of the new exceptions: ${template.slice(0, 160)}`),
    ...twice.map(template => `Named twice: ${template.slice(0, 160)}`),
  ];
}

/** The share of a template's words that the statement contains. */
function resemblance(template: string, statement: LogStatement): number {
  const words = template.match(/[A-Za-z]{3,}/g) ?? [];
  const known = constantWords(statement);
  const ownNames = new Set([statement.level, ...statement.logger.split('.'), ...statement.thread.split('-')]);
  return words.length === 0 ? 0 : words.filter(word => known.has(word) || ownNames.has(word)).length / words.length;
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

/** The log checks of the last canary report, for those who tell the story. */
export function lastLogChecks(events: readonly RunEvent[]): readonly LogsCheck[] {
  return (lastCanaryReport(events)?.checks ?? []).filter(check => check.kind === 'logs');
}
