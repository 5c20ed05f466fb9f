// Asks a server what it has of a service, before there is a pipeline: series whose labels name it, with their values.
import { succeed, type Result } from '../../model/failure.ts';
import type { ServerConnection } from '../../model/file/connectionFields.ts';
import type { Outside } from '../../model/outside.ts';
import type { Candidate, Offered, OfferedSignal, Ranked } from '../../model/starter.ts';
import { listMember, member } from '../transport/decode/json.decode.ts';
import { labelNames, labelValues, lookMs, nodeLabelOf, nothingOf } from '../transport/discovered.ts';
import { askForJson } from '../transport/ownServer.ts';
import type { DiscoverQuestion } from '../vendor.ts';

/** Labels that usually have the name of a service, in the order in which they are tried. */
const serviceLabels = ['job', 'app', 'service', 'service_name', 'container'];
/** Parts of the names that are worth a check; a service may have thousands of others. */
const telling = '.*(request|error|fail|exception|duration|latency|seconds|queue|flight|connection|resident).*';
const nodeLabels = ['instance', 'pod', 'node', 'host', 'hostname'];

interface Series extends Candidate {
  readonly value: number;
}

export async function discoverPrometheus(
  deps: Outside,
  { connection, service, nodes, rank }: DiscoverQuestion,
  signal: AbortSignal,
): Promise<Result<Offered>> {
  const server = connection as ServerConnection;
  for (const label of serviceLabels) {
    const where = `${label}="${service}"`;
    const answer = await ask(deps, server, '/query', { query: `{${where},__name__=~"${telling}"}` }, signal);
    if (!answer.ok) return answer;
    const series = listMember(member(answer.value, 'data'), 'result').flatMap(seriesOf);
    if (series.length === 0) continue;
    const node = nodeLabelOf(nodeLabels, of => labelValues(series, of), nodes) ?? nodeLabels[0]!;
    return succeed({
      where,
      source: { node },
      node,
      nodes: labelValues(series, node).toSorted(),
      labels: labelNames(series),
      signals: rank(series).map(ranked => offer(ranked, where)),
    });
  }
  const known = await ask(deps, server, '/label/job/values', {}, signal);
  const jobs = known.ok ? listMember(known.value, 'data').filter(value => typeof value === 'string') : [];
  return nothingOf(service, `No series there has a label ${serviceLabels.join(', ')} that is`, {
    what: 'The label job has',
    names: jobs,
  });
}

function ask(
  deps: Outside,
  connection: ServerConnection,
  path: string,
  parameters: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Result<unknown>> {
  const deadlineMs = deps.clock.now() + lookMs;
  const call = { method: 'GET', path: `/api/v1${path}`, parameters, what: 'Prometheus', deadlineMs } as const;
  return askForJson(deps, connection, call, signal);
}

function offer({ candidate, status, kind, ...signal }: Ranked<Series>, where: string): OfferedSignal {
  const { name, labels, value } = candidate;
  const words = [...labels].map(([label, word]) => `${label}="${word.replaceAll(/["\\\n]/g, '')}"`).join(',');
  const selected = status === undefined ? where : `${where},${status}=~"5.."`;
  return {
    ...signal,
    kind: kind === 'count' ? 'cumulative' : kind,
    keys: { query: `${name}{${selected}}` },
    sample: `${name}${words && `{${words}}`} ${value}`,
  };
}

function seriesOf(one: unknown): readonly Series[] {
  const labels = new Map(
    Object.entries((member(one, 'metric') ?? {}) as object).filter(([, value]) => typeof value === 'string'),
  ) as Map<string, string>;
  const name = labels.get('__name__');
  labels.delete('__name__');
  const value = Number(listMember(one, 'value')[1]);
  return name === undefined || !/^[A-Za-z_:][\w:]*$/.test(name) || Number.isNaN(value)
    ? []
    : [{ name, labels, value, isCounter: /_(?:total|count)$/.test(name) }];
}
