// Pods: no name lasts longer than a release. A hook replaces them, and a command lists them as they are.
import { fail, succeed } from '../../../../src/model/failure.ts';
import type { Pipeline, Stage } from '../../../../src/model/pipeline.ts';
import type { Ports } from '../../../../src/model/ports.ts';
import type { ListedNode } from '../../../../src/model/runs/nodeList.ts';
import type { HookCall, HookOutcome } from '../../../../src/model/runs/runEvents.ts';
import { type World } from '../worldFixture.ts';
import { oldRelease, pipelineOf } from '../worldPipeline.ts';

export interface PodFleet {
  readonly ports: Ports;
  /** As they are. */
  pods: readonly ListedNode[];
  /** What the command answers in place of them, by the number of the question. */
  answer?: (question: number) => string | readonly ListedNode[] | undefined;
  /** Every hook call with its pods, in order. */
  readonly calls: { readonly purpose: HookCall['purpose']; readonly nodes: readonly string[] }[];
  questions: number;
  /** Share of the traffic that the new version was given, by the time from which it had it. */
  readonly weights: { readonly atMs: number; readonly share: number }[];
  /** Adds pods of a version, with new names. */
  add(version: string, count: number): void;
}

/** As many pods of the new version as the phase asks for; `hidden`: they do not say their version. */
export function createPodFleet(
  world: World,
  { hidden = false, pods = 5 }: { readonly hidden?: boolean; readonly pods?: number } = {},
): PodFleet {
  let serial = 0;
  const make = (version: string, count: number): ListedNode[] =>
    Array.from({ length: count }, () => ({ name: `shop-${++serial}`, ...(!hidden && { version }) }));
  const versions = new Map<string, string>();
  const fleet: PodFleet = {
    pods: [],
    calls: [],
    questions: 0,
    weights: [],
    add(version, count) {
      const made = make(version, count);
      for (const { name } of made) versions.set(name, version);
      this.pods = [...this.pods, ...made];
    },
    ports: {
      ...world.ports,
      nodeLists: {
        list() {
          fleet.questions += 1;
          const said = fleet.answer?.(fleet.questions) ?? fleet.pods;
          return Promise.resolve(typeof said === 'string' ? fail('bad-answer', said) : succeed(said));
        },
      },
      hooks: {
        isUnderWay: () => false,
        run: ({ call, variables }) => {
          const known = underWay.get(call.key);
          if (known) return known;
          const running = work(call, variables['BACKSTOP_WEIGHT']);
          underWay.set(call.key, running);
          return running;
        },
      },
    },
  };
  /** Hooks go on when the process of a run dies, and are found again. */
  const underWay = new Map<string, Promise<HookOutcome>>();
  async function work(call: HookCall, weight = ''): Promise<HookOutcome> {
    await world.clock.sleep(500);
    fleet.calls.push({ purpose: call.purpose, nodes: call.nodes });
    const wrong = call.nodes.filter(node => versions.get(node) !== call.version);
    if (call.purpose === 'check')
      return wrong.length === 0 && call.nodes.every(node => fleet.pods.some(({ name }) => name === node))
        ? { kind: 'succeeded', durationMs: 500 }
        : { kind: 'failed', durationMs: 500, failure: { kind: 'hook-failed', message: `Wrong: ${wrong}` } };
    if (weight !== '') fleet.weights.push({ atMs: world.clock.now(), share: Number(weight) / 100 });
    replace(call);
    return { kind: 'succeeded', durationMs: 500 };
  }
  function replace({ purpose, version, nodes }: HookCall): void {
    const stay =
      purpose === 'rollback'
        ? fleet.pods.filter(({ name }) => versions.get(name) === version)
        : fleet.pods.filter(({ name }) => !nodes.includes(name));
    // A canary by weight is a pod of its own.
    const count = purpose === 'rollback' ? fleet.pods.length - stay.length : Math.max(1, nodes.length);
    fleet.pods = stay;
    fleet.add(version, count);
  }
  fleet.add(oldRelease.artifact.version, pods);
  return fleet;
}

export function podPipeline(...stages: readonly Stage[]): Pipeline {
  const pipeline = pipelineOf(...stages);
  const { hooks } = pipeline;
  const command = ['kubectl', 'get', 'pods'];
  return {
    ...pipeline,
    hooks: Object.fromEntries(Object.entries(hooks).map(([name, hook]) => [name, { ...hook, nodes: 'together' }])),
    environments: {
      ...pipeline.environments,
      production: {
        ...{ name: 'production', nodes: [], whenBusy: 'queue' },
        nodesCommand: { command, directory: '.', variables: {}, environment: [], timeoutMs: 20_000 },
      },
    },
  };
}
