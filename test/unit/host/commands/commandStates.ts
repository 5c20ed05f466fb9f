// The states in which commands are tried: what the workspace and the store hold, and the nodes of the trees then.
import { reduceRun } from '../../../../src/model/runs/reduceRun.ts';
import { identityOf } from '../../../../src/model/identity.ts';
import type { RunSummary } from '../../../../src/model/history.ts';
import type { Pipeline } from '../../../../src/model/pipeline.ts';
import type { LedgerEntry } from '../../../../src/model/release.ts';
import type { RunEvent } from '../../../../src/model/runs/runEvents.ts';
import type { RunState } from '../../../../src/model/runs/runState.ts';
import type { HostServices } from '../../../../src/host/hostServices.ts';
import { environmentNode } from '../../../../src/host/tree/environmentNode.ts';
import { pipelineNode } from '../../../../src/host/tree/pipelineNode.ts';
import { runNode } from '../../../../src/host/tree/runNode.ts';
import type { TreeNode } from '../../../../src/host/tree/treeNode.ts';
import type { PipelineFile } from '../../../../src/host/workspace/pipelineFile.ts';
import { plainEnglish } from '../../../../src/protocol/words/translate.ts';
import { approvalStory, readPipeline } from '../../../panel/approvalStory.ts';
import { askedStory, silentStory } from '../../../panel/askingStories.ts';
import { logsCheck } from '../../../panel/fixtures.ts';
import {
  cancelledStory,
  failedHookStory,
  heldStory,
  maria,
  oldRelease,
  promotedStory,
  rolledBackStory,
  startMs,
} from '../../terminal/stories.ts';
import { anything, see } from './editorDouble.ts';

export interface CommandState {
  readonly pipelines: readonly PipelineFile[];
  readonly events?: readonly RunEvent[];
  readonly isPinned?: boolean;
}

const pipeline = readPipeline(),
  folder = '/shop',
  whole: PipelineFile = { folder, file: pipeline.file, pipeline, errors: 0 };
const pipelines = [whole],
  built = { kind: 'build' } as Pipeline['artifact'];

function upTo(events: readonly RunEvent[], isEnd: (event: RunEvent) => boolean): readonly RunEvent[] {
  return events.slice(0, events.findIndex(isEnd));
}

export const commandStates: Readonly<Record<string, CommandState>> = {
  'no pipeline': { pipelines: [] },
  'broken pipeline': { pipelines: [{ folder, file: pipeline.file, errors: 2 }] },
  'no run yet': { pipelines },
  builds: { pipelines: [{ ...whole, pipeline: { ...pipeline, artifact: built } }] },
  approval: { pipelines, events: approvalStory },
  verifying: { pipelines, events: upTo(rolledBackStory, event => event.type === 'verification-finished') },
  'no data': { pipelines, events: silentStory },
  'canary on hold': {
    pipelines,
    events: upTo(heldStory, event => event.type === 'question-closed' && event.question === 'q2'),
  },
  decision: { pipelines, events: askedStory([logsCheck('fail', 24.6, 4)], {}) },
  'rolling back': { pipelines, events: upTo(rolledBackStory, event => event.type === 'rollback-finished') },
  'rolled back': { pipelines, events: rolledBackStory },
  promoted: { pipelines, events: promotedStory },
  pinned: { pipelines, events: promotedStory, isPinned: true },
  'ended on hold': { pipelines, events: heldStory },
  'failed hook': { pipelines, events: failedHookStory },
  cancelled: { pipelines, events: cancelledStory },
  'run of elsewhere': { pipelines: [], events: rolledBackStory },
};

export interface World {
  readonly state: RunState | undefined;
  readonly run: RunSummary | undefined;
  readonly services: HostServices;
  /** View and node: what a menu of the trees is asked for. */
  readonly nodes: readonly { readonly view: string; readonly node: TreeNode }[];
}

export function makeWorld({ pipelines, events: told, isPinned = false }: CommandState): World {
  // The store counts from one.
  const events = told?.map((event, at) => ({ ...event, seq: at + 1 })),
    state = events && reduceRun('run-1', events),
    run = state && summaryOf(state),
    ledger: LedgerEntry[] = state
      ? ['older', oldRelease.id, state.release.id].map((release, at) => ({
          service: identityOf(state),
          environment: 'production',
          release,
          standing: at === 2 && state.outcome !== 'promoted' ? 'deploying' : 'verified',
          runId: at === 2 ? 'run-1' : `earlier-${at}`,
          by: 'maria',
          at: startMs + at,
        }))
      : [];
  return {
    state,
    run,
    services: servicesOf({ pipelines, ...(events && { events }), isPinned }, state, run, ledger),
    nodes: nodesOf(pipelines, state, run, ledger, isPinned),
  };
}

function summaryOf(state: RunState): RunSummary {
  const { outcome, finishedAtMs } = state;
  return {
    id: 'run-1',
    number: 7,
    pipeline: state.pipeline,
    service: state.service,
    by: maria,
    version: state.artifact.version,
    inputs: {},
    startedAtMs: startMs,
    ...(outcome && { outcome, finishedAtMs: finishedAtMs ?? startMs }),
  };
}

