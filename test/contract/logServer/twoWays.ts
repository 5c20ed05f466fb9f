// One window of logs told in both ways: its lines read one by one, and counted where they are. What is unknown must be
// the same.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { AnalysisSettings, EvidencePage } from '../../../src/model/evidence/analysis.ts';
import { sliceWidth } from '../../../src/model/evidence/counts.ts';
import type { LogsCheck } from '../../../src/model/evidence/verdict.ts';
import type { ReadRequest } from '../../../src/model/ports.ts';
import type { LogsSource } from '../../../src/model/healthSource.ts';
import { decoders } from '../../../src/vendors/decoders.decode.ts';
import { createHealthSources, type VendorSources } from '../../../src/vendors/healthSources.ts';
import { createReader } from '../../../src/verify/reading/reader.ts';
import { createEvidenceSession, type EvidenceSession } from '../../../src/verify/session.ts';
import type { LogStage } from './stage.ts';

export const canaryNodes = ['prod-1', 'prod-2'],
  baselineNodes = ['prod-3', 'prod-4', 'prod-5'];

/** Lines of all nodes over a window of five minutes: those of a healthy service, and what the canary has alone. */
export function* shopLines(fromMs: number, lines: number): Generator<{ atMs: number; node: string; text: string }> {
  const nodes = [...canaryNodes, ...baselineNodes];
  const users = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi', 'ivan', 'judy'];
  const usual = (i: number): string =>
    [
      `INFO GET /cart/${i * 7} took ${i % 900} ms`,
      `INFO user ${users[i % users.length]} logged in from 10.0.${i % 200}.${i % 250}`,
      `WARN retry ${i % 5} of payment ${(i * 2654435761).toString(16)}`,
      `INFO checkout of order ${i} done`,
      `ERROR timeout of stock service after ${1000 + (i % 50)} ms`,
    ][i % 17 === 16 ? 4 : scatter(i + 7) % 4]!;
  for (let i = 0; i < lines; i++)
    yield {
      atMs: fromMs + Math.floor((i * windowMs) / lines),
      node: nodes[scatter(i) % nodes.length]!,
      text: usual(i),
    };
  for (const [k, text] of unknownLines.entries())
    for (let i = 0; i < 12; i++)
      yield {
        atMs: fromMs + i * 20_000 + k * 1_000,
        node: canaryNodes[i % 2]!,
        text: text.replace(/\bN\b/g, String(i)),
      };
}

/** So that what varies with the number of a line does not go with its node. */
function scatter(i: number): number {
  return Math.imul(i + 1, 0x9e3779b1) >>> 8;
}

export const windowMs = 300_000;
const unknownLines = [
  'ERROR OutOfStockException: no item N left',
  'ERROR card of order N was refused by the bank',
  'ERROR CartMergeException: carts N and N differ',
  'ERROR template of mail N is missing',
];
export const unknownTexts = unknownLines.map(text => text.replace(/^ERROR /, '').replace(/\bN\b/g, '<*>')).sort();
const unknownInShop = unknownTexts.map(template => [template, 12, canaryNodes]);
const shopLineCount = 3_000;

export function settingsOf(source: LogsSource, fromMs: number): AnalysisSettings {
  return {
    sensitivity: 'medium',
    canaryNodes,
    baselineNodes,
    baselineKind: 'existing',
    canarySinceMs: fromMs,
    beforeFromMs: fromMs,
    beforeToMs: fromMs,
    intervalMs: 10_000,
    durationMs: windowMs,
    trafficWeight: 1,
    sources: [{ kind: 'logs', name: source.name, delayMs: source.delayMs }],
  };
}

/** The checks of both ways. */
export async function tellInBothWays(
  sources: VendorSources,
  asked: Pick<ReadRequest, 'connection'> & { readonly source: LogsSource },
  fromMs: number,
): Promise<{ readonly pulled: LogsCheck; readonly counted: LogsCheck }> {
  const settings = settingsOf(asked.source, fromMs),
    toMs = fromMs + windowMs,
    signal = new AbortController().signal;
  const open = (): EvidenceSession => createEvidenceSession(settings, decoders, text => text);
  const nodes = [...canaryNodes, ...baselineNodes];
  const request = { ...asked, nodes, fromMs, toMs, intervalMs: settings.intervalMs };
  const deliverTo = (session: EvidenceSession) => (page: EvidencePage) => Promise.resolve(session.ingest(page));
  const reading = open();
  const read = await sources.read(request, deliverTo(reading), signal);
  assert.ok(read.ok, JSON.stringify(read));
  const look = { atMs: toMs, unread: {}, partial: {}, final: true };
  return {
    pulled: reading.look(look).checks[0] as LogsCheck,
    counted: await countInOneWay(sources, asked, fromMs),
  };
}

