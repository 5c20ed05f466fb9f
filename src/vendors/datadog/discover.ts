// Asks Datadog what it has of a service: the metrics with its tag, their types, and the tags of the best of them.
import { succeed, type Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { Candidate, Offered, OfferedSignal, Ranked } from '../../model/starter.ts';
import { listMember, member, textMember } from '../transport/decode/json.decode.ts';
import { lookMs, nodeLabelOf, nothingOf, sampleOf } from '../transport/discovered.ts';
import { askForJson, type ServerCall } from '../transport/ownServer.ts';
import type { DiscoverQuestion } from '../vendor.ts';
import { datadogAccess } from './access.ts';
import type { DatadogConnection } from './options.ts';

const nodeTags = ['host', 'pod_name', 'container_name', 'task_arn', 'instance'];
const sampledMs = 900_000;

type Ask = (call: Pick<ServerCall, 'method' | 'path'> & Partial<ServerCall>) => Promise<Result<unknown>>;

export async function discoverDatadog(
  deps: Outside,
  { connection, service, nodes, rank }: DiscoverQuestion,
  signal: AbortSignal,
): Promise<Result<Offered>> {
  const ask: Ask = call => {
    const given = { what: 'Datadog', deadlineMs: deps.clock.now() + lookMs, access: datadogAccess, parameters: {} };
    return askForJson(deps, connection as DatadogConnection, { ...given, ...call }, signal);
  };
  const where = `service:${service}`;
  const listed = await ask({
    method: 'GET',
    path: '/api/v2/metrics',
    parameters: { 'filter[tags]': where, 'window[seconds]': '3600', 'page[size]': '10000' },
  });
  if (!listed.ok) return listed;
  const names = listMember(listed.value, 'data').flatMap(one => textMember(one, 'id') ?? []);
  const candidates = names
    .filter(name => /^[A-Za-z][\w.]{0,199}$/.test(name))
    .map((name): Candidate => ({ name, labels: new Map() }));
  if (candidates.length === 0)
    return nothingOf(service, 'In the last hour no metric had the tag service with', { what: '', names: [] });
  const ranked = rank(candidates);
  const tags = ranked[0] ? await tagsOf(ask, ranked[0].candidate.name, where) : new Map<string, readonly string[]>();
  const node = nodeLabelOf(nodeTags, tag => tags.get(tag) ?? [], nodes) ?? nodeTags[0]!;
  const signals = await Promise.all(ranked.map(one => offer(ask, one, { where, node, nowMs: deps.clock.now() })));
  return succeed({
    where,
    source: { node },
    node,
    nodes: [...(tags.get(node) ?? [])].toSorted(),
    labels: [...tags.keys()].toSorted(),
    signals: signals.flatMap(one => one ?? []),
  });
}

/** Values by tag; none where they may not be read. */
async function tagsOf(ask: Ask, name: string, where: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const answer = await ask({
    method: 'GET',
    path: `/api/v2/metrics/${name}/all-tags`,
    parameters: { 'filter[tags]': where },
  });
  const attributes = answer.ok ? member(member(answer.value, 'data'), 'attributes') : undefined;
  const found = new Map<string, string[]>();
  for (const tag of [...listMember(attributes, 'tags'), ...listMember(attributes, 'ingested_tags')]) {
    const [, key, value] = (typeof tag === 'string' ? /^([^:]{1,200}):(.+)$/s.exec(tag) : undefined) ?? [];
    if (key === undefined || value === undefined) continue;
    const values = found.get(key) ?? [];
    if (!values.includes(value)) values.push(value);
    found.set(key, values);
  }
  return found;
}

interface Selection {
  readonly where: string;
  readonly node: string;
  readonly nowMs: number;
}

/** Undefined: what looked like a count is a level, of which nothing can be added up. */
async function offer(
  ask: Ask,
  { candidate: { name }, role, kind }: Ranked<Candidate>,
  selection: Selection,
): Promise<OfferedSignal | undefined> {
  const described = await ask({ method: 'GET', path: `/api/v1/metrics/${name}` });
  const type = described.ok ? textMember(described.value, 'type') : undefined,
    unit = described.ok ? textMember(described.value, 'unit') : undefined;
  if (kind === 'count' && type === 'gauge') return undefined;
  const from = `${name}{${selection.where}} by {${selection.node}}`;
  const query = kind === 'count' ? `${type === 'distribution' ? 'count' : 'sum'}:${from}.as_count()` : `avg:${from}`;
  return {
    role,
    kind,
    bounds: [],
    keys: { query },
    ...(kind !== 'count' && unit !== undefined && unit.length <= 20 && { unit }),
    sample: await sample(ask, name, query, selection.nowMs),
  };
}

async function sample(ask: Ask, name: string, query: string, nowMs: number): Promise<string> {
  const answer = await ask({
    method: 'POST',
    path: '/api/v2/query/timeseries',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      data: {
        type: 'timeseries_request',
        attributes: {
          from: nowMs - sampledMs,
          to: nowMs,
          interval: 60_000,
          queries: [{ data_source: 'metrics', name: 'q0', query }],
          formulas: [{ formula: 'q0' }],
        },
      },
    }),
  });
  const attributes = answer.ok ? member(member(answer.value, 'data'), 'attributes') : undefined;
  const [values] = listMember(attributes, 'values'),
    [series] = listMember(attributes, 'series');
  const newest = Array.isArray(values) ? values.findLast(value => typeof value === 'number') : undefined;
  const [tag] = listMember(series, 'group_tags');
  return sampleOf(name, newest as number | undefined, typeof tag === 'string' ? tag : undefined);
}
