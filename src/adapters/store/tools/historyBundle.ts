// Exports a run as a bundle that another machine can read and check, and imports such a bundle as a run of this store.
import { fail, succeed, type Result } from '../../../model/failure.ts';
import { identityOf } from '../../../model/identity.ts';
import type { RunSummary } from '../../../model/history.ts';
import type { Release } from '../../../model/release.ts';
import { isRunEventType } from '../../../model/runs/runEventTypes.ts';
import type { RunEvent } from '../../../model/runs/runEvents.ts';
import { bundleFormat, type EvidenceBundle } from '../../../model/storeTools.ts';
import { chainEvent, chainRun } from '../historyChain.ts';
import { parseRelease } from '../historyReleases.ts';
import { keepRuns, readRun } from '../historyRuns.ts';
import type { Row, Store } from '../file/historySqlite.ts';
import { digestOf } from '../releaseId.ts';

const neverInside = [
  'log lines beyond the samples of a report',
  'raw responses of health sources (only the evaluated data)',
  'the content of configuration files (only their digests)',
  'the output of hooks',
];

export function createBundle(
  store: Store,
  run: RunSummary,
  exportedAtMs: number,
  redact: (text: string) => string,
): EvidenceBundle {
  const events = keepRuns(store).events(run.id);
  const rows = store.all('SELECT hash FROM events WHERE run_id = ? ORDER BY seq', run.id);
  const shown = redactDeep({ run, events, releases: releasesOf(store, events) }, redact);
  const isRedacted =
    JSON.stringify(shown.events) !== JSON.stringify(events) || JSON.stringify(shown.run) !== JSON.stringify(run);
  const content: Omit<EvidenceBundle, 'digest'> = {
    format: bundleFormat,
    exportedAtMs,
    ...shown,
    // If texts were redacted for the export, the chain would not match them.
    hashes: isRedacted ? [] : rows.map(({ hash }) => String(hash)),
    reports: reportsOf(store, run.id),
    without: isRedacted ? [...neverInside, 'the hash chain (secrets were redacted during the export)'] : neverInside,
  };
  return { ...content, digest: digestBundle(content) };
}

/** Checks that a bundle is unchanged since its export. Returns what is wrong, or undefined. */
export function checkBundle(bundle: EvidenceBundle): string | undefined {
  const { digest, ...content } = bundle;
  if (content.format !== bundleFormat) return 'it is not a bundle of evidence of this version';
  if (digestBundle(content) !== digest) return 'its content does not have the digest that it names';
  if (!content.events.every((event, index) => event.seq === index + 1 && isRunEventType(event.type)))
    return 'its events are not those of a run';
  if (content.hashes.length === 0) return undefined;
  const chain = chainOf(content.run, content.events);
  return chain.every((hash, index) => hash === content.hashes[index]) ? undefined : 'its chain of events is broken';
}

export function importBundle(store: Store, bundle: EvidenceBundle): Result<RunSummary> {
  const wrong = checkBundle(bundle);
  if (wrong !== undefined) return fail('invalid', `The bundle was not imported: ${wrong}.`);
  const { run, events, releases, reports } = bundle;
  if (run.outcome === undefined)
    return fail(
      'refused',
      'The run of this bundle had not ended when it was exported: as a run of this machine it could be resumed here.',
    );
  const known = store.get('SELECT number FROM runs WHERE id = ?', run.id);
  if (known) return fail('refused', `This run is here already: it is run #${String(known['number'])}.`);
  const history = keepRuns(store);
  const { number: _, outcome: __, finishedAtMs: ___, ...fresh } = run;
  history.createRun(fresh);
  history.append(run.id, events);
  store.transaction(() => {
    for (const { key, lookedAtMs, pages } of reports)
      for (const [page, body] of pages.entries())
        store.run(
          'INSERT INTO reports (run_id, key, page, looked_at, body) VALUES (?, ?, ?, ?, ?)',
          run.id,
          key,
          page,
          lookedAtMs,
          Buffer.from(body, 'base64'),
        );
    for (const release of releases)
      store.run(
        'INSERT OR IGNORE INTO releases (id, service, created_at, body) VALUES (?, ?, ?, ?)',
        release.id,
        identityOf(release),
        release.createdAt,
        JSON.stringify(release),
      );
  });
  return succeed(readRun(store.get('SELECT * FROM runs WHERE id = ?', run.id)!));
}

function chainOf(run: RunSummary, events: readonly RunEvent[]): readonly string[] {
  let hash = chainRun({
    id: run.id,
    pipeline: run.pipeline,
    service: identityOf(run),
    by: JSON.stringify(run.by),
    version: run.version,
    inputs: JSON.stringify(run.inputs),
    started_at: run.startedAtMs,
  });
  return events.map(event => {
    const { seq, at, ...body } = event;
    hash = chainEvent(hash, { seq, at, type: event.type, body: JSON.stringify(body) });
    return hash;
  });
}

function digestBundle(content: Omit<EvidenceBundle, 'digest'>): string {
  return digestOf(JSON.stringify(content));
}

/** The releases that the events refer to. */
function releasesOf(store: Store, events: readonly RunEvent[]): readonly Release[] {
  const ids = new Set(
    events.flatMap(event => {
      if (event.type === 'run-started') return [event.release.id];
      if (event.type === 'rollback-started') return [event.from.id, event.to.id];
      return [];
    }),
  );
  return [...ids].flatMap(id => {
    const row: Row | undefined = store.get('SELECT body FROM releases WHERE id = ?', id);
    const release = row && parseRelease(String(row['body']));
    return release ? [release] : [];
  });
}

function reportsOf(store: Store, runId: string): EvidenceBundle['reports'] {
  const rows = store.all('SELECT key, looked_at, body FROM reports WHERE run_id = ? ORDER BY key, page', runId);
  return [...Map.groupBy(rows, row => String(row['key']))].map(([key, pages]) => ({
    key,
    lookedAtMs: Number(pages[0]!['looked_at']),
    pages: pages.map(({ body }) => Buffer.from(body as Uint8Array).toString('base64')),
  }));
}

export function redactDeep<T>(value: T, redact: (text: string) => string): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map(one => redactDeep(one as unknown, redact)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, redactDeep(one as unknown, redact)]),
  ) as T;
}
