// Jenkins' state: jobs, the queue with its items, and builds with their consoles. The caller advances time.

export type BuildResult = 'SUCCESS' | 'UNSTABLE' | 'FAILURE' | 'NOT_BUILT' | 'ABORTED';
export type Parameters = Readonly<Record<string, string>>;
/** The ways to end a build, the gentlest first. */
export const stopForces = ['stop', 'term', 'kill'] as const;
export type StopForce = (typeof stopForces)[number];

export interface JenkinsJob {
  /** With its folders: `folder/job`. A branch of a multibranch job has its name encoded: `shop/feature%2Fx`. */
  readonly name: string;
  readonly description: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly description: string;
    readonly defaultValue: string;
  }[];
  readonly disabled?: boolean;
  /** Builds may run at the same time. */
  readonly concurrent?: boolean;
  /** A Pipeline: it has stages (console lines `[Pipeline] { (NAME)`) and can be ended with more force than `stop`. */
  readonly pipeline?: boolean;
  /** Continues until it is ended with this much force. */
  readonly endsOnlyBy?: Exclude<StopForce, 'stop'>;
  /** Absent: the latest build's number as `#7`. */
  readonly displayName?: (parameters: Parameters) => string;
  /** Path of an artifact -> its text. */
  readonly artifacts?: (parameters: Parameters) => Parameters;
  /** What was committed for a build, oldest first. */
  readonly commits?: (
    parameters: Parameters,
  ) => readonly { readonly id: string; readonly message: string; readonly author: string }[];
  /** The work itself; console lines go to `log`. */
  readonly run: (
    parameters: Parameters,
    log: (line: string) => void,
    signal: AbortSignal,
  ) => Promise<Exclude<BuildResult, 'ABORTED'>>;
  /** Builds that ended long ago, oldest first. */
  readonly past?: readonly PastBuild[];
}

export interface PastBuild {
  readonly parameters: Parameters;
  readonly result: BuildResult;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly log: string;
}

export interface QueueItem {
  readonly id: number;
  readonly job: JenkinsJob;
  readonly parameters: Parameters;
  readonly by: string;
  readonly inQueueSinceMs: number;
  readonly startableAtMs: number;
  /** Why it waits although its quiet period is over. */
  waitsFor?: 'build' | 'executor' | undefined;
  leftAtMs?: number;
  cancelled?: boolean;
  build?: Build;
}

export interface Build {
  readonly job: JenkinsJob;
  readonly number: number;
  readonly queueId: number;
  readonly parameters: Parameters;
  readonly by: string;
  readonly startedAtMs: number;
  readonly abort: AbortController;
  durationMs: number;
  /** null: still building. */
  result: BuildResult | null;
  log: string;
  /** The length of its log over time; empty for a build from before. */
  readonly written: { readonly atMs: number; readonly length: number }[];
}

export interface JenkinsState {
  job(name: string): JenkinsJob | undefined;
  jobs(): readonly JenkinsJob[];
  /** Newest first. */
  builds(job: JenkinsJob): readonly Build[];
  nextNumber(job: JenkinsJob): number;
  /** Identical waiting builds become one item. */
  trigger(job: JenkinsJob, parameters: Parameters, by: string, quietMs: number): QueueItem;
  queue(): readonly QueueItem[];
  /** undefined: unknown, or left the queue more than five minutes ago. */
  item(id: number): QueueItem | undefined;
  cancel(item: QueueItem): void;
  stop(build: Build, force: StopForce): void;
}

const leftItemMs = 5 * 60_000;

export interface StateOptions {
  readonly now: () => number;
  readonly sleep: (durationMs: number) => Promise<void>;
  /** Maximum number of builds of all jobs at the same time. */
  readonly executors: number;
}

export function createJenkinsState(
  definitions: readonly JenkinsJob[],
  { now, sleep, executors }: StateOptions,
): JenkinsState {
  const jobs = new Map(definitions.map(job => [job.name, job]));
  const builds = createBuilds(definitions, now, () => {
    advance();
  });
  let items: QueueItem[] = [];
  let lastItem = 100;
  /** Starts waiting items, oldest first. */
  const advance = () => {
    items = items.filter(({ leftAtMs }) => leftAtMs === undefined || now() - leftAtMs <= leftItemMs);
    for (const item of items) {
      if (item.leftAtMs !== undefined || now() < item.startableAtMs) continue;
      const isBusy = !item.job.concurrent && builds.running(item.job) > 0;
      item.waitsFor = isBusy ? 'build' : builds.allRunning() >= executors ? 'executor' : undefined;
      if (item.waitsFor) continue;
      item.leftAtMs = now();
      item.build = builds.start(item);
    }
  };
  return {
    job: name => jobs.get(name),
    jobs: () => definitions,
    builds: job => {
      advance();
      return builds.of(job);
    },
    nextNumber: builds.nextNumber,
    trigger(job, parameters, by, quietMs) {
      advance();
      const same = items.find(
        item => item.job === job && item.leftAtMs === undefined && sameParameters(item.parameters, parameters),
      );
      if (same) return same;
      const sinceMs = now();
      const times = { inQueueSinceMs: sinceMs, startableAtMs: sinceMs + quietMs };
      const item: QueueItem = { id: ++lastItem, job, parameters, by, ...times };
      items.push(item);
      if (quietMs === 0) advance();
      else void sleep(quietMs).then(advance);
      return item;
    },
    queue: () => {
      advance();
      return items.filter(({ leftAtMs }) => leftAtMs === undefined).reverse();
    },
    item: id => {
      advance();
      return items.find(item => item.id === id);
    },
    cancel(item) {
      if (item.leftAtMs !== undefined) return;
      item.cancelled = true;
      item.leftAtMs = now();
    },
    stop: builds.stop,
  };
}

