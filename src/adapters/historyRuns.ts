// Runs, their events and what people tell them, in the store.
import type { History, NewRun, OpenHook, RunSummary } from '../model/ports.ts';
import type { Instruction, RunEvent, RunOutcome } from '../model/runEvents.ts';
import { TakenOver, type Fence } from '../model/takenOver.ts';
import { holdsFence } from './historyLeases.ts';
import type { Row, Store } from './historySqlite.ts';

export type RunHistory = Pick<
  History,
  'createRun' | 'append' | 'events' | 'openHooks' | 'stageDurations' | 'runs' | 'findRun' | 'instruct' | 'instructions'
>;

export function keepRuns(store: Store): RunHistory {
  return {
    createRun: run => createRun(store, run),
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
          'SELECT open_hooks.*, runs.number FROM open_hooks JOIN runs ON runs.id = open_hooks.run_id WHERE open_hooks.service = ? AND environment = ? ORDER BY at',
          service,
          environment,
        )
        .map(readOpenHook),
    events: (runId, afterSeq = 0, limit = -1) =>
      store
        .all(
          'SELECT seq, at, body FROM events WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT ?',
          runId,
          afterSeq,
          limit,
        )
        .map(readEvent),
    stageDurations: (pipeline, runs) => stageDurations(store, pipeline, runs),
    runs: ({ limit, before = Number.MAX_SAFE_INTEGER, service = null }) =>
      store
        .all(
          'SELECT * FROM runs WHERE number < ? AND service = coalesce(?, service) ORDER BY number DESC LIMIT ?',
          before,
          service,
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
        store.run('INSERT INTO instructions (run_id, body) VALUES (?, ?)', runId, JSON.stringify(instruction));
      }, 'lasting'),
    instructions: (runId, afterSeq) =>
      store
        .all('SELECT seq, body FROM instructions WHERE run_id = ? AND seq > ? ORDER BY seq', runId, afterSeq)
        .map(row => ({ seq: Number(row['seq']), instruction: JSON.parse(String(row['body'])) as Instruction })),
  };
}

/** Intents, as a side effect follows that must not be forgotten, and what people or policy decided. The rest is found out again. */
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
  return store.run(
    'INSERT INTO runs (id, pipeline, service, by, version, inputs, started_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    run.id,
    run.pipeline,
    run.service,
    JSON.stringify(run.by),
    run.version,
    JSON.stringify(run.inputs),
    run.startedAtMs,
  ).lastId;
}

/** What a run that was overtaken would still write is refused, and nothing of it is kept. */
export function requireFences(store: Store, fences: readonly Fence[]): void {
  const lost = fences.find(fence => !holdsFence(store, fence));
  if (lost) throw new TakenOver(`${lost.name} was taken by another process since.`, lost);
}

/** After a gap or a repetition another process has gone on with the run: nothing is written then. */
function appendEvents(store: Store, runId: string, events: readonly RunEvent[]): void {
  let last = Number(store.get('SELECT coalesce(max(seq), 0) AS last FROM events WHERE run_id = ?', runId)?.['last']);
  for (const event of events) {
    if (event.seq !== last + 1)
      throw new TakenOver(
        `Event ${event.seq} (${event.type}) of run ${runId} does not follow event ${last}: another process runs it.`,
      );
    last = event.seq;
    const { seq, at, ...body } = event;
    store.run(
      'INSERT INTO events (run_id, seq, at, type, body) VALUES (?, ?, ?, ?, ?)',
      runId,
      seq,
      at,
      event.type,
      JSON.stringify(body),
    );
    keepOpenHook(store, runId, event);
    if (event.type === 'run-finished')
      store.run('UPDATE runs SET outcome = ?, finished_at = ? WHERE id = ?', event.outcome, at, runId);
  }
}

/** What was meant to be started and has no end yet, whatever becomes of its run: nobody else may act there meanwhile. */
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

/** One pass over the events of these runs: their bodies, most of which are long, are not read. */
function stageDurations(store: Store, pipeline: string, runs: number): Readonly<Record<string, readonly number[]>> {
  const rows = store.all(
    `SELECT run_id, type, at, json_extract(body, '$.stage') AS stage, json_extract(body, '$.outcome') AS outcome FROM events WHERE type IN ('stage-started', 'stage-finished')
    AND run_id IN (SELECT id FROM runs WHERE pipeline = ? AND outcome = 'promoted' ORDER BY number DESC LIMIT ?) ORDER BY run_id, seq`,
    pipeline,
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
  return { seq: Number(row['seq']), at: Number(row['at']), ...JSON.parse(String(row['body'])) } as RunEvent;
}

export function readRun(row: Row): RunSummary {
  return {
    number: Number(row['number']),
    id: String(row['id']),
    pipeline: String(row['pipeline']),
    service: String(row['service']),
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
