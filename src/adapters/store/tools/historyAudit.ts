// Recomputes what the store claims: the hash chains of all runs and of the ledger, the digests of releases, and the
// copies in the second journals.
import type { StoreAudit } from '../../../model/storeTools.ts';
import { chainEvent, chainLedger, chainRun } from '../historyChain.ts';
import type { KeptRow, StoreJournal } from '../file/historyJournal.ts';
import { isItself, parseRelease } from '../historyReleases.ts';
import type { KeptTable, Row, Store } from '../file/historySqlite.ts';
import { digestOf } from '../releaseId.ts';

export function auditStore(store: Store, journal: StoreJournal): StoreAudit {
  const findings: string[] = [];
  const runs = store.all('SELECT * FROM runs ORDER BY number');
  for (const run of runs) findings.push(...auditRun(store, journal, run));
  const known = new Set(runs.map(run => run['id']));
  for (const [, rows] of journal.runs())
    for (const row of newestRows(rows, 'runs', 'id').values())
      if (!known.has(row['id'])) findings.push(`Run ${String(row['id'])} is in the journals and not in the store.`);
  const ledger = auditLedger(store, journal);
  findings.push(...ledger.findings, ...auditReleases(store, journal), ...auditBlobs(store));
  return {
    runs: runs.length,
    events: Number(store.get('SELECT count(*) AS n FROM events')?.['n']),
    ledgerEntries: ledger.entries,
    releases: Number(store.get('SELECT count(*) AS n FROM releases')?.['n']),
    ...(ledger.head !== undefined && { head: ledger.head }),
    findings,
  };
}

/** The latest line for each row of a table. */
export function newestRows(rows: readonly KeptRow[], table: KeptTable, key: string): ReadonlyMap<unknown, Row> {
  return new Map(rows.filter(one => one.table === table && !one.gone).map(({ row }) => [row[key], row]));
}

function auditRun(store: Store, journal: StoreJournal, run: Row): readonly string[] {
  const which = `run #${String(run['number'])}`;
  const events = store.all('SELECT * FROM events WHERE run_id = ? ORDER BY seq', run['id'] as string);
  const copies = newestRows(journal.run(String(run['id'])), 'events', 'seq');
  const findings: string[] = [];
  const broken = firstBrokenLink(run, events);
  if (broken !== undefined)
    findings.push(
      broken === 0
        ? `What is known of ${which} (pipeline, service, who started it, version or inputs), or its first event, ` +
            'was changed.'
        : `Event ${broken} of ${which} was changed, or one before it was left out or put in.`,
    );
  const finished = events.findLast(event => event['type'] === 'run-finished');
  const outcome = finished ? (readOutcome(finished) ?? null) : null;
  if (outcome !== run['outcome']) findings.push(`The outcome of ${which} is not that of its last event.`);
  const stored = new Map<unknown, unknown>(events.map(event => [event['seq'], event['hash']]));
  for (const [seq, copy] of copies)
    if (!stored.has(seq)) findings.push(`Event ${String(seq)} of ${which} is in its journal and not in the store.`);
    else if (stored.get(seq) !== copy['hash'])
      findings.push(`Event ${String(seq)} of ${which} is not as its journal has it.`);
  return findings;
}

function readOutcome(event: Row): unknown {
  try {
    return (JSON.parse(String(event['body'])) as { outcome?: unknown }).outcome;
  } catch {
    return undefined;
  }
}

/** The number of the first event that breaks the chain; 0 if the run itself or its first event does. */
export function firstBrokenLink(run: Row, events: readonly Row[]): number | undefined {
  let hash = chainRun(run);
  for (const [index, event] of events.entries()) {
    hash = chainEvent(hash, event);
    if (event['seq'] !== index + 1 || hash !== event['hash']) return index === 0 ? 0 : Number(event['seq']);
  }
  return undefined;
}

function auditLedger(
  store: Store,
  journal: StoreJournal,
): { readonly entries: number; readonly head?: string; readonly findings: readonly string[] } {
  const entries = store.all('SELECT * FROM ledger ORDER BY number');
  const findings: string[] = [];
  let before: unknown;
  for (const entry of entries) {
    if (chainLedger(before, entry) !== entry['hash'])
      findings.push(
        `Entry ${String(entry['number'])} of the ledger (${String(entry['service'])} in ` +
          `${String(entry['environment'])}) was changed, or one before it was left out or put in.`,
      );
    before = entry['hash'];
  }
  const hashes = new Set(entries.map(entry => entry['hash']));
  const numbers = new Set(entries.map(entry => entry['number']));
  for (const [number, copy] of newestRows(journal.shared(), 'ledger', 'number'))
    if (!numbers.has(number as number) && !hashes.has(copy['hash']!))
      findings.push(`Entry ${String(number)} of the ledger is in the journals and not in the store.`);
  return { entries: entries.length, findings, ...(before !== undefined && { head: String(before) }) };
}

function auditReleases(store: Store, journal: StoreJournal): readonly string[] {
  const rows = store.all('SELECT id, body FROM releases ORDER BY id');
  const changed = rows.filter(({ id, body }) => {
    const release = parseRelease(String(body));
    return !release || release.id !== id || !isItself(release);
  });
  const known = new Set(rows.map(({ id }) => id));
  const missing = [...newestRows(journal.shared(), 'releases', 'id').keys()].filter(id => !known.has(id as string));
  return [
    ...changed.map(
      ({ id }) => `Release ${String(id).slice(0, 12)} was changed: its content does not have this digest.`,
    ),
    ...missing.map(id => `Release ${String(id).slice(0, 12)} is in the journals and not in the store.`),
  ];
}

function auditBlobs(store: Store): readonly string[] {
  return store
    .all('SELECT digest FROM blobs ORDER BY digest')
    .map(({ digest }) => String(digest))
    .filter(digest => {
      const content = store.get('SELECT content FROM blobs WHERE digest = ?', digest)?.['content'];
      return !(content instanceof Uint8Array) || digestOf(content) !== digest;
    })
    .map(digest => `The configuration file ${digest.slice(0, 12)} was changed: its content does not have this digest.`);
}
