// The simulated fleet in virtual time, advanced by its caller; the same seed and deployments give the same telemetry.
import { rareStatements } from './logCatalogue.ts';
import { createRandom } from './random.ts';
import { createScenario, type Scenario } from '../story/scenarios.ts';
import { createNode, type NodeRelease, type NodeSettings, type SimulatedNode } from './simulatedNode.ts';
import type { Telemetry } from './telemetry.ts';

export interface FleetSettings {
  readonly seed: number;
  readonly telemetry: Telemetry;
  readonly startMs: number;
  /** The release of every node at the start, which is always healthy. */
  readonly release: NodeRelease;
  readonly nodes?: readonly NodeSettings[];
}

export interface FleetNode extends NodeRelease {
  readonly node: string;
}

export interface Fleet {
  /** Emits everything up to that time. Time never goes back. */
  advance(toMs: number): void;
  /** Restarts the node with this release; returns when it will serve. `undefined`: the node does not exist. */
  deploy(node: string, release: NodeRelease, atMs: number): { readonly servingFromMs: number } | undefined;
  nodes(environment: string, atMs: number): readonly FleetNode[];
  environments(): readonly string[];
  /** Adds a line without changing it. Returns false if the node does not exist. */
  addLine(node: string, text: string, atMs: number): boolean;
  scenario(): Scenario;
  setScenario(scenario: Scenario): void;
  /** When the scenario first showed in the telemetry; never in a healthy fleet. */
  firstAnomalyMs(): number | undefined;
  /** True once a production node has received a release that the scenario affects. */
  isStruck(): boolean;
}

const productionNodes: readonly NodeSettings[] = Array.from({ length: 10 }, (_, index) => ({
  name: `prod-${String(index + 1).padStart(2, '0')}`,
  environment: 'production',
  requestsPerSecond: 10,
}));

const lowerNodes: readonly NodeSettings[] = [
  ['dev', 1],
  ['test', 1],
  ['edu', 1],
  ['sandbox', 1],
  ['staging', 2],
].flatMap(([environment, count]) =>
  Array.from({ length: Number(count) }, (_, index) => ({
    name: `${environment}-0${index + 1}`,
    environment: String(environment),
    requestsPerSecond: 1,
  })),
);

export const defaultNodes: readonly NodeSettings[] = [...productionNodes, ...lowerNodes];

const stepMs = 100;

export function createFleet(settings: FleetSettings): Fleet {
  const { seed, telemetry, startMs, release: good } = settings;
  const deployRandom = createRandom(seed, 'deploy');
  const rareLines = createRareLines(seed, startMs);
  let scenario = createScenario('healthy', seed);
  let waves = createWaves(scenario);
  let doneMs = startMs,
    anomalyMs: number | undefined,
    struck = false;

  /** Only real customers' orders reach the new code, so lower environments never show it. */
  const isFaulty = (node: NodeSettings) => (release: NodeRelease) =>
    node.environment === 'production' && release.version !== good.version;
  const onAnomaly = (atMs: number) => {
    anomalyMs = Math.min(atMs, anomalyMs ?? Infinity);
  };
  const createOne = (node: NodeSettings): SimulatedNode =>
    createNode(node, good, { seed, startMs, telemetry, scenario: () => scenario, isFaulty: isFaulty(node), onAnomaly });
  const nodes = new Map((settings.nodes ?? defaultNodes).map(node => [node.name, createOne(node)]));
  const production = [...nodes.values()].filter(node => node.environment === 'production');

  return {
    advance(toMs) {
      for (; doneMs + stepMs <= toMs; doneMs += stepMs) {
        for (const node of nodes.values()) node.emit(doneMs, doneMs + stepMs);
        rareLines.write(production, doneMs + stepMs);
        waves.emit(production, good, doneMs, doneMs + stepMs, onAnomaly);
      }
    },
    deploy(name, release, atMs) {
      const node = nodes.get(name);
      if (!node) return undefined;
      const fromMs = Math.max(atMs, doneMs);
      const takesMs = deployRandom.whole(1000, 1800);
      node.restart(release, fromMs, takesMs);
      struck ||= node.environment === 'production' && release.version !== good.version;
      return { servingFromMs: fromMs + takesMs };
    },
    nodes: (environment, atMs) =>
      [...nodes.values()].filter(node => node.environment === environment).map(node => reportOf(node, atMs)),
    environments: () => [...new Set([...nodes.values()].map(node => node.environment))],
    addLine(name, text, atMs) {
      const node = nodes.get(name);
      if (node) telemetry.addLog({ atMs, node: name, category: categoryOf(node), text });
      return node !== undefined;
    },
    scenario: () => scenario,
    setScenario(next) {
      scenario = next;
      waves = createWaves(next);
      anomalyMs = undefined;
      struck = false;
    },
    firstAnomalyMs: () => anomalyMs,
    isStruck: () => struck,
  };
}

