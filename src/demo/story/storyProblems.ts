// Whether a played run ended as its scenario must: what differs, one sentence each.
import { constantWords, type LogStatement } from '../fleet/logText.ts';
import type { FleetNode } from '../fleet/fleet.ts';
import type { NodeRelease } from '../fleet/simulatedNode.ts';
import type { PlayedRun, StoryResult } from './story.ts';

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