/** The check of what is counted alone. */
export async function countInOneWay(
  sources: VendorSources,
  asked: Pick<ReadRequest, 'connection'> & { readonly source: LogsSource },
  fromMs: number,
): Promise<LogsCheck> {
  const settings = settingsOf(asked.source, fromMs),
    toMs = fromMs + windowMs,
    signal = new AbortController().signal;
  const counting = createEvidenceSession(settings, decoders, text => text);
  const nodes = [...canaryNodes, ...baselineNodes];
  const request = { ...asked, nodes, fromMs, toMs, intervalMs: settings.intervalMs };
  const counter = sources.counterOf!(request)!;
  const probed = await counter.probe(request, signal);
  assert.ok(probed.ok, JSON.stringify(probed));
  const part = { part: 'sides', canaryNodes, sliceMs: sliceWidth(windowMs) } as const;
  const deliver = (page: EvidencePage) => Promise.resolve(counting.ingest(page));
  const count = await counter.count({ ...request, ...part }, deliver, signal);
  assert.ok(count.ok, JSON.stringify(count));
  const look = { atMs: toMs, unread: {}, partial: {}, final: true };
  const mostLines = 1_000,
    counted = { [asked.source.name]: { mostLines, paces: probed.value.paces } };
  return counting.look({ ...look, counted }).checks[0] as LogsCheck;
}

/** The lines of the shop on a log server, and what asks it for them. */
export async function setShop<Source extends LogsSource, Options>(
  stage: LogStage<Source, Options>,
  context: TestContext,
  options: Partial<Options> = {},
) {
  const { vendors, request } = await stage.setStage(context, 'in process', options),
    { source, connection } = request;
  const fromMs = vendors.clock.now() - windowMs - 120_000,
    toMs = fromMs + windowMs;
  for (const line of shopLines(fromMs, shopLineCount)) vendors.telemetry.addLog({ ...line, category: 'shop' });
  const asked = { source, connection, nodes: canaryNodes, fromMs, toMs, intervalMs: 10_000 };
  return { vendors, asked, counter: createHealthSources(vendors).counterOf!(asked)! };
}

/** What is unknown among the lines of the shop is unknown among their counts. */
export async function assertShopCounted({ vendors, asked }: Awaited<ReturnType<typeof setShop>>): Promise<void> {
  const check = await vendors.clock.drive(countInOneWay(createHealthSources(vendors), asked, asked.fromMs));
  assert.deepEqual(unknownOf(check), unknownInShop);
  assert.deepEqual(
    [check.outcome, check.canaryLines + check.baselineLines],
    ['fail', shopLineCount + 12 * unknownLines.length],
  );
}

/** The check of a sample, which is read in as many looks as a verification has. */
export async function sampleInOneWay(
  sources: VendorSources,
  { source, connection }: Pick<ReadRequest, 'connection'> & { readonly source: LogsSource },
  fromMs: number,
): Promise<LogsCheck> {
  const settings = settingsOf(source, fromMs),
    toMs = fromMs + windowMs,
    signal = new AbortController().signal,
    session = createEvidenceSession(settings, decoders, text => text);
  const ingest = (page: EvidencePage) => Promise.resolve(session.ingest(page)),
    task = { settings, sources: [], feedback: () => [], onLook: () => undefined };
  const reader = createReader(task, { source, connection }, { ingest } as never, sources);
  for (let atMs = fromMs + 30_000; atMs <= toMs; atMs += 30_000) await reader.read(atMs, signal);
  assert.equal(reader.missing(), undefined);
  const sampled = { [source.name]: reader.sampled()! };
  return session.look({ atMs: toMs, unread: {}, partial: {}, sampled, final: true }).checks[0] as LogsCheck;
}

/** Unknown events with their lines, by template. */
export function unknownOf({ clusters }: LogsCheck): readonly (readonly [string, number, readonly string[]])[] {
  return clusters
    .filter(cluster => cluster.class === 'unknown')
    .map(({ template, canaryCount, nodes }) => [template, canaryCount, Object.keys(nodes).sort()] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

export function assertSame({ pulled, counted }: { readonly pulled: LogsCheck; readonly counted: LogsCheck }): void {
  assert.deepEqual(unknownOf(counted), unknownInShop);
  assert.deepEqual(unknownOf(counted), unknownOf(pulled));
  assert.deepEqual(
    [counted.outcome, counted.canaryLines, counted.baselineLines],
    [pulled.outcome, pulled.canaryLines, pulled.baselineLines],
  );
  const keys = ({ clusters }: LogsCheck) => clusters.map(({ key, canaryCount }) => `${key} ${canaryCount}`).sort();
  assert.deepEqual(keys(counted), keys(pulled));
  assert.deepEqual(
    counted.reasons.filter(({ code }) => code === 'counted-by-source').map(({ values }) => values['lines']),
    [counted.canaryLines + counted.baselineLines],
  );
  assert.ok(pulled.reasons.every(({ code }) => code !== 'counted-by-source'));
}
