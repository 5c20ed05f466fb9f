// The life of search jobs: gathering from the latest message to the oldest, counted per poll, deleted without polls.
import { countRecords, type CountedRecords } from './pages.ts';
import { parseSumoQuery, SumoQueryError, type SumoQuery } from './query.ts';
import type { LogRecord, Telemetry } from '../fleet/telemetry.ts';

export interface SearchRequest {
  readonly query: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly requiresRawMessages: boolean;
}

export interface SearchJob {
  readonly id: string;
  /** The cookie for the machine that runs the job. */
  readonly session: string;
  readonly query: SumoQuery | undefined;
  readonly showsMessages: boolean;
  /** Newest first, at most the cap. */
  readonly records: readonly LogRecord[];
  readonly capped: boolean;
  readonly createdMs: number;
  readonly bucketMs: number;
  touchedMs: number;
  cancelled: boolean;
  pendingErrors: readonly string[];
  pendingWarnings: readonly string[];
  /** Messages whose histogram bucket was reported. */
  reported: number;
}

/** How long a job takes; the vendor's jobs take seconds to minutes. */
export interface Pace {
  readonly startMs: number;
  readonly gatherMs: number;
}

export interface SearchJobs {
  create(request: SearchRequest, telemetry: Telemetry, session: string, warnings: readonly string[]): SearchJob;
  /** undefined: unknown, deleted, or not polled in time. Polling keeps a job alive. */
  find(id: string): SearchJob | undefined;
  /** Cancels a running job, or removes a finished one. */
  delete(job: SearchJob): void;
  expire(job: SearchJob): void;
  active(): number;
  /** Reports buckets and errors once. */
  status(job: SearchJob): unknown;
  gathered(job: SearchJob): readonly LogRecord[];
  counted(job: SearchJob): CountedRecords;
}

export const messageCap = 100_000;

export function createSearchJobs(now: () => number, pace: Pace, keepAliveMs: number): SearchJobs {
  const jobs = new Map<string, SearchJob>();
  let lastId = 0x6412_59f2_0000;
  const forgetOld = () => {
    for (const job of jobs.values()) if (now() - job.touchedMs > keepAliveMs) jobs.delete(job.id);
  };
  const { shareDone, visible, stateOf } = createProgress(now, pace);
  return {
    create(request, telemetry, session, pendingWarnings) {
      forgetOld();
      const id = (++lastId).toString(16).toUpperCase().padStart(16, '0');
      const job: SearchJob = {
        ...search(request, telemetry),
        pendingWarnings,
        id,
        session,
        createdMs: now(),
        touchedMs: now(),
        cancelled: false,
        reported: 0,
        bucketMs: bucketWidth(request),
      };
      jobs.set(id, job);
      return job;
    },
    find(id) {
      forgetOld();
      const job = jobs.get(id);
      if (job) job.touchedMs = now();
      return job;
    },
    delete(job) {
      if (shareDone(job) < 1) job.cancelled = true;
      else jobs.delete(job.id);
    },
    expire: job => void jobs.delete(job.id),
    active: () => {
      forgetOld();
      return jobs.size;
    },
    status(job) {
      const done = visible(job);
      const { pendingErrors, pendingWarnings } = job;
      job.pendingErrors = [];
      job.pendingWarnings = [];
      return {
        state: stateOf(job),
        messageCount: done,
        histogramBuckets: newBuckets(job, done),
        pendingErrors,
        pendingWarnings,
        recordCount:
          job.query?.count && shareDone(job) > 0 ? countRecords(job.records.slice(0, done), job.query).rows.length : 0,
      };
    },
    gathered: job => (job.showsMessages ? job.records.slice(0, visible(job)) : []),
    counted: job => countRecords(job.records.slice(0, visible(job)), job.query!),
  };
}

interface JobProgress {
  /** From 0 to 1. */
  shareDone(job: SearchJob): number;
  /** How many of its records have been gathered. */
  visible(job: SearchJob): number;
  stateOf(job: SearchJob): string;
}

function createProgress(now: () => number, pace: Pace): JobProgress {
  const shareDone = (job: SearchJob) =>
    pace.gatherMs === 0
      ? Number(now() - job.createdMs >= pace.startMs)
      : Math.min(1, Math.max(0, (now() - job.createdMs - pace.startMs) / pace.gatherMs));
  const visible = (job: SearchJob) => Math.floor(job.records.length * shareDone(job));
  const stateOf = (job: SearchJob) => {
    if (job.cancelled) return 'CANCELLED';
    if (now() - job.createdMs < pace.startMs) return 'NOT STARTED';
    if (shareDone(job) < 1) return 'GATHERING RESULTS';
    return job.capped ? 'FORCE PAUSED' : 'DONE GATHERING RESULTS';
  };
  return { shareDone, visible, stateOf };
}

type Searched = Pick<SearchJob, 'query' | 'records' | 'capped' | 'pendingErrors' | 'showsMessages'>;

function search(request: SearchRequest, telemetry: Telemetry): Searched {
  let query: SumoQuery;
  try {
    query = parseSumoQuery(request.query);
  } catch (error) {
    if (!(error instanceof SumoQueryError)) throw error;
    return { query: undefined, records: [], capped: false, pendingErrors: [error.message], showsMessages: true };
  }
  const found = telemetry.logs(request.fromMs, request.toMs).filter(query.matches).reverse();
  const showsMessages = !query.count || request.requiresRawMessages;
  const capped = showsMessages && found.length > messageCap;
  return { query, records: capped ? found.slice(0, messageCap) : found, capped, pendingErrors: [], showsMessages };
}

function bucketWidth({ fromMs, toMs }: SearchRequest): number {
  const widths = [1000, 5000, 10_000, 60_000, 300_000, 900_000, 3_600_000];
  return widths.find(width => (toMs - fromMs) / width <= 120) ?? 86_400_000;
}

/** Buckets that were completed since the last poll. */
function newBuckets(
  job: SearchJob,
  done: number,
): readonly { startTimestamp: number; length: number; count: number }[] {
  const startOf = (index: number) => Math.floor(job.records[index]!.atMs / job.bucketMs) * job.bucketMs;
  const buckets: { startTimestamp: number; length: number; count: number }[] = [];
  while (job.reported < done) {
    const startTimestamp = startOf(job.reported);
    let end = job.reported;
    while (end < job.records.length && startOf(end) === startTimestamp) end++;
    if (end > done) break;
    buckets.push({ startTimestamp, length: job.bucketMs, count: end - job.reported });
    job.reported = end;
  }
  return buckets;
}