interface Builds extends Pick<JenkinsState, 'nextNumber' | 'stop'> {
  of(job: JenkinsJob): readonly Build[];
  running(job: JenkinsJob): number;
  allRunning(): number;
  start(item: QueueItem): Build;
}

/** The builds of all jobs, from their start to their end. `onEnd` is called after each end. */
function createBuilds(definitions: readonly JenkinsJob[], now: () => number, onEnd: () => void): Builds {
  const builds = new Map(
    definitions.map(job => [job, (job.past ?? []).map((past, index) => pastBuild(job, past, index)).reverse()]),
  );
  const running = (job: JenkinsJob) => builds.get(job)!.filter(({ result }) => result === null).length;
  const nextNumber = (job: JenkinsJob) => (builds.get(job)![0]?.number ?? 0) + 1;
  const write = (build: Build, line: string) => {
    build.log += `${line}\n`;
    build.written.push({ atMs: now(), length: build.log.length });
  };
  const finish = (build: Build, result: BuildResult) => {
    if (build.result !== null) return;
    write(build, `Finished: ${result}`);
    build.result = result;
    build.durationMs = Math.max(1, now() - build.startedAtMs);
    onEnd();
  };
  return {
    of: job => builds.get(job)!,
    running,
    allRunning: () => definitions.reduce((total, job) => total + running(job), 0),
    nextNumber,
    start(item) {
      const { job, parameters, by } = item;
      const build = newBuild(item, nextNumber(job), now());
      builds.get(job)!.unshift(build);
      const log = (line: string) => {
        if (build.result === null) write(build, line);
      };
      log(`Started by user ${by}`);
      // Delayed, so that the caller has its answer first.
      void Promise.resolve()
        .then(() => job.run(parameters, log, build.abort.signal))
        .then(
          result => {
            finish(build, result);
          },
          (error: unknown) => {
            log(`ERROR: ${error instanceof Error ? error.message : String(error)}`);
            finish(build, 'FAILURE');
          },
        );
      return build;
    },
    stop(build, force) {
      if (build.result !== null) return;
      write(build, `Aborted by user (${force})`);
      if (stopForces.indexOf(force) < stopForces.indexOf(build.job.endsOnlyBy ?? 'stop')) return;
      build.abort.abort();
      finish(build, 'ABORTED');
    },
  };
}

function newBuild({ id, job, parameters, by }: QueueItem, number: number, startedAtMs: number): Build {
  return {
    job,
    parameters,
    by,
    number,
    queueId: id,
    startedAtMs,
    abort: new AbortController(),
    durationMs: 0,
    result: null,
    log: '',
    written: [],
  };
}

function pastBuild(job: JenkinsJob, past: PastBuild, index: number): Build {
  const { parameters, result, startedAtMs, durationMs, log } = past;
  return {
    job,
    number: index + 1,
    queueId: index + 1,
    parameters,
    by: 'ci',
    startedAtMs,
    abort: new AbortController(),
    durationMs,
    result,
    log,
    written: [],
  };
}

/** Its console at that time. */
export function logAt({ log, written }: Build, atMs: number): string {
  return written.length === 0 ? log : log.slice(0, written.findLast(mark => mark.atMs <= atMs)?.length ?? 0);
}

/** A Jenkins whose lists contain every build and every waiting item twice. */
export function tellTwice(state: JenkinsState): JenkinsState {
  return {
    ...state,
    builds: job => state.builds(job).flatMap(build => [build, build]),
    queue: () => state.queue().flatMap(item => [item, item]),
  };
}

function sameParameters(one: Parameters, other: Parameters): boolean {
  return (
    Object.keys(one).length === Object.keys(other).length &&
    Object.entries(one).every(([name, value]) => other[name] === value)
  );
}
