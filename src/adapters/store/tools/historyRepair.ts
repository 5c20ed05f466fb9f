// Repairs damaged, lost or changed rows of the store if a second journal has them and its chain or digest proves them
// right.
import type { Result } from '../../../model/failure.ts';
import { succeed } from '../../../model/failure.ts';
import { firstBrokenLink, newestRows } from './historyAudit.ts';
import { chainLedger } from '../historyChain.ts';
import { moveAway } from '../file/historyFiles.ts';
import { openStoreJournal, type StoreJournal } from '../file/historyJournal.ts';
import { isItself, parseRelease } from '../historyReleases.ts';
import { findDamage, type Row, type Store } from '../file/historySqlite.ts';
import { openStore } from '../file/historyStore.ts';

/** One sentence for each repair. */
export function repairStore(path: string): Result<readonly string[]> {
  const done: string[] = [];
  const damage = findDamage(path);
  // A file that is only locked or not readable is not damaged.
  if (damage?.kind === 'store' && damage.message.includes('damaged')) {
    moveAway(path);
    done.push(`${damage.message} It was moved aside.`);
  }
  const opened = openStore(path);
  if (!opened.ok) return opened;
  const store = opened.value;
  try {
    const journal = openStoreJournal(path);
    store.transaction(() => {
      store.restore();
      done.push(...putBackReleases(store, journal), ...putBackRuns(store, journal), ...putBackLedger(store, journal));
    }, 'lasting');
    done.unshift(...store.takeNotices().map(({ message }) => message));
    return succeed(done);
  } finally {
    store.close();
  }
}

function putBackReleases(store: Store, journal: StoreJournal): readonly string[] {
  const copies = newestRows(journal.shared(), 'releases', 'id');
  return store.all('SELECT id, body FROM releases').flatMap(({ id, body }) => {
    if (isRight(String(id), String(body))) return [];
    const copy = copies.get(id);
    if (!copy || !isRight(String(id), String(copy['body']))) return [];
    store.run('UPDATE releases SET body = ? WHERE id = ?', String(copy['body']), String(id));
    return [`Release ${String(id).slice(0, 12)} was put back as its journal has it.`];
  });
}

function isRight(id: string, body: string): boolean {
  const release = parseRelease(body);
  return release?.id === id && isItself(release);
}

function putBackRuns(store: Store, journal: StoreJournal): readonly string[] {
  return store.all('SELECT * FROM runs ORDER BY number').flatMap(run => {
    const id = String(run['id']);
    if (firstBrokenLink(run, eventsOf(store, id)) === undefined) return [];
    const kept = journal.run(id);
    const header = newestRows(kept, 'runs', 'id').get(id);
    const events = [...newestRows(kept, 'events', 'seq').values()].sort(
      (one, other) => Number(one['seq']) - Number(other['seq']),
    );
    if (!header || firstBrokenLink(header, events) !== undefined) return [];
    store.run(
      'UPDATE runs SET pipeline = ?, service = ?, by = ?, version = ?, inputs = ?, started_at = ?, outcome = ?, ' +
        'finished_at = ? WHERE id = ?',
      ...['pipeline', 'service', 'by', 'version', 'inputs', 'started_at', 'outcome', 'finished_at'].map(
        name => header[name] ?? null,
      ),
      id,
    );
    store.run('DELETE FROM events WHERE run_id = ?', id);
    for (const event of events)
      store.run(
        'INSERT INTO events (run_id, seq, at, type, body, hash) VALUES (?, ?, ?, ?, ?, ?)',
        ...['run_id', 'seq', 'at', 'type', 'body', 'hash'].map(name => event[name] ?? null),
      );
    return [`Run #${String(run['number'])} was put back as its journal has it, with ${events.length} events.`];
  });
}

function eventsOf(store: Store, runId: string): readonly Row[] {
  return store.all('SELECT * FROM events WHERE run_id = ? ORDER BY seq', runId);
}

/** Only if the journal has the whole chain, since a part of it proves nothing. */
function putBackLedger(store: Store, journal: StoreJournal): readonly string[] {
  const stored = store.all('SELECT * FROM ledger ORDER BY number');
  if (isChain(stored)) return [];
  const copies = [...newestRows(journal.shared(), 'ledger', 'number').values()].sort(
    (one, other) => Number(one['number']) - Number(other['number']),
  );
  if (copies.length < stored.length || !isChain(copies)) return [];
  store.run('DELETE FROM ledger');
  const names = ['number', 'service', 'environment', 'release', 'standing', 'run_id', 'at', 'by', 'hash'];
  for (const copy of copies)
    store.run(
      'INSERT INTO ledger (number, service, environment, release, standing, run_id, at, by, hash) VALUES (?, ?, ' +
        '?, ?, ?, ?, ?, ?, ?)',
      ...names.map(name => copy[name] ?? null),
    );
  return [`The ledger was put back as the journals have it, with ${copies.length} entries.`];
}

function isChain(entries: readonly Row[]): boolean {
  return entries.every((entry, index) => chainLedger(entries[index - 1]?.['hash'], entry) === entry['hash']);
}
