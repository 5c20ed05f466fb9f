// What goes wrong with the new release, if anything: each scenario by its name, drawn by seed.
import { drawExceptions } from '../fleet/exceptions.ts';
import type { NewException } from '../fleet/exception.ts';
import { steadyStatements, type SteadyStatement } from '../fleet/logCatalogue.ts';
import { createRandom } from '../fleet/random.ts';

export const scenarioNames = [
  'healthy',
  'quality-regression',
  'performance-regression',
  'frequency-regression',
  'no-data',
  'backend-down',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export interface Scenario {
  readonly name: ScenarioName;
  readonly seed: number;
  /** The exceptions of the new release; only in `quality-regression`. */
  readonly exceptions: readonly ScenarioException[];
  /** The factor on the new release's response times. */
  readonly slowness: number;
  /** The known line that the new release writes more often. */
  readonly frequent?: { readonly statement: SteadyStatement; readonly factor: number };
  /** Nodes of the new release send nothing. */
  readonly silent: boolean;
  /** The vendors stop answering when the first production node receives the new release. */
  readonly backendsFail: boolean;
}
export interface ScenarioException {
  readonly exception: NewException;
  /** New code, or old and new code under the new configuration: rolling back only one does not stop both. */
  readonly cause: 'version' | 'configuration';
}

const slower = 1.6;
const moreOften = 6;

export function isScenarioName(name: unknown): name is ScenarioName {
  return scenarioNames.some(known => known === name);
}

/** The same name and seed give the same scenario. */
export function createScenario(name: ScenarioName, seed: number): Scenario {
  const random = createRandom(seed, 'scenario');
  const base: Scenario = { name, seed, exceptions: [], slowness: 1, silent: false, backendsFail: false };
  switch (name) {
    case 'healthy':
      return base;
    case 'quality-regression':
      return {
        ...base,
        exceptions: drawExceptions(random).map((exception, index) => ({
          exception,
          cause: index % 2 === 0 ? 'version' : 'configuration',
        })),
      };
    case 'performance-regression':
      return { ...base, slowness: slower };
    case 'frequency-regression':
      return {
        ...base,
        frequent: { statement: random.pick(steadyStatements.filter(statement => statement.name)), factor: moreOften },
      };
    case 'no-data':
      return { ...base, silent: true };
    case 'backend-down':
      return { ...base, backendsFail: true };
    default:
      return name satisfies never;
  }
}
