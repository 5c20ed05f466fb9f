// Stores runs, their events, and the instructions that people give them.
import { identityOf, plainService } from '../../model/identity.ts';
import type { History, NewRun, OpenHook, RunSummary } from '../../model/history.ts';
import { isRunEventType } from '../../model/runs/runEventTypes.ts';
import type { Instruction, RunEvent, RunOutcome } from '../../model/runs/runEvents.ts';
import { TakenOver, type Fence } from '../../model/runs/takenOver.ts';
import { chainEvent, chainRun } from './historyChain.ts';
import { StoreError } from './file/historyErrors.ts';
import { holdsFence, holdsFenceAgain } from './historyLeases.ts';
import type { Row, Store } from './file/historySqlite.ts';

export type RunHistory = Pick<
  History,
  'createRun' | 'append' | 'events' | 'openHooks' | 'stageDurations' | 'runs' | 'findRun' | 'instruct' | 'instructions'
>;

export function keepRuns(store: Store): RunHistory {
  return {
    createRun: run => store.transaction(() => createRun(store, run)),
    append: (runId, events, fences = []) =>
      store.transaction(
        () => {
          requireFences(store, fences);
          appendEvents(store, runId, events);
        },
        events.some(isLasting) ? 'lasting' : undefined,
      ),
    openHooks: (service, environment) =>
      store
        .all(
          'SELECT open_hooks.*, runs.number FROM open_hooks JOIN runs ON runs.id = open_hooks.run_id WHERE ' +
            'open_hooks.service = ? AND environment = ? ORDER BY at',
          service,
          environment,
        )
        .map(readOpenHook),
    events: (runId, afterSeq = 0, limit = -1) =>
      store
        .all(
          'SELECT run_id, seq, at, body FROM events WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT ?',
          runId,
          afterSeq,
          limit,
        )
        .map(readEvent),
    stageDurations: (...asked) => stageDurations(store, ...asked),
    runs: ({ limit, before = Number.MAX_SAFE_INTEGER, service = null, version = null }) =>
      store
        .all(
          `SELECT * FROM runs WHERE number < ? AND service = coalesce(?, service) AND version = coalesce(?, version)
          ORDER BY number DESC LIMIT ?`,
          before,
          service,
          version,
          Math.max(0, Math.trunc(limit)),
        )
        .map(readRun),
    findRun(idOrNumber) {
      const number = /^\d{1,15}$/.test(idOrNumber) ? Number(idOrNumber) : -1;
      const row = store.get('SELECT * FROM runs WHERE id = ? OR number = ?', idOrNumber, number);
      return row && readRun(row);
    },
    instruct: (runId, instruction) =>
      store.transaction(() => {
        const row = { run_id: runId, body: JSON.stringify(instruction) };
        const { lastId } = store.run('INSERT INTO instructions (run_id, body) VALUES (?, ?)', runId, row.body);
        store.keep('instructions', { seq: lastId, ...row }, runId);
      }, 'lasting'),
    instructions: (runId, afterSeq) =>
      store
        .all('SELECT seq, body FROM instructions WHERE run_id = ? AND seq > ? ORDER BY seq', runId, afterSeq)
        .map(row => ({ seq: Number(row['seq']), instruction: JSON.parse(String(row['body'])) as Instruction })),
  };
}

/**
 * True for intents, because a side effect follows that must not be forgotten, and for decisions. Everything else can be
 * determined again.
 */
function isLasting({ type }: RunEvent): boolean {
  return (
    type === 'hook-intended' ||
    type === 'marker-intended' ||
    type === 'decided' ||
    type === 'answered' ||
    type === 'run-finished'
  );
}

function createRun(store: Store, run: NewRun): number {
  const { lastId } = store.run(
    'INSERT INTO runs (id, pipeline, service, by, version, inputs, started_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    run.id,
    run.pipeline,
    identityOf(run),
    JSON.stringify(run.by),
    run.version,
    JSON.stringify(run.inputs),
    run.startedAtMs,
  );
  keepRun(store, run.id);
  return lastId;
}

function keepRun(store: Store, runId: string): void {
  store.keep('runs', store.get('SELECT * FROM runs WHERE id = ?', runId)!, runId);
}

/** Throws if the run has been overtaken; nothing that it writes is stored then. */
export function requireFences(store: Store, fences: readonly Fence[]): void {
  const lost = fences.find(fence => !holdsFence(store, fence) && !holdsFenceAgain(store, fence));
  if (lost) throw new TakenOver(`${lost.name} was taken by another process since.`, lost);
}

/**
 * Throws, and writes nothing, if the events do not follow the last stored one: another process has continued the run.
 */
function appendEvents(store: Store, runId: string, events: readonly RunEvent[]): void {
  if (!store.isKept(runId)) keepAgain(store, runId);
  let last = lastLink(store, runId);
  // A store restored from a backup lacks events that the second journal has.
  if ((events[0]?.seq ?? 0) > last.seq + 1 && store.restore()) last = lastLink(store, runId);
  for (const event of events) {
    if (event.seq !== last.seq + 1)
      throw new TakenOver(
        `Event ${event.seq} (${event.type}) of run ${runId} does not follow event ${last.seq}: ` +
          'another process runs it.',
      );
    const { seq, at, ...body } = event;
    const link = { run_id: runId, seq, at, type: event.type, body: JSON.stringify(body) };
    const row = { ...link, hash: chainEvent(last.hash, link) };
    store.run(
      'INSERT INTO events (run_id, seq, at, type, body, hash) VALUES (?, ?, ?, ?, ?, ?)',
      ...[row.run_id, row.seq, row.at, row.type, row.body, row.hash],
    );
    store.keep('events', row, runId);
    last = row;
    keepOpenHook(store, runId, event);
    if (event.type === 'run-finished') {
      store.run('UPDATE runs SET outcome = ?, finished_at = ? WHERE id = ?', event.outcome, at, runId);
      keepRun(store, runId);
    }
  }
}