function reportOf(node: SimulatedNode, atMs: number): FleetNode {
  const { version, configuration } = node.releaseAt(atMs);
  return { node: node.name, version, configuration };
}

/** The source category of its lines. */
function categoryOf({ environment }: SimulatedNode): string {
  return `${environment === 'production' ? 'prod' : environment}/storefront`;
}

/** Lines that come at random times from any node of production. */
function createRareLines(
  seed: number,
  startMs: number,
): { write(production: readonly SimulatedNode[], untilMs: number): void } {
  const random = createRandom(seed, 'rare');
  const untilNext = (everySeconds: number): number => -Math.log(1 - random.next()) * everySeconds * 1000;
  const coming = rareStatements.map(statement => ({ statement, atMs: startMs + untilNext(statement.everySeconds) }));
  return {
    write(production, untilMs) {
      for (const one of coming) {
        while (one.atMs < untilMs) {
          const node = random.pick(production);
          if (node.isServing(one.atMs)) node.write(one.statement, Math.floor(one.atMs));
          one.atMs += untilNext(one.statement.everySeconds);
        }
      }
    },
  };
}

/**
 * The new exceptions come in waves: an order on the new path meets them one after another, and the first one takes a
 * while.
 */
function createWaves(scenario: Scenario): {
  emit(
    production: readonly SimulatedNode[],
    good: NodeRelease,
    fromMs: number,
    toMs: number,
    onAnomaly: (atMs: number) => void,
  ): void;
} {
  const random = createRandom(scenario.seed, 'waves');
  let nextMs: number | undefined;
  return {
    emit(production, good, fromMs, toMs, onAnomaly) {
      if (scenario.exceptions.length === 0) return;
      const serving = production
        .filter(node => node.isServing(fromMs))
        .map(node => ({ node, release: node.releaseAt(fromMs) }));
      const struck = {
        version: serving.filter(({ release }) => release.version !== good.version),
        configuration: serving.filter(({ release }) => release.configuration !== good.configuration),
      };
      if (struck.version.length + struck.configuration.length === 0) {
        nextMs = undefined;
        return;
      }
      nextMs ??= fromMs + random.between(11_000, 12_500);
      if (nextMs >= toMs) return;
      for (const { exception, cause } of scenario.exceptions) {
        if (struck[cause].length === 0) continue;
        const atMs = Math.floor(random.between(fromMs + 0.3 * (toMs - fromMs), toMs - 0.3 * (toMs - fromMs)));
        onAnomaly(atMs);
        random.pick(struck[cause]).node.write(exception, atMs);
      }
      nextMs += random.between(1500, 3000);
    },
  };
}

/** Advances time to `untilMs` as on an ordinary day: every node restarts once, one after another. */
export function playHistory(fleet: Fleet, fromMs: number, untilMs: number): void {
  const nodes = fleet.environments().flatMap(environment => fleet.nodes(environment, fromMs));
  const gapMs = ((untilMs - fromMs) * 0.8) / nodes.length;
  nodes.forEach(({ node, version, configuration }, index) => {
    const atMs = Math.floor(fromMs + 2000 + index * gapMs);
    fleet.advance(atMs);
    fleet.deploy(node, { version, configuration }, atMs);
  });
  fleet.advance(untilMs);
}
