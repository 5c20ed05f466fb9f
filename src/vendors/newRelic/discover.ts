// Asks New Relic what it has of a service: what its agent writes of each transaction, or the metrics of OpenTelemetry.
import { succeed, type Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { Candidate, Offered, OfferedSignal, Ranked } from '../../model/starter.ts';
import { listMember, member, numberMember, parseJson, textMember } from '../transport/decode/json.decode.ts';
import { lookMs, nodeLabelOf, nothingOf, sampleOf } from '../transport/discovered.ts';
import type { DiscoverQuestion } from '../vendor.ts';
import { quoteAttribute } from './nrql/nrql.ts';
import type { NewRelicConnection } from './options.ts';
import { readNrql } from './query.ts';
import { quoteNrql } from './nrql/quoteNrql.ts';

const nodeAttributes = ['host', 'host.name', 'hostname', 'k8s.pod.name', 'service.instance.id', 'containerId'];
const statusAttributes = ['http.response.status_code', 'http.status_code'];
const lastHour = 'SINCE 60 minutes ago',
  newest = 'SINCE 15 minutes ago';

type Ask = (nrql: string) => Promise<Result<readonly unknown[]>>;
interface Selected extends Candidate {
  readonly select: string;
  /** In addition to what selects the service. */
  readonly condition?: string;
  readonly unit?: string;
}
/** What the service writes, with one of its rows. */
interface Events {
  readonly from: 'Transaction' | 'Metric';
  readonly where: string;
  readonly row: object;
  readonly candidates: readonly Selected[];
}

export async function discoverNewRelic(
  deps: Outside,
  question: DiscoverQuestion,
  signal: AbortSignal,
): Promise<Result<Offered>> {
  const { connection, service } = question;
  const ask: Ask = nrql => askRows(deps, connection as NewRelicConnection, nrql, signal);
  for (const find of [findTransactions, findMetrics]) {
    const found = await find(ask, service);
    if (!found.ok) return found;
    if (found.value) return offerOf(ask, question, found.value);
  }
  const known = await ask(`SELECT count(*) FROM Transaction ${lastHour} FACET appName LIMIT 20`);
  return nothingOf(service, 'In the last hour no transaction had an appName, and no metric a service.name that is', {
    what: 'appName is one of',
    names: known.ok ? known.value.flatMap(row => textMember(row, 'appName') ?? []) : [],
  });
}

async function findTransactions(ask: Ask, service: string): Promise<Result<Events | undefined>> {
  const where = `appName = ${quoteNrql(service)}`;
  const rows = await ask(`SELECT * FROM Transaction WHERE ${where} ${lastHour} LIMIT 1`);
  if (!rows.ok) return rows;
  const [row] = rows.value;
  if (typeof row !== 'object' || row === null) return succeed(undefined);
  const levels = Object.keys(row).filter(name => typeof member(row, name) === 'number' && name !== 'timestamp');
  const candidates: readonly Selected[] = [
    { name: 'requests', labels: none, isCounter: true, select: 'count(*)' },
    { name: 'errors', labels: none, isCounter: true, select: 'count(*)', condition: 'error IS TRUE' },
    { name: 'duration', labels: none, isCounter: false, select: 'percentile(duration, 95)', unit: 's' },
    ...levels.map(name => ({ name, labels: none, isCounter: false, select: `average(${quoteAttribute(name)})` })),
  ];
  return succeed({ from: 'Transaction', where, row, candidates });
}

async function findMetrics(ask: Ask, service: string): Promise<Result<Events | undefined>> {
  const where = `service.name = ${quoteNrql(service)}`;
  const rows = await ask(`SELECT count(*) FROM Metric WHERE ${where} ${lastHour} FACET metricName LIMIT MAX`);
  if (!rows.ok) return rows;
  const names = rows.value.flatMap(row => textMember(row, 'metricName') ?? []);
  const [first] = names,
    requests = names.find(name => /server.*duration$/.test(name));
  if (first === undefined) return succeed(undefined);
  const ofMetric = `metricName = ${quoteNrql(requests ?? first)}`;
  const examples = await ask(`SELECT * FROM Metric WHERE ${where} AND ${ofMetric} ${lastHour} LIMIT 1`);
  if (!examples.ok) return examples;
  const row = (examples.value[0] ?? {}) as object;
  const status = statusAttributes.find(name => Object.hasOwn(row, name));
  return succeed({
    from: 'Metric',
    where,
    row,
    candidates: names.flatMap(name => ofName(name, name === requests, status)),
  });
}

/** Each duration of a request is a request as well. */
function ofName(name: string, isRequests: boolean, status: string | undefined): readonly Selected[] {
  const value = quoteAttribute(name),
    counted = { labels: none, isCounter: true, select: `count(${value})` };
  const level: Selected = /duration|latency/.test(name)
    ? { name, labels: none, isCounter: false, select: `percentile(${value}, 95)` }
    : /(?:count|total|requests?|errors?|failures?)$/.test(name)
      ? { name, labels: none, isCounter: true, select: `sum(${value})` }
      : { name, labels: none, isCounter: false, select: `average(${value})` };
  if (!isRequests) return [level];
  const failed = status === undefined ? [] : [{ ...counted, name: 'errors', condition: `${status} >= 500` }];
  return [{ ...counted, name: `${name}.count` }, ...failed, level];
}

const none: ReadonlyMap<string, string> = new Map();

async function offerOf(ask: Ask, { nodes, rank }: DiscoverQuestion, events: Events): Promise<Result<Offered>> {
  const { from, where, row, candidates } = events;
  const values = new Map<string, readonly string[]>();
  for (const name of nodeAttributes.filter(one => Object.hasOwn(row, one))) {
    const facets = await ask(
      `SELECT count(*) FROM ${from} WHERE ${where} ${lastHour} FACET ${quoteAttribute(name)} LIMIT 50`,
    );
    if (!facets.ok) return facets;
    values.set(
      name,
      facets.value.flatMap(facet => textMember(facet, 'facet') ?? []),
    );
  }
  const node = nodeLabelOf(nodeAttributes, name => values.get(name) ?? [], nodes) ?? nodeAttributes[0]!;
  return succeed({
    where,
    source: { node },
    node,
    nodes: [...(values.get(node) ?? [])].toSorted(),
    labels: Object.keys(row).toSorted(),
    signals: await Promise.all(rank(candidates).map(ranked => offer(ask, ranked, events))),
  });
}

async function offer(ask: Ask, ranked: Ranked<Selected>, { from, where }: Events): Promise<OfferedSignal> {
  const { select, condition, unit } = ranked.candidate;
  const all = condition === undefined ? where : `${where} AND ${condition}`;
  const rows = await ask(`SELECT ${select} AS 'value' FROM ${from} WHERE ${all} ${newest}`);
  const [row] = rows.ok ? rows.value : [];
  // A percentile stands under its number.
  const value = numberMember(row, 'value') ?? numberMember(member(row, 'value'), '95');
  return {
    role: ranked.role,
    kind: ranked.kind,
    bounds: [],
    ...(unit !== undefined && { unit }),
    keys: { select, from, where: all },
    sample: sampleOf(`${select} FROM ${from}${condition === undefined ? '' : ` WHERE ${condition}`}`, value),
  };
}

async function askRows(
  deps: Outside,
  connection: NewRelicConnection,
  nrql: string,
  signal: AbortSignal,
): Promise<Result<readonly unknown[]>> {
  const question = { connection, queries: { look: nrql }, what: 'New Relic', deadlineMs: deps.clock.now() + lookMs };
  const read = await readNrql(
    deps,
    'look',
    question,
    bytes => {
      const answer = parseJson(bytes, 'New Relic');
      if (!answer.ok) return Promise.resolve(answer);
      const account = member(member(member(answer.value, 'data'), 'actor'), 'account');
      const list = listMember(member(account, 'look'), 'results');
      return Promise.resolve(succeed({ rows: list.length, list }));
    },
    signal,
  );
  return read.ok ? succeed(read.value.taken.list) : read;
}
