// Run by the scale bench in a process of its own: so many rows in ClickHouse's own engine, counted there and judged
// here. What it cost, and whether the four errors of the canary were found.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { systemClock } from '../../../src/adapters/time.ts';
import { sliceWidth } from '../../../src/model/evidence/counts.ts';
import { decoders } from '../../../src/vendors/decoders.decode.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { createHttp } from '../../../src/vendors/transport/http.ts';
import { createEvidenceSession } from '../../../src/verify/session.ts';
import { startClickHouse } from '../../contract/clickHouse/realServer.ts';
import {
  baselineNodes,
  canaryNodes,
  nodes,
  statementOf,
  unknownLines,
  unknownTexts,
  unknownTimes,
  windowMs,
} from './busyLogs.ts';

const rows = Number(process.argv[2]),
  statements = 400,
  batch = 5_000_000;
const sinceMs = Math.floor(Date.now() / 1000) * 1000 - windowMs - 1000;
const folder = mkdtempSync(join(tmpdir(), 'backstop-scale-'));
const server = await startClickHouse(folder);
try {
  fillTable();
  process.stdout.write(JSON.stringify(await measure()));
} finally {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}

function fillTable(): void {
  server.run(
    'CREATE TABLE logs (at DateTime64(3), node LowCardinality(String), line String) ENGINE = MergeTree ORDER BY at',
  );
  const list = (texts: readonly string[]): string => `[${texts.map(text => `'${text}'`).join(', ')}]`;
  const texts = list(Array.from({ length: statements }, (_, k) => statementOf(k)));
  for (let from = 0; from < rows; from += batch)
    server.run(
      'INSERT INTO logs SELECT ' +
        `fromUnixTimestamp64Milli(toInt64(${sinceMs} + intDiv(number * ${windowMs}, ${rows}))), ` +
        `${list(nodes)}[1 + cityHash64(number) % ${nodes.length}], ` +
        `replaceAll(${texts}[1 + cityHash64(number, 1) % ${statements}], 'N', toString(number)) ` +
        `FROM (SELECT number + ${from} AS number FROM numbers(${Math.min(batch, rows - from)}))`,
    );
  for (const [k, text] of unknownLines.entries())
    server.run(
      `INSERT INTO logs SELECT fromUnixTimestamp64Milli(toInt64(${sinceMs} + number * 20000 + ${k})), ` +
        `'${canaryNodes[k % 2]!}', replaceRegexpAll('${text}', '\\\\bN\\\\b', toString(number)) ` +
        `FROM numbers(${unknownTimes})`,
    );
}

async function measure(): Promise<Record<string, number>> {
  const outside = {
    http: createHttp(),
    clock: systemClock,
    budget: { holdBack: () => undefined, take: () => Promise.resolve({ ok: true, value: () => undefined }) },
    credentials: { get: () => ({ ok: true, value: '' }) },
  } as never;
  const source = {
    kind: 'logs',
    vendor: 'clickHouse',
    name: 'logs',
    connection: 'c',
    nodeAttribute: 'node',
    delayMs: 0,
    options: { table: 'logs', time: 'at', text: 'line' },
  } as const;
  const settings = {
    sensitivity: 'medium',
    canaryNodes,
    baselineNodes,
    baselineKind: 'existing',
    canarySinceMs: sinceMs,
    beforeFromMs: sinceMs,
    beforeToMs: sinceMs,
    intervalMs: 10_000,
    durationMs: windowMs,
    trafficWeight: 1,
    sources: [{ kind: 'logs', name: 'logs', delayMs: 0 }],
  } as const;
  const session = createEvidenceSession(settings, decoders, text => text);
  const toMs = sinceMs + windowMs,
    signal = new AbortController().signal;
  const connection = { vendor: 'clickHouse', url: server.url, options: {} };
  const request = { source, connection, nodes, fromMs: sinceMs, toMs, intervalMs: 10_000 };
  const counter = createHealthSources(outside).counterOf!(request)!;
  const startedMs = performance.now();
  const probed = await counter.probe(request, signal);
  if (!probed.ok) throw new Error(JSON.stringify(probed.failure));
  const probedMs = performance.now();
  const part = { part: 'sides', canaryNodes, sliceMs: sliceWidth(windowMs) } as const;
  const counted = await counter.count({ ...request, ...part }, page => Promise.resolve(session.ingest(page)), signal);
  if (!counted.ok) throw new Error(JSON.stringify(counted.failure));
  const countedMs = performance.now();
  const report = session.look({
    atMs: toMs,
    unread: {},
    partial: {},
    counted: { logs: { mostLines: 1_000_000, paces: probed.value.paces } },
    final: true,
  });
  const check = report.checks[0];
  const unknown =
    check?.kind === 'logs' ? check.clusters.filter(one => one.class === 'unknown').map(({ template }) => template) : [];
  return {
    probeSeconds: (probedMs - startedMs) / 1000,
    countSeconds: (countedMs - probedMs) / 1000,
    answerMb: (counted.value.queries[0]?.bytes ?? 0) / 1e6,
    verdictMs: performance.now() - countedMs,
    unknownFound: unknown.filter(template => unknownTexts.includes(template)).length,
    unknownWrong: unknown.filter(template => !unknownTexts.includes(template)).length,
  };
}
