// Hash chains over the events of each run and over the ledger: changing, removing or inserting a row breaks the chain
// after it.
import { createHash } from 'node:crypto';
import type { Row } from './file/historySqlite.ts';

/** The first link of a run's chain, over what is known of the run before its first event. */
export function chainRun(run: Row): string {
  const { id, pipeline, service, by, version, inputs, started_at: startedAt } = run;
  return digest(['run', id, pipeline, service, by, version, inputs, startedAt]);
}

export function chainEvent(before: string, { seq, at, type, body }: Row): string {
  return digest([before, seq, at, type, body]);
}

/** `before` is absent for the first entry. */
export function chainLedger(before: unknown, entry: Row): string {
  const { service, environment, release, standing, run_id: runId, at, by } = entry;
  return digest([before ?? null, service, environment, release, standing, runId, at, by ?? null]);
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
