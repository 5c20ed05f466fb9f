// Describes a run for a terminal: one line per important event, and a timeline at the end.
import type { RunEvent } from '../../model/runs/runEvents.ts';
import type { Check } from '../../model/evidence/verdict.ts';
import { findMoments, lastLogChecks, silentNodesOf, type StoryResult } from './story.ts';

/** The lines for an event; most events have none. */
export function tellEvent(event: RunEvent): readonly string[] {
  switch (event.type) {
    case 'run-started':
      return [
        `${event.by.name} starts a run: ${event.service} ${event.artifact.version}, ` +
          `configuration ${event.release.configuration.digest.slice(0, 12)}`,
      ];
    case 'stage-started':
      return [`${event.stage} starts`];
    case 'stage-finished':
      return [
        `${markOf(event.outcome)} ${event.stage}: ${event.outcome}` +
          (event.failure ? ` (${event.failure.message})` : ''),
      ];
    case 'asked':
      return [`? ${event.question.message}`];
    case 'answered':
      return [
        `  ${event.answer.by.name} says: ${event.answer.type}` +
          (event.refused ? ` (not accepted: ${event.refused})` : ''),
      ];
    case 'phase-started':
      return [
        `Phase ${event.phase} of ${event.of}: ${event.nodes.join(', ')} receive the new release, compared with ` +
          (event.baselineNodes.length > 0 ? `${event.baselineNodes.length} nodes that keep the old one` : 'before'),
      ];
    case 'phase-finished':
      return event.decision === 'promote' ? [`✓ Phase ${event.phase} passed`] : [];
    case 'marker-finished':
      return [event.failure ? `The marker could not be placed: ${event.failure.message}` : 'Marked in New Relic'];
    case 'looked':
      return [`  ${tellChecks(event.report.checks)}`];
    case 'decided':
      return event.decision === 'promote'
        ? []
        : [
            (event.decision === 'rollback' ? '✗ Failed: roll back' : `Decided: ${event.decision}`) +
              `, by ${event.by.name}`,
          ];
    case 'rollback-started':
      return [
        `Rolling back ${event.nodes.join(', ')}: ${event.from.artifact.version} -> ${event.to.artifact.version}, ` +
          (event.difference.files.map(file => `${file.path} ${file.change}`).join(', ') || 'same configuration'),
      ];
    case 'rollback-finished':
      return [
        event.failedNodes.length === 0 ? 'Every node is restored' : `Not restored: ${event.failedNodes.join(', ')}`,
      ];
    case 'rollback-proven':
      return ['✓ Verified: artifact and configuration are restored'];
    case 'rollback-unproven':
    case 'rollback-impossible':
      return [`✗ ${event.failure.message}`];
    case 'baseline-learned':
      return [`Learned ${event.clusters} log events in ${event.environment} (${event.deployments} good deployments)`];
    case 'run-finished':
      return [`${markOf(event.outcome)} The run ended: ${event.outcome}`];
    case 'noted':
      return [event.failure.message];
    case 'environment-waited-for':
      return [`${event.stage} waits for ${event.environment}`];
    case 'run-resumed':
    case 'hook-intended':
    case 'hook-finished':
    case 'retry-scheduled':
    case 'nodes-changed':
    case 'nodes-listed':
    case 'sides-found':
    case 'marker-intended':
    case 'verification-started':
    case 'verification-finished':
    case 'verification-skipped':
    case 'question-closed':
    case 'ledger-recorded':
    case 'cancel-asked':
    case 'feedback-given':
    case 'clock-jumped':
      return [];
    default:
      return event satisfies never;
  }
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
