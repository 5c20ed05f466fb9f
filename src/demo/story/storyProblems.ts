// Whether a played run ended as its scenario must: what differs, one sentence each.
import { constantWords, type LogStatement } from '../fleet/logText.ts';
import type { FleetNode } from '../fleet/fleet.ts';
import type { NodeRelease } from '../fleet/simulatedNode.ts';
import type { PlayedRun, StoryResult } from './story.ts';

interface Releases {
  readonly good: NodeRelease;
  readonly fresh: NodeRelease;
}
/** What must hold, and the sentence if it does not. */
type Expectation = readonly [holds: boolean, problem: string];

/** Everything that differs from the scenario's expected end; empty if nothing does. */
export function findProblems(run: PlayedRun, result: StoryResult, releases: Releases): readonly string[] {
  return expectationsOf(run, result, releases).flatMap(([holds, problem]) => (holds ? [] : [problem]));
}

function expectationsOf(
  { scenario, events }: PlayedRun,
  result: StoryResult,
  { good, fresh }: Releases,
): readonly Expectation[] {
  switch (scenario.name) {
    case 'healthy':
      return [
        endsAs('promoted', result),
        ...everyNodeRuns(fresh, 'new', result),
        [
          events.some(event => event.type === 'baseline-learned' && event.environment === 'production'),
          'Nothing was learned from the good deployment.',
        ],
      ];
    case 'quality-regression':
      return [
        ...isRolledBack(good, result),
        [result.failedMetrics.length === 0, `Metrics failed that were fine: ${result.failedMetrics.join(', ')}.`],
        ...compareExceptions(
          result.unknownClusters.map(one => one.template),
          scenario.exceptions.map(({ exception }) => exception),
        ).map((problem): Expectation => [false, problem]),
      ];
    case 'performance-regression':
      return [
        ...isRolledBack(good, result),
        [
          result.failedMetrics.includes('p95 latency'),
          `p95 latency was not named; failed: ${result.failedMetrics.join(', ') || 'nothing'}.`,
        ],
      ];
    case 'frequency-regression':
      return [
        ...isRolledBack(good, result),
        [
          result.frequencyClusters.some(one => resemblance(one.template, scenario.frequent!.statement) >= alike),
          'The line that became more frequent was not named.',
        ],
      ];
    case 'no-data':
    case 'backend-down':
      return [
        endsAs('held', result),
        [
          result.silentNodes.length > 0 === scenario.silent,
          `Nodes that were called silent: ${result.silentNodes.join(', ') || 'none'}.`,
        ],
        [
          result.fleet.filter(node => runs(node, good)).length >= result.fleet.length * 0.8,
          'More than the first phase got the new release.',
        ],
      ];
    default:
      return scenario.name satisfies never;
  }
}

function endsAs(wanted: string, { outcome }: StoryResult): Expectation {
  return [outcome === wanted, `The run ended ${outcome}, not ${wanted}.`];
}

function everyNodeRuns(release: NodeRelease, name: string, { fleet }: StoryResult): readonly Expectation[] {
  return fleet.map(node => [
    runs(node, release),
    `${node.node} runs ${node.version} with configuration ${node.configuration.slice(0, 12)}, not the ${name} release.`,
  ]);
}

function isRolledBack(good: NodeRelease, result: StoryResult): readonly Expectation[] {
  return [
    endsAs('rolled-back', result),
    ...everyNodeRuns(good, 'old', result),
    [result.secondsToProve !== null, 'The rollback was not verified.'],
  ];
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
