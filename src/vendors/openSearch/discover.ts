// Asks OpenSearch or Elasticsearch what it has of a service: which indices have documents of it, with which fields, and
// what can be computed from them.
import { fail, succeed, type Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { Candidate, Offered, OfferedSignal, Rank, Ranked } from '../../model/starter.ts';
import { listMember, member, numberMember, textMember } from '../transport/decode/json.decode.ts';
import { lookMs, nodeLabelOf, nothingOf, sampleOf } from '../transport/discovered.ts';
import { askForJson } from '../transport/ownServer.ts';
import type { DiscoverQuestion } from '../vendor.ts';
import type { OpenSearchConnection } from './options.ts';
import { callOf, computationOf } from './search.ts';

const serviceFields = ['service.name', 'kubernetes.labels.app', 'app', 'service', 'resource.service.name'];
const nodeFields = [
  'host.name',
  'host.hostname',
  'kubernetes.pod.name',
  'service.node.name',
  'hostname',
  'host',
  'pod',
];
const numbers = ['long', 'integer', 'short', 'double', 'float', 'half_float', 'scaled_float', 'unsigned_long'];
const mostIndices = 3,
  mostValues = 50;
const lastHour = { range: { '@timestamp': { gte: 'now-1h' } } };

interface Documents {
  /** Data stream, or a pattern of indices that are made day by day. */
  readonly index: string;
  /** Type by field. */
  readonly fields: ReadonlyMap<string, string>;
}
interface Computed extends Candidate {
  readonly value: string;
  readonly where?: string;
}

type Ask = (method: 'GET' | 'POST', path: string, body: object | undefined) => Promise<Result<unknown>>;

export async function discoverOpenSearch(
  deps: Outside,
  { connection, service, nodes, rank }: DiscoverQuestion,
  signal: AbortSignal,
): Promise<Result<Offered>> {
  const server = connection as OpenSearchConnection;
  const ask: Ask = (method, path, body) => {
    const call = { method, path, body: body === undefined ? '' : JSON.stringify(body) };
    const timed = { ...call, what: 'OpenSearch', deadlineMs: deps.clock.now() + lookMs };
    return askForJson(deps, server, callOf(server, timed), signal);
  };
  for (const field of serviceFields) {
    const ofService = { term: { [field]: service } };
    const answer = await ask('POST', '/*/_search', {
      size: 0,
      query: { bool: { filter: [lastHour, ofService] } },
      aggs: { indices: { terms: { field: '_index', size: mostIndices } } },
    });
    if (!answer.ok) return answer;
    const indices = bucketsOf(answer.value, 'indices').flatMap(bucket => textMember(bucket, 'key') ?? []);
    if (indices.length === 0) continue;
    return offerOf(ask, { rank, nodes, where: `${field}:"${service}"`, ofService }, indices);
  }
  return nothingOf(service, `In the last hour no document had a field ${serviceFields.join(', ')} with`, {
    what: '',
    names: [],
  });
}

interface Selection extends Pick<DiscoverQuestion, 'nodes'> {
  readonly rank: Rank;
  readonly where: string;
  readonly ofService: object;
}

/** From the first index whose documents have a node and something worth a check. */
async function offerOf(ask: Ask, selection: Selection, indices: readonly string[]): Promise<Result<Offered>> {
  for (const name of indices) {
    const index = withoutDay(name),
      path = `/${encodeURIComponent(index)}`;
    const caps = await ask('GET', `${path}/_field_caps?fields=*`, undefined);
    if (!caps.ok) return caps;
    const documents: Documents = { index, fields: fieldsOf(member(caps.value, 'fields')) };
    const present = nodeFields.filter(field => documents.fields.get(field) === 'keyword');
    const ranked = selection.rank(candidatesOf(documents));
    if (present.length === 0 || ranked.length === 0) continue;
    const answer = await ask('POST', `${path}/_search`, {
      size: 0,
      query: { bool: { filter: [lastHour, selection.ofService] } },
      aggs: {
        ...Object.fromEntries(present.map((field, k) => [`n${k}`, { terms: { field, size: mostValues } }])),
        ...Object.fromEntries(ranked.map(({ candidate }, k) => [`s${k}`, aggregationOf(candidate)])),
      },
    });
    if (!answer.ok) return answer;
    const valuesOf = (field: string): readonly string[] =>
      bucketsOf(answer.value, `n${present.indexOf(field)}`).flatMap(bucket => textMember(bucket, 'key') ?? []);
    const node = nodeLabelOf(present, valuesOf, selection.nodes);
    if (node === undefined) continue;
    return succeed({
      where: `${index}, ${selection.where}`,
      source: { index, where: selection.where, node },
      node,
      nodes: valuesOf(node).toSorted(),
      labels: [...documents.fields].flatMap(([field, type]) => (type === 'keyword' ? [field] : [])).toSorted(),
      signals: ranked.map((one, k) => offer(one, member(member(answer.value, 'aggregations'), `s${k}`))),
    });
  }
  return fail('not-found', `${indices.join(', ')}: no field names the node, or none is worth a check.`, {
    hint: `A field ${nodeFields.join(', ')} names the node.`,
  });
}

/** `.ds-traces-apm-default-2026.11.30-000001` is of the data stream `traces-apm-default`. */
function withoutDay(index: string): string {
  const [, stream] = /^\.ds-(.+)-\d{4}\.\d{2}\.\d{2}-\d{6}$/.exec(index) ?? [];
  return stream ?? index.replace(/\d{4}[.-]\d{2}(?:[.-]\d{2})?(?:-\d{6})?$/, '*');
}

/** A field that is a word here and a text there cannot be told nodes apart by. */
function fieldsOf(caps: unknown): ReadonlyMap<string, string> {
  if (typeof caps !== 'object' || caps === null) return new Map();
  return new Map(
    Object.entries(caps).flatMap(([field, types]) => {
      const names = Object.keys((types ?? {}) as object).filter(type => type !== 'unmapped');
      return names.length === 1 && /^[A-Za-z_@][\w.@:-]{0,199}$/.test(field) ? [[field, names[0]!] as const] : [];
    }),
  );
}

const labels: ReadonlyMap<string, string> = new Map();

/** Documents are requests where each has a status or is a transaction; those of a log are not. */
function candidatesOf({ fields }: Documents): readonly Computed[] {
  const count = (name: string, where: string): Computed => ({ name, labels, isCounter: true, value: 'count', where });
  const status = ['http.response.status_code', 'status_code', 'http.status_code', 'status'].find(field =>
    numbers.includes(fields.get(field) ?? ''),
  );
  const counts = fields.has('transaction.duration.us')
    ? [
        count('requests', 'processor.event:transaction'),
        count('errors', 'processor.event:transaction AND event.outcome:failure'),
      ]
    : status !== undefined
      ? [count('requests', `_exists_:${status}`), count('errors', `${status}:[500 TO 599]`)]
      : fields.has('log.level')
        ? [count('errors', 'log.level:(error OR ERROR OR fatal OR FATAL)')]
        : [];
  const levels = [...fields]
    .filter(([, type]) => numbers.includes(type))
    .map(([name]): Computed => {
      const value = /duration|latency|time|took/.test(name) ? `p95(${name})` : `avg(${name})`;
      return { name, labels, isCounter: false, value };
    });
  return [...counts, ...levels];
}

function aggregationOf({ value, where }: Computed): object {
  const computed = computationOf(value);
  return {
    filter: where === undefined ? { match_all: {} } : { query_string: { query: where } },
    ...(computed && { aggs: { value: computed } }),
  };
}

function offer({ candidate, role, kind }: Ranked<Computed>, answer: unknown): OfferedSignal {
  const { name, value, where } = candidate;
  const computed = member(answer, 'value'),
    percentiles = Object.values((member(computed, 'values') ?? {}) as object) as unknown[];
  const found = value === 'count' ? member(answer, 'doc_count') : (numberMember(computed, 'value') ?? percentiles[0]);
  return {
    role,
    kind,
    bounds: [],
    ...(/\.us$/.test(name) && { unit: 'us' }),
    keys: { value, ...(where !== undefined && { where }) },
    sample: sampleOf(value === 'count' ? `count ${where}` : value, typeof found === 'number' ? found : undefined),
  };
}

function bucketsOf(answer: unknown, name: string): readonly unknown[] {
  return listMember(member(member(answer, 'aggregations'), name), 'buckets');
}