function nodesOf(
  pipelines: readonly PipelineFile[],
  state: RunState | undefined,
  run: RunSummary | undefined,
  ledger: readonly LedgerEntry[],
  isPinned: boolean,
): World['nodes'] {
  const nowMs = startMs + 3_600_000,
    latest = run && state ? { run, state } : undefined;
  const roots: (readonly [string, TreeNode])[] = pipelines.map(one => [
    'backstop.pipelines',
    pipelineNode(one, one.pipeline && latest, nowMs, plainEnglish),
  ]);
  if (run)
    roots.push([
      'backstop.runs',
      runNode(run, () => state, nowMs, plainEnglish, { isPinned, isElsewhere: pipelines.length === 0 }),
    ]);
  if (state && pipelines.length > 0)
    roots.push([
      'backstop.environments',
      environmentNode(
        {
          target: { folder, file: state.file, service: identityOf(state) },
          name: 'production',
          release: id => [oldRelease, state.release, { ...oldRelease, id: 'older' }].find(one => one.id === id),
          nodes: [{ node: 'prod-01', release: state.release.id, sinceMs: startMs }],
          ledger,
        },
        nowMs,
        plainEnglish,
      ),
    ]);
  return roots.flatMap(([view, node]) => below(node).map(one => ({ view, node: one })));
}

function below(node: TreeNode): readonly TreeNode[] {
  return [node, ...(node.children?.() ?? []).flatMap(below)];
}

function servicesOf(
  { pipelines, events = [], isPinned }: CommandState,
  state: RunState | undefined,
  run: RunSummary | undefined,
  ledger: readonly LedgerEntry[],
): HostServices {
  const isOpen = state !== undefined && state.outcome === undefined;
  let isTold = false;
  const releases = state ? [state.release, oldRelease, { ...oldRelease, id: 'older' }] : [];
  const history = {
    runs: () => (run ? [run] : []),
    findRun: (id: string) => (id === run?.id ? run : undefined),
    // The run reacts at once to what it is told.
    events: (_: string, after = 0) =>
      isTold ? [{ type: 'run-finished', seq: after + 1 }] : events.filter(event => event.seq > after),
    ledger: () => ledger,
    releases: () => releases,
    release: (id: string) => releases.find(one => one.id === id),
    nodes: () => (state ? [{ node: 'prod-01', release: state.release.id, sinceMs: startMs }] : []),
    pins: () => (isPinned ? [{ runId: 'run-1', environment: 'production' }] : []),
    keptEnvironments: () => ['production', 'staging'],
    isRunning: () => isOpen,
    report: () => undefined,
    feedback: () => [],
  };
  const done = Promise.resolve({ ok: true, value: {} });
  const engine = anything({
    history: anything(history),
    instruct: () => {
      see('sends');
      isTold = true;
      return done;
    },
    feedback: () => ({ ok: true, value: [] }),
    reconsider: () => 'pass',
    pin: () => done,
    unpin: () => done,
    inspection: anything({ builds: () => Promise.resolve({ ok: true, value: [{ artifact: { version: '2.14.0' } }] }) }),
  });
  const services = {
    context: anything({
      extension: { id: 'backstop.backstop', packageJSON: { version: '0' } },
      extensionUri: anything({ fsPath: folder }),
      extensionPath: folder,
      globalStorageUri: anything({ fsPath: folder }),
    }),
    engines: anything({
      open: () => Promise.resolve({ ok: true, value: engine }),
      vendors: () => Promise.resolve([]),
      diagnose: () => Promise.resolve({ ok: false, failure: { message: 'no store' } }),
    }),
    pipelines: {
      list: () => pipelines,
      refresh: () => Promise.resolve(see('lists')),
      read: (_: string, file: string) => Promise.resolve(pipelines.find(one => one.file === file)),
      find: () => pipelines.find(one => one.pipeline),
    },
    feed: {
      runs: () => (run ? [run] : []),
      state: (id: string) => (id === run?.id ? state : undefined),
      openStates: () => (isOpen ? [state] : []),
      numberOf: () => run?.number,
      limit: 40,
      showMore: () => see('lists'),
      onChange: () => () => {},
      poke() {},
    },
    secrets: anything({ load: () => Promise.resolve(), has: () => false }),
    hasEnvironmentCredential: () => false,
    documents: anything({ show: () => Promise.resolve(see('opens')) }),
    logs: { follow: () => Promise.resolve(see('opens')), showStep: () => Promise.resolve(see('opens')) },
    notify: {
      offer() {},
      fail: ({ message }: { message: string }) => see('refuses', message),
      say: (text: string) => see('says', text),
      suggest: () => Promise.resolve(see('asks')),
      confirm: () => Promise.resolve(see('asks')),
    },
    sent: { add: () => () => {} },
    runFilter: { value: {}, set: () => see('lists') },
    ownRuns: { folderOf: () => folder, list: () => [] },
    remembered: anything({ last: () => ({ inputs: {} }), keep: () => Promise.resolve() }),
    engineFor: () => Promise.resolve(engine),
    person: () => Promise.resolve(maria),
    mayAct: () => true,
    validatePipelines: () =>
      Promise.resolve({ files: pipelines.length, broken: pipelines.filter(({ errors }) => errors).length }),
  };
  return services as unknown as HostServices;
}