/** Writes the second journal of the run again, because someone removed it. */
function keepAgain(store: Store, runId: string): void {
  if (!store.get('SELECT 1 FROM runs WHERE id = ?', runId)) return;
  keepRun(store, runId);
  for (const table of ['events', 'instructions'] as const)
    for (const row of store.all(`SELECT * FROM ${table} WHERE run_id = ? ORDER BY seq`, runId))
      store.keep(table, row, runId);
}

function lastLink(store: Store, runId: string): { readonly seq: number; readonly hash: string } {
  const event = store.get('SELECT seq, hash FROM events WHERE run_id = ? ORDER BY seq DESC LIMIT 1', runId);
  if (event) return { seq: Number(event['seq']), hash: String(event['hash']) };
  const run = store.get('SELECT * FROM runs WHERE id = ?', runId);
  return { seq: 0, hash: run ? chainRun(run) : '' };
}

/**
 * Keeps track of hooks that were about to start and have no end yet, even if their run has ended: until then, no other
 * run may act there.
 */
function keepOpenHook(store: Store, runId: string, event: RunEvent): void {
  if (event.type === 'hook-finished')
    store.run('DELETE FROM open_hooks WHERE run_id = ? AND key = ?', runId, event.key);
  if (event.type !== 'hook-intended') return;
  const { call, kind, timeoutMs } = event;
  store.run(
    `REPLACE INTO open_hooks (run_id, key, service, environment, at, body)
    SELECT id, ?, service, ?, ?, ? FROM runs WHERE id = ?`,
    call.key,
    call.environment,
    event.at,
    JSON.stringify({ call, kind, timeoutMs }),
    runId,
  );
}

function readOpenHook(row: Row): OpenHook {
  const { call, kind, timeoutMs } = JSON.parse(String(row['body'])) as RunEvent & { readonly type: 'hook-intended' };
  return {
    runId: String(row['run_id']),
    number: Number(row['number']),
    call,
    kind: kind ?? 'command',
    timeoutMs: timeoutMs ?? 0,
    intendedAtMs: Number(row['at']),
  };
}

/** Reads the events of these runs once, without their bodies, most of which are long. */
function stageDurations(
  store: Store,
  pipeline: string,
  runs: number,
  service: string,
): Readonly<Record<string, readonly number[]>> {
  const rows = store.all(
    `SELECT run_id, type, at, json_extract(body, '$.stage') AS stage, json_extract(body, '$.outcome') AS outcome
     FROM events WHERE type IN ('stage-started', 'stage-finished')
    AND run_id IN (SELECT id FROM runs WHERE pipeline = ? AND service = ? AND outcome = 'promoted'
      ORDER BY number DESC LIMIT ?)
    ORDER BY run_id, seq`,
    pipeline,
    service,
    runs,
  );
  const startedAt = new Map<string, number>(),
    durations = new Map<string, number[]>();
  for (const { run_id: run, type, at, stage, outcome } of rows) {
    const name = String(stage),
      started = startedAt.get(`${String(run)} ${name}`);
    if (type === 'stage-started') startedAt.set(`${String(run)} ${name}`, Number(at));
    else if (outcome === 'passed' && started !== undefined)
      durations.set(name, [...(durations.get(name) ?? []), Number(at) - started]);
  }
  return Object.fromEntries(durations);
}

function readEvent(row: Row): RunEvent {
  const body = readBody(row);
  if (body && isRunEventType(body.type)) return { seq: Number(row['seq']), at: Number(row['at']), ...body } as RunEvent;
  const which = `Event ${String(row['seq'])} of run ${String(row['run_id'])}`;
  throw new StoreError({
    kind: 'store',
    message: body
      ? `${which} is of the type '${String(body.type)}', which this Backstop does not know.`
      : `${which} is damaged: it is no JSON.`,
    hint: body
      ? 'A newer Backstop may have written it: update this one. Otherwise see: backstop audit --verify'
      : 'Bring it back from the journal beside the history with: backstop doctor --repair',
  });
}

function readBody(row: Row): { readonly type?: unknown } | undefined {
  try {
    const body = JSON.parse(String(row['body'])) as unknown;
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return undefined;
  }
}

export function readRun(row: Row): RunSummary {
  const identity = String(row['service']),
    service = plainService(identity);
  return {
    number: Number(row['number']),
    id: String(row['id']),
    pipeline: String(row['pipeline']),
    service,
    ...(identity !== service && { identity }),
    by: JSON.parse(String(row['by'])),
    version: String(row['version']),
    inputs: JSON.parse(String(row['inputs'])),
    startedAtMs: Number(row['started_at']),
    ...(row['outcome'] !== null && {
      outcome: String(row['outcome']) as RunOutcome,
      finishedAtMs: Number(row['finished_at']),
    }),
  };
}
