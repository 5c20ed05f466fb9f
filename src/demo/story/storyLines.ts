// Describes a run for a terminal: one line per important event, and a timeline at the end.
import type { RunEvent } from '../../model/runs/runEvents.ts';
import type { Check } from '../../model/evidence/verdict.ts';
import { findMoments, lastLogChecks, silentNodesOf, type StoryResult } from './story.ts';

type Tell<Type extends RunEvent['type']> = (event: RunEvent & { readonly type: Type }) => readonly string[];

const nothing = (): readonly string[] => [];

/** One entry for each type of event: a new type does not compile until it is decided what is printed. */
const linesOf: { readonly [Type in RunEvent['type']]: Tell<Type> } = {
  'run-started': ({ by, service, artifact, release }) => [
    `${by.name} starts a run: ${service} ${artifact.version}, ` +
      `configuration ${release.configuration.digest.slice(0, 12)}`,
  ],
  'stage-started': ({ stage }) => [`${stage} starts`],
  'stage-finished': ({ stage, outcome, failure }) => [
    `${markOf(outcome)} ${stage}: ${outcome}` + (failure ? ` (${failure.message})` : ''),
  ],
  asked: ({ question }) => [`? ${question.message}`],
  answered: ({ answer, refused }) => [
    `  ${answer.by.name} says: ${answer.type}` + (refused ? ` (not accepted: ${refused})` : ''),
  ],
  'phase-started': ({ phase, of, nodes, baselineNodes }) => [
    `Phase ${phase} of ${of}: ${nodes.join(', ')} receive the new release, compared with ` +
      (baselineNodes.length > 0 ? `${baselineNodes.length} nodes that keep the old one` : 'before'),
  ],
  'phase-finished': ({ phase, decision }) => (decision === 'promote' ? [`✓ Phase ${phase} passed`] : []),
  'marker-finished': ({ failure }) => [
    failure ? `The marker could not be placed: ${failure.message}` : 'Marked in New Relic',
  ],
  looked: ({ report }) => [`  ${tellChecks(report.checks)}`],
  decided: ({ decision, by }) =>
    decision === 'promote'
      ? []
      : [(decision === 'rollback' ? '✗ Failed: roll back' : `Decided: ${decision}`) + `, by ${by.name}`],
  'rollback-started': ({ nodes, from, to, difference }) => [
    `Rolling back ${nodes.join(', ')}: ${from.artifact.version} -> ${to.artifact.version}, ` +
      (difference.files.map(file => `${file.path} ${file.change}`).join(', ') || 'same configuration'),
  ],
  'rollback-finished': ({ failedNodes }) => [
    failedNodes.length === 0 ? 'Every node is restored' : `Not restored: ${failedNodes.join(', ')}`,
  ],
  'rollback-proven': () => ['✓ Verified: artifact and configuration are restored'],
  'rollback-unproven': ({ failure }) => [`✗ ${failure.message}`],
  'rollback-impossible': ({ failure }) => [`✗ ${failure.message}`],
  'baseline-learned': ({ clusters, environment, deployments }) => [
    `Learned ${clusters} log events in ${environment} (${deployments} good deployments)`,
  ],
  'run-finished': ({ outcome }) => [`${markOf(outcome)} The run ended: ${outcome}`],
  noted: ({ failure }) => [failure.message],
  'environment-waited-for': ({ stage, environment }) => [`${stage} waits for ${environment}`],
  'run-resumed': nothing,
  'hook-intended': nothing,
  'hook-finished': nothing,
  'retry-scheduled': nothing,
  'nodes-changed': nothing,
  'nodes-listed': nothing,
  'sides-found': nothing,
  'marker-intended': nothing,
  'verification-started': nothing,
  'verification-finished': nothing,
  'verification-skipped': nothing,
  'question-closed': nothing,
  'ledger-recorded': nothing,
  'cancel-asked': nothing,
  'feedback-given': nothing,
  'clock-jumped': nothing,
};

/** The lines for an event; most events have none. */
export function tellEvent(event: RunEvent): readonly string[] {
  return (linesOf[event.type] as Tell<RunEvent['type']>)(event);
}

/** `p95 latency, errors pass; quality fail (4 unknown)`: checks with the same outcome are grouped. */
function tellChecks(checks: readonly Check[]): string {
  const byOutcome = Map.groupBy(checks, check => `${check.outcome}${unknownIn(check)}${silentIn(check)}`);
  return [...byOutcome].map(([outcome, those]) => `${those.map(check => check.name).join(', ')} ${outcome}`).join('; ');
}

function unknownIn(check: Check): string {
  const unknown = check.kind === 'logs' ? check.clusters.filter(cluster => cluster.class === 'unknown').length : 0;
  return unknown > 0 ? ` (${unknown} unknown)` : '';
}

function silentIn(check: Check): string {
  const nodes = silentNodesOf(check);
  return nodes.length > 0 ? ` (silent: ${nodes.join(', ')})` : '';
}

function markOf(outcome: string): string {
  return outcome === 'passed' || outcome === 'promoted' ? '✓' : outcome === 'skipped' ? '-' : '✗';
}

/** The last lines: what was found, and how long each step took from the first anomalous line. */
export function tellEnding(
  result: StoryResult,
  events: readonly RunEvent[],
  firstAnomalyMs: number | null,
): readonly string[] {
  const found = [
    ...lastLogChecks(events)
      .flatMap(check => check.clusters)
      .filter(cluster => cluster.class !== 'known')
      .map(({ class: name, template, canaryCount, nodes }) => {
        const lines = `${canaryCount} ${canaryCount === 1 ? 'line' : 'lines'}`;
        const [head = ''] = template.split('\n');
        return `  ${name}: ${head.slice(0, 110)} (${lines} on ${Object.keys(nodes).join(', ')})`;
      }),
    ...result.failedMetrics.map(name => `  failed metric: ${name}`),
  ];
  const { anomalyMs, decidedMs, startedMs, backMs, provenMs } = findMoments(events, firstAnomalyMs);
  if (decidedMs === undefined) return tellFleet(result);
  const steps: readonly [string, number | undefined][] = [
    ['first anomaly emitted', anomalyMs],
    ['detected, decided to roll back', decidedMs],
    ['rollback started', startedMs],
    ['last node restored', backMs],
    ['rollback verified', provenMs],
  ];
  const beginMs = anomalyMs ?? decidedMs;
  return [
    ...found,
    '',
    'Timeline',
    ...steps.flatMap(([name, atMs]) =>
      atMs === undefined ? [] : [`  ${name.padEnd(32)}${((atMs - beginMs) / 1000).toFixed(1).padStart(6)} s`],
    ),
    ...(result.engineOverheadMs === null
      ? []
      : [`  of the rollback, ${result.engineOverheadMs.toFixed(0)} ms were spent outside of hooks`]),
    '',
    ...tellFleet(result),
  ];
}

/** One line for each release in the fleet: `The fleet reports: 8 of 10 nodes run 2.13.2 with configuration 3f2a…`. */
function tellFleet({ fleet }: StoryResult): readonly string[] {
  const releases = Map.groupBy(fleet, node => `${node.version} with configuration ${node.configuration.slice(0, 12)}`);
  return [...releases].map(
    ([release, nodes]) => `The fleet reports: ${nodes.length} of ${fleet.length} nodes run ${release}`,
  );
}
