// One search job of Sumo Logic from its creation to its deletion: waits for it, pages through what it found, and takes
// it away whatever happens.
import { fail, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Clock } from '../../model/ports.ts';
import type { HttpAnswer } from '../../model/outside.ts';
import { textOf } from '../transport/http.ts';
import { listMember, numberMember, parseJson, textMember } from '../transport/decode/json.decode.ts';
import type { CallSumo, SumoCall } from './client.ts';
import type { SumoConnection } from './options.ts';

export interface SearchJob {
  readonly connection: SumoConnection;
  readonly query: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** `records`: the rows of an aggregation, whose messages are not asked for. */
  readonly wants: 'messages' | 'records';
  readonly what: string;
  readonly deadlineMs: number;
  /** Above so many messages nothing is read, so that the window can be cut. Absent: read what the vendor gives. */
  readonly refuseAbove?: number;
}

export type SearchOutcome =
  | {
      readonly kind: 'read';
      readonly read: number;
      readonly total: number;
      readonly bytes: number;
      /** The vendor stopped gathering: total is what was counted until then. */
      readonly capped: boolean;
      readonly warnings: readonly string[];
    }
  /** Nothing was read; total as far as counted. */
  | { readonly kind: 'too-many'; readonly total: number }
  /** The job is gone there (expired, or its cookie lost), or was never known: it may be created anew. */
  | { readonly kind: 'lost'; readonly why: string };

export interface SearchDeps {
  readonly call: CallSumo;
  readonly clock: Clock;
  /** Takes one page's bytes and says how many rows it held. */
  readonly deliver: (bytes: Uint8Array<ArrayBuffer>) => Promise<Result<{ rows: number }>>;
}

/** Messages that one job gives. */
export const messagesPerJob = 100_000;
const rowsPerPage = 10_000;
const pageBytes = 110 * 1024 * 1024;
/**
 * Soon enough for a short job, and late enough that creation, one poll, one page and deletion fit into one second's
 * requests.
 */
const firstPollMs = 250;
const pollGrowth = 1.6;
/** Also keeps the job alive: after 20 to 30 s without a question the vendor cancels it. */
const lastPollMs = 2_000;
const deleteWithinMs = 5_000;
const damagedPages = 3;
/** How often one job is created anew after it was lost. */
const jobLives = 3;

/** Rows that were delivered before a job was lost come again: messages count once, by their ids. */
export async function runSearchJob(
  deps: SearchDeps,
  job: SearchJob,
  signal: AbortSignal,
): Promise<Result<Exclude<SearchOutcome, { kind: 'lost' }>>> {
  let why = '';
  for (let life = 1; life <= jobLives; life++) {
    const outcome = await runOnce(deps, job, signal);
    if (!outcome.ok) return outcome;
    if (outcome.value.kind !== 'lost') return succeed(outcome.value);
    why = outcome.value.why;
    if (signal.aborted) return fail('cancelled', `${job.what}: cancelled.`);
    if (deps.clock.now() >= job.deadlineMs) break;
  }
  return fail('unreachable', `${job.what}: Sumo Logic lost the search job again and again.`, { cause: why });
}

async function runOnce(deps: SearchDeps, job: SearchJob, signal: AbortSignal): Promise<Result<SearchOutcome>> {
  const cookies = new Map<string, string>();
  const created = await deps.call(
    job.connection,
    {
      method: 'POST',
      path: '/search/jobs',
      cookies,
      what: job.what,
      deadlineMs: job.deadlineMs,
      body: {
        query: job.query,
        from: Math.floor(job.fromMs),
        to: Math.ceil(job.toMs),
        timeZone: 'UTC',
        byReceiptTime: false,
        autoParsingMode: 'Manual',
        requiresRawMessages: job.wants === 'messages',
      },
    },
    signal,
  );
  if (!created.ok) return created;
  const document = parseJson(created.value.bytes, 'Sumo Logic');
  const id = document.ok
    ? (textMember(document.value, 'id') ?? lastSegment(created.value.headers['location']))
    : lastSegment(created.value.headers['location']);
  if (!id) return succeed({ kind: 'lost', why: 'it was created without an id' });
  const conversation: Conversation = { ...deps, job, cookies, path: `/search/jobs/${encodeURIComponent(id)}`, signal };
  try {
    return await followJob(conversation);
  } finally {
    await removeJob(conversation);
  }
}

interface Conversation extends SearchDeps {
  readonly job: SearchJob;
  readonly cookies: Map<string, string>;
  readonly path: string;
  readonly signal: AbortSignal;
}

async function followJob(conversation: Conversation): Promise<Result<SearchOutcome>> {
  const gathered = await awaitEnd(conversation);
  if (!gathered.ok) return gathered;
  if (gathered.value.kind === 'lost') return succeed(gathered.value);
  const { total, capped } = gathered.value;
  const { refuseAbove } = conversation.job;
  if (refuseAbove !== undefined && (capped || total > refuseAbove)) return succeed({ kind: 'too-many', total });
  return readRows(conversation, gathered.value);
}

interface Gathered {
  readonly kind: 'gathered';
  readonly available: number;
  readonly total: number;
  readonly capped: boolean;
  readonly warnings: readonly string[];
}

