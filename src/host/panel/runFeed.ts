// What happens in the store, whichever process writes it: the latest runs and their states, read only while visible.
import { identityOf } from '../../model/identity.ts';
import type { Pipeline } from '../../model/pipeline.ts';
import type { Clock } from '../../model/ports.ts';
import type { History, RunSummary } from '../../model/history.ts';
import { applyEvent } from '../../model/runs/reduceRun.ts';
import type { Neighbours } from '../../protocol/snapshot/snapshotNeighbours.ts';
import { interrupt, type RunState } from '../../model/runs/runState.ts';

export interface RunFeed {
  /** Newest run first. */
  runs(): readonly RunSummary[];
  state(runId: string): RunState | undefined;
  /** The known states of all runs in progress. */
  openStates(): readonly RunState[];
  numberOf(runId: string): number | undefined;
  /** Sets how many runs are listed; returns whether there may be more. */
  readonly limit: number;
  showMore(): void;
  /** Called once for each read that found something new, with the ids of the changed runs. */
  onChange(listener: (changed: ReadonlySet<string>) => void): () => void;
  /** Reads the store now. */
  poke(): void;
  dispose(): void;
}

export interface RunFeedOptions {
  /** Undefined until the store is opened. */
  readonly history: () => Pick<History, 'runs' | 'events' | 'isRunning'> | undefined;
  readonly clock: Clock;
  /** True if a view of runs is visible. */
  readonly isWatched: () => boolean;
  readonly onBroken: (error: unknown) => void;
}

const pageSize = 40;
const pollMs = 1000;
const statesKept = 60;

export function createRunFeed({ history, clock, isWatched, onBroken }: RunFeedOptions): RunFeed {
  const states = keepStates();
  const listeners = new Set<(changed: ReadonlySet<string>) => void>();
  const ended = new AbortController();
  let runs: readonly RunSummary[] = [];
  let limit = pageSize;
  let bell = new AbortController();

  function read(): void {
    const store = history();
    if (!store) return;
    const before = runs;
    runs = store.runs({ limit });
    const changed = new Set([...newOrEnded(before, runs), ...states.update(store, runs)]);
    if (changed.size) for (const listener of [...listeners]) listener(changed);
  }
  function readSafely(): void {
    try {
      read();
    } catch (error) {
      onBroken(error);
    }
  }
  const isNeeded = (): boolean => isWatched() || runs.some(run => run.outcome === undefined);
  async function keepReading(): Promise<void> {
    while (!ended.signal.aborted) {
      await clock.sleep(isNeeded() ? pollMs : 60 * pollMs, AbortSignal.any([bell.signal, ended.signal]));
      bell = new AbortController();
      if (!ended.signal.aborted && isNeeded()) readSafely();
    }
  }
  keepReading().catch(onBroken);

  return {
    runs: () => runs,
    state: runId => states.get(runId) ?? states.load(history(), runId),
    openStates: () => runs.flatMap(run => (run.outcome === undefined ? (states.get(run.id) ?? []) : [])),
    numberOf: runId => runs.find(run => run.id === runId)?.number,
    get limit() {
      return limit;
    },
    showMore() {
      limit += pageSize;
      readSafely();
      for (const listener of [...listeners]) listener(new Set());
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    poke() {
      readSafely();
      bell.abort();
    },
    dispose() {
      ended.abort();
    },
  };
}

function newOrEnded(before: readonly RunSummary[], after: readonly RunSummary[]): readonly string[] {
  const known = new Map(before.map(run => [run.id, run.outcome]));
  return after.filter(run => !known.has(run.id) || known.get(run.id) !== run.outcome).map(run => run.id);
}

/** The latest states of runs, updated from the store. Of runs that have ended, the oldest are dropped. */
interface RunStates {
  get(runId: string): RunState | undefined;
  load(store: Pick<History, 'events'> | undefined, runId: string): RunState | undefined;
  /** Returns the ids of the runs whose states changed. */
  update(store: Pick<History, 'events' | 'isRunning'>, runs: readonly RunSummary[]): readonly string[];
}

function keepStates(): RunStates {
  const states = new Map<string, RunState>();

  /** Reads the new events; true if there were any. */
  function readOn(store: Pick<History, 'events'>, runId: string): boolean {
    const before = states.get(runId);
    const events = store.events(runId, before?.lastSeq ?? 0);
    if (events.length === 0) return false;
    const after = events.reduce((state, event) => applyEvent(runId, state, event), before);
    if (after) keep(runId, after);
    return true;
  }
  /** True if the process of a run has ended early, or another process has resumed it. */
  function seeWhetherItContinues(store: Pick<History, 'events' | 'isRunning'>, runId: string): boolean {
    const before = states.get(runId);
    if (!before) return false;
    const after = interrupt(before, store.events(runId, before.lastSeq - 1, 1), store.isRunning(runId));
    if (after.interruptedAtMs === before.interruptedAtMs) return false;
    keep(runId, after);
    return true;
  }
  function keep(runId: string, state: RunState): void {
    states.delete(runId);
    states.set(runId, state);
    for (const [id, old] of states) {
      if (states.size <= statesKept) return;
      if (old.outcome !== undefined) states.delete(id);
    }
  }
  /** A run in progress, or one whose state does not show yet that it ended. */
  const isBehind = ({ id, outcome }: RunSummary): boolean =>
    outcome === undefined || (states.has(id) && states.get(id)?.outcome !== outcome);

  return {
    get: runId => states.get(runId),
    load(store, runId) {
      if (store) readOn(store, runId);
      return states.get(runId);
    },
    update(store, runs) {
      const read = runs.filter(run => isBehind(run) && readOn(store, run.id));
      const stopped = runs.filter(run => run.outcome === undefined && seeWhetherItContinues(store, run.id));
      return [...read, ...stopped].map(({ id }) => id);
    },
  };
}

export interface LatestRun {
  readonly run: RunSummary;
  readonly state: RunState;
}

/** The latest run of a pipeline file. */
export function latestRun(
  feed: Pick<RunFeed, 'runs' | 'state'>,
  file: string,
  pipeline: Pick<Pipeline, 'name' | 'service' | 'identity'> | undefined,
): LatestRun | undefined {
  for (const run of feed.runs()) {
    if (run.pipeline !== pipeline?.name || identityOf(run) !== identityOf(pipeline)) continue;
    const state = feed.state(run.id);
    if (state?.file === file) return { run, state };
  }
  return undefined;
}

/** `runs`: newest first; `by` 1: the run of the same pipeline before it. */
export function neighbourOf(runs: readonly RunSummary[], runId: string, by: 1 | -1): RunSummary | undefined {
  const same = samePipeline(runs, runId);
  const at = same.findIndex(({ id }) => id === runId);
  return at < 0 ? undefined : same[at + by];
}

/** The runs of the same pipeline around it, and the latest one if it is not that itself. */
export function neighboursOf(runs: readonly RunSummary[], runId: string): Neighbours {
  const previous = neighbourOf(runs, runId, 1),
    next = neighbourOf(runs, runId, -1),
    [latest] = samePipeline(runs, runId);
  return { ...(previous && { previous }), ...(next && { next }), ...(latest && latest.id !== runId && { latest }) };
}

function samePipeline(runs: readonly RunSummary[], runId: string): readonly RunSummary[] {
  const own = runs.find(({ id }) => id === runId);
  return own ? runs.filter(one => one.pipeline === own.pipeline && identityOf(one) === identityOf(own)) : [];
}
