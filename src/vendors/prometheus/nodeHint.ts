// Says what a source knows where it knows none of the nodes: the values of the node's label, or the labels that there
// are.
import { sideAttribute } from '../../model/healthSource.ts';
import type { Outside } from '../../model/outside.ts';
import { listMember, member, textMember } from '../transport/decode/json.decode.ts';
import { listed } from '../transport/text/listed.ts';
import { askForJson } from '../transport/ownServer.ts';
import type { MetricsRequest } from './metrics.ts';
import { fill } from './promql.ts';

const withinMs = 10_000;

/** Looks at what the first query gives; where that is nothing, at the label in everything that the server has. */
export async function hintOfPrometheusNodes(
  deps: Outside,
  { source, connection, intervalMs }: MetricsRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [metric] = source.metrics;
  if (!metric) return undefined;
  const label = sideAttribute(source, metric),
    deadlineMs = deps.clock.now() + withinMs;
  const ask = (path: string, parameters: Readonly<Record<string, string>>) =>
    askForJson(
      deps,
      connection,
      { method: 'GET', path, parameters, what: `Prometheus, metric "${metric.name}"`, deadlineMs },
      signal,
    );
  const query = fill(metric, source, intervalMs);
  const found = await ask('/api/v1/query', { query });
  if (!found.ok) return undefined;
  const labels = listMember(member(found.value, 'data'), 'result').map(one => member(one, 'metric'));
  const values = [...new Set(labels.flatMap(one => textMember(one, label) ?? []))];
  const toCheck = source.versionAttribute === undefined ? '`node` and `nodePattern`' : '`version`';
  if (values.length > 0) return `\`${label}\` has ${listed(values)}. Check ${toCheck}.`;
  if (labels.length > 0) {
    const names = [...new Set(labels.flatMap(one => Object.keys((one ?? {}) as object)))].filter(
      one => one !== '__name__',
    );
    return `What the query gives has no label \`${label}\`, but ${listed(names)}: ${query}`;
  }
  const known = await ask(`/api/v1/label/${encodeURIComponent(label)}/values`, {});
  const all = known.ok ? listMember(known.value, 'data').filter(value => typeof value === 'string') : [];
  return all.length === 0
    ? `The query gives nothing, and no series has a label \`${label}\`: ${query}`
    : `The query gives nothing: ${query}. In other series \`${label}\` has ${listed(all)}.`;
}
