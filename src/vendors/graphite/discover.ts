// Asks Graphite what it has of a service: the names of the series in which it is a part, and which part names the node.
import { fail, succeed, type Result } from '../../model/failure.ts';
import type { ServerConnection } from '../../model/file/connectionFields.ts';
import type { Outside } from '../../model/outside.ts';
import type { Candidate, Offered, OfferedSignal, Ranked } from '../../model/starter.ts';
import { listMember, textMember } from '../transport/decode/json.decode.ts';
import { lookMs, nothingOf, sampleOf } from '../transport/discovered.ts';
import { askForJson } from '../transport/ownServer.ts';
import type { DiscoverQuestion } from '../vendor.ts';

/** What stands before the service in a name, and how many parts may follow it. */
const prefixes = ['', '*.', '*.*.', '*.*.*.'],
  mostParts = 4;
const mostNames = 20_000;

interface Target extends Candidate {
  /** The names with `*` in the place of the node. */
  readonly pattern: string;
}

export async function discoverGraphite(
  deps: Outside,
  { connection, service, nodes, rank }: DiscoverQuestion,
  signal: AbortSignal,
): Promise<Result<Offered>> {
  const ask = (path: string, parameters: readonly (readonly [string, string])[]): Promise<Result<unknown>> => {
    const query = new URLSearchParams(parameters.map(pair => [...pair])).toString();
    const deadlineMs = deps.clock.now() + lookMs;
    const call = { method: 'GET', path: `${path}?${query}`, parameters: {}, what: 'Graphite', deadlineMs } as const;
    return askForJson(deps, connection as ServerConnection, call, signal);
  };
  for (const prefix of prefixes) {
    const queries = Array.from({ length: mostParts }, (_, k) => `${prefix}${service}${'.*'.repeat(k + 1)}`);
    const answer = await ask('/metrics/expand', [...queries.map(one => ['query', one] as const), ['leavesOnly', '1']]);
    if (!answer.ok) return answer;
    const names = listMember(answer.value, 'results').filter(isName).slice(0, mostNames);
    if (names.length === 0) continue;
    const at = nodePart(names, service, nodes);
    if (at === undefined)
      return fail('not-found', `${names[0]}: no part of the names of ${service} tells nodes apart.`, {
        hint: 'Write the `target` of each metric in the pipeline file.',
      });
    const valuesAt = new Set(names.flatMap(name => name.split('.')[at] ?? []));
    return succeed({
      where: `${prefix}${service}`,
      source: { node: 'target' },
      node: `part ${at + 1} of the names`,
      nodes: [...valuesAt].toSorted(),
      labels: [],
      signals: await Promise.all(rank(targetsOf(names, at, service)).map(one => offer(ask, one, at))),
    });
  }
  const top = await ask('/metrics/find', [['query', '*']]);
  const known = top.ok && Array.isArray(top.value) ? top.value.flatMap(one => textMember(one, 'text') ?? []) : [];
  return nothingOf(service, `None of the first ${prefixes.length} parts of a name there is`, {
    what: 'The names begin with',
    names: known,
  });
}

/** Others would have to be quoted in a target. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[\w:-]+(?:\.[\w:-]+)+$/.test(value);
}

/**
 * The part that has the name of a node; otherwise the one for which the others repeat most, since every node has the
 * same metrics.
 */
function nodePart(names: readonly string[], service: string, nodes: readonly string[]): number | undefined {
  const parts = names.map(name => name.split('.')),
    longest = Math.max(...parts.map(({ length }) => length));
  const places = Array.from({ length: longest }, (_, at) => at);
  const named = places.find(at => parts.some(part => nodes.includes(part[at] ?? '') && part[at] !== service));
  if (named !== undefined) return named;
  const left = (at: number): number => new Set(names.map(name => withStar(name, at))).size;
  // The last part of a name is that of a metric.
  const fitting = places
    .slice(0, -1)
    .filter(at => left(at) < names.length && new Set(parts.map(part => part[at])).size > 1);
  return fitting.toSorted((one, other) => left(one) - left(other))[0];
}

function withStar(name: string, at: number): string {
  return name
    .split('.')
    .map((part, place) => (place === at ? '*' : part))
    .join('.');
}

function targetsOf(names: readonly string[], at: number, service: string): readonly Target[] {
  const patterns = names.filter(name => name.split('.').length > at).map(name => withStar(name, at));
  return [...new Set(patterns)].map(pattern => ({
    name: pattern
      .split('.')
      .filter(part => part !== '*' && part !== service)
      .join('.'),
    labels: new Map(),
    pattern,
  }));
}

async function offer(
  ask: (path: string, parameters: readonly (readonly [string, string])[]) => Promise<Result<unknown>>,
  { candidate: { name, pattern }, role, kind }: Ranked<Target>,
  at: number,
): Promise<OfferedSignal> {
  const target = `aliasByNode(${pattern}, ${at})`;
  const answer = await ask('/render', [
    ['target', target],
    ['from', '-15min'],
    ['format', 'json'],
  ]);
  const [series] = answer.ok && Array.isArray(answer.value) ? (answer.value as readonly unknown[]) : [];
  const values = listMember(series, 'datapoints').map(point => (Array.isArray(point) ? (point[0] as unknown) : null));
  const newest = values.findLast(value => typeof value === 'number') as number | undefined;
  return { role, kind, bounds: [], keys: { target }, sample: sampleOf(name, newest, textMember(series, 'target')) };
}