/** Errors, warnings and histogram are told once, in the poll after they arose: they are added up. */
async function awaitEnd(
  conversation: Conversation,
): Promise<Result<Gathered | (SearchOutcome & { readonly kind: 'lost' })>> {
  const { clock, job, signal } = conversation;
  const errors: string[] = [],
    warnings: string[] = [];
  let counted = 0;
  for (let waitMs = firstPollMs; ; waitMs = Math.min(lastPollMs, waitMs * pollGrowth)) {
    if (clock.now() + waitMs >= job.deadlineMs)
      return fail('timeout', `${job.what}: the search job did not end in time.`);
    await clock.sleep(waitMs, signal);
    if (signal.aborted) return fail('cancelled', `${job.what}: cancelled.`);
    const polled = await callJob(conversation, { method: 'GET', path: conversation.path });
    if (!polled.ok) return polled;
    if (isLost(polled.value)) return succeed({ kind: 'lost', why: `the job answered ${polled.value.status}` });
    const status = parseJson(polled.value.bytes, 'Sumo Logic');
    if (!status.ok) continue;
    errors.push(...textsOf(status.value, 'pendingErrors'));
    warnings.push(...textsOf(status.value, 'pendingWarnings'));
    for (const bucket of listMember(status.value, 'histogramBuckets')) counted += numberMember(bucket, 'count') ?? 0;
    const state = textMember(status.value, 'state');
    if (state === 'CANCELLED') return succeed({ kind: 'lost', why: 'the job was cancelled there' });
    if (state !== 'DONE GATHERING RESULTS' && state !== 'FORCE PAUSED') continue;
    if (errors.length > 0)
      return fail('invalid', `${job.what}: Sumo Logic refused the query.`, {
        cause: errors.join('; ').slice(0, 300),
        hint: `The query was: ${job.query}`,
      });
    const messages = numberMember(status.value, 'messageCount') ?? 0;
    const available = job.wants === 'messages' ? messages : (numberMember(status.value, 'recordCount') ?? 0);
    return succeed({
      kind: 'gathered',
      available,
      total: job.wants === 'messages' ? Math.max(messages, counted) : available,
      capped: state === 'FORCE PAUSED',
      warnings,
    });
  }
}

/** Pages may be shorter than asked for: the next one begins after what came. An empty one means that no more will. */
async function readRows(
  conversation: Conversation,
  { available, total, capped, warnings }: Gathered,
): Promise<Result<SearchOutcome>> {
  const { job } = conversation;
  let read = 0,
    bytes = 0,
    damaged = 0;
  while (read < available) {
    const path = `${conversation.path}/${job.wants}?offset=${read}&limit=${Math.min(rowsPerPage, available - read)}`;
    const page = await callJob(conversation, { method: 'GET', path, maxBytes: pageBytes });
    if (!page.ok) return page;
    if (isLost(page.value)) return succeed({ kind: 'lost', why: `the job answered ${page.value.status}` });
    const size = page.value.bytes.length;
    const delivered = await conversation.deliver(page.value.bytes);
    if (!delivered.ok && delivered.failure.kind === 'bad-answer' && ++damaged < damagedPages) continue;
    if (!delivered.ok)
      return { ok: false, failure: { ...delivered.failure, message: `${job.what}: ${delivered.failure.message}` } };
    bytes += size;
    if (delivered.value.rows === 0) break;
    read += delivered.value.rows;
  }
  return succeed({ kind: 'read', read, total, bytes, capped, warnings });
}

function callJob(
  conversation: Conversation,
  call: Pick<SumoCall, 'method' | 'path' | 'maxBytes'>,
): Promise<Result<HttpAnswer>> {
  const { job, cookies, signal } = conversation;
  return conversation.call(
    job.connection,
    { ...call, cookies, what: job.what, deadlineMs: job.deadlineMs, accepts: isLost },
    signal,
  );
}

/** 404, or 400 and 500 whose text says that the job id is not valid. */
function isLost(answer: HttpAnswer): boolean {
  if (answer.status === 404) return true;
  return (
    (answer.status === 400 || answer.status === 500) && /job\s?id|invalid.{0,3}job/i.test(textOf(answer.bytes, 500))
  );
}

/** Also after a cancel, hence with a signal of its own; a job that cannot be deleted expires by itself. */
async function removeJob({ call, clock, job, cookies, path }: Conversation): Promise<void> {
  await call(
    job.connection,
    {
      method: 'DELETE',
      path,
      cookies,
      what: job.what,
      deadlineMs: clock.now() + deleteWithinMs,
      accepts: answer => answer.status < 500 && answer.status !== 429,
    },
    new AbortController().signal,
  );
}

function textsOf(status: unknown, name: string): readonly string[] {
  return listMember(status, name).map(one => (typeof one === 'string' ? one : JSON.stringify(one)));
}

function lastSegment(location: string | undefined): string | undefined {
  const segment = location?.split('?')[0]?.split('/').findLast(Boolean);
  return segment && /^[\w-]{1,100}$/.test(segment) ? segment : undefined;
}
