// Turns the answers of range queries into one value per metric, node and interval.
import type { Decode, DecodedPage, EvidencePage } from '../../model/evidence/analysis.ts';
import type { MetricPoint } from '../../model/evidence/evidence.ts';
import { fail, succeed } from '../../model/failure.ts';
import type { Failure, Result } from '../../model/failure.ts';
import { increasesOf, pointsOfCounter } from '../transport/decode/counters.decode.ts';
import { listMember, member, parseJson, textMember } from '../transport/decode/json.decode.ts';
import { createNodeNames } from '../transport/decode/nodeNames.decode.ts';

type Values = readonly (number | undefined)[];
interface Series {
  readonly node: string;
  /** Of a bucket of a histogram: its upper bound. */
  readonly le: number;
  /** At the end of each interval. */
  readonly values: Values;
}

/** All that is needed of the context. */
interface Window {
  readonly metric: string;
  readonly fromMs: number;
  readonly intervalMs: number;
  readonly length: number;
}

/**
 * A JSON list of one answer, or of a share's and its whole's. Context: {metric, kind: gauge, count, cumulative or
 * histogram, bounds and nodes: JSON lists, label, nodePattern?, fromMs, toMs, intervalMs}.
 *
 * Every node gets a value for every interval, null where there is none. `rows` counts series. An answer that says that
 * it is incomplete fails as a whole: incomplete results look like a drop.
 */
export const decodePrometheusMatrix: Decode = (bytes, context) => {
  const answers = parseJson(bytes, 'Prometheus');
  if (!answers.ok) return answers;
  const results: (readonly unknown[])[] = [];
  for (const answer of Array.isArray(answers.value) ? answers.value : []) {
    const failure = findFailure(answer);
    if (failure) return { ok: false, failure };
    const result = member(member(answer, 'data'), 'result');
    if (!Array.isArray(result)) return fail('bad-answer', 'Prometheus sent an answer without a result.');
    if (textMember(member(answer, 'data'), 'resultType') !== 'matrix')
      return fail('bad-answer', 'Prometheus answered a range query with something that is no matrix.');
    results.push(result);
  }
  const [result = [], whole = []] = results;
  return pointsOf(result, whole, context);
};

function pointsOf(
  result: readonly unknown[],
  whole: readonly unknown[],
  context: EvidencePage['context'],
): Result<DecodedPage> {
  const fromMs = Number(context.fromMs),
    intervalMs = Number(context.intervalMs);
  const window: Window = {
    metric: String(context.metric),
    fromMs,
    intervalMs,
    length: Math.max(0, Math.round((Number(context.toMs) - fromMs) / intervalMs)),
  };
  const nodes = textsOf(context.nodes);
  const nameOf = createNodeNames(nodes, context.nodePattern === undefined ? undefined : String(context.nodePattern));
  const seriesOf = (list: readonly unknown[]): readonly Series[] =>
    list.flatMap(one => readSeries(one, String(context.label), nameOf, window));
  const series = Map.groupBy(seriesOf(result), ({ node }) => node),
    presence = Map.groupBy(seriesOf(whole), ({ node }) => node);
  const bounds = numbersOf(context.bounds);
  return succeed({
    rows: result.length,
    points: (nodes.length > 0 ? nodes : [...new Set([...series.keys(), ...presence.keys()])]).flatMap(node => {
      const own = series.get(node) ?? [],
        present = presenceOf(presence.get(node) ?? [], window);
      switch (context.kind) {
        case 'histogram':
          return histogramOf(own, bounds, node, window);
        case 'cumulative':
          return pointsOfCounter({ ...window, node }, addCounters(own, own, present, window));
        case 'count':
          return levelsOf(own, node, window, (values, k) => (values.length > 0 ? sum(values) : present[k] ? 0 : null));
        default:
          return levelsOf(own, node, window, values => (values.length > 0 ? sum(values) / values.length : null));
      }
    }),
  });
}

function readSeries(
  one: unknown,
  label: string,
  nameOf: (value: string) => string | undefined,
  { fromMs, intervalMs, length }: Window,
): readonly Series[] {
  const labels = member(one, 'metric'),
    node = nameOf(textMember(labels, label) ?? '');
  // A label that is not there is empty.
  if (node === undefined || node === '') return [];
  const values = new Array<number | undefined>(length).fill(undefined);
  for (const pair of listMember(one, 'values')) {
    const [atSeconds, text] = Array.isArray(pair) ? (pair as readonly unknown[]) : [];
    if (typeof atSeconds !== 'number' || typeof text !== 'string') continue;
    const value = text.trim() === '' ? NaN : Number(text);
    // The end of an interval belongs to it.
    const k = Math.round((atSeconds * 1000 - fromMs) / intervalMs) - 1;
    // NaN is what Prometheus makes of nothing divided by nothing; `+Inf` is no number to JavaScript either.
    if (Number.isFinite(value) && k >= 0 && k < length) values[k] = value;
  }
  return [{ node, le: Number(textMember(labels, 'le')?.replace(/^\+?inf$/i, 'Infinity') ?? NaN), values }];
}

function presenceOf(series: readonly Series[], { length }: Window): readonly boolean[] {
  return Array.from({ length }, (_, k) => series.some(({ values }) => values[k] !== undefined));
}

function levelsOf(
  series: readonly Series[],
  node: string,
  { metric, fromMs, intervalMs, length }: Window,
  rollUp: (values: readonly number[], k: number) => number | null,
): readonly MetricPoint[] {
  return Array.from({ length }, (_, k) => ({
    metric,
    node,
    atMs: fromMs + k * intervalMs,
    value: rollUp(
      series.flatMap(({ values }) => values[k] ?? []),
      k,
    ),
  }));
}

function histogramOf(
  series: readonly Series[],
  bounds: readonly number[],
  node: string,
  window: Window,
): readonly MetricPoint[] {
  const upTo = (bound: number): Values =>
    addCounters(
      series.filter(({ le }) => le === bound),
      series,
      [],
      window,
    );
  const all = upTo(Infinity);
  return [
    ...pointsOfCounter({ ...window, node }, all),
    ...bounds.flatMap((bound, over) => {
      const within = upTo(bound);
      const above = all.map((total, k) =>
        total === undefined || within[k] === undefined ? undefined : Math.max(0, total - within[k]),
      );
      return pointsOfCounter({ ...window, node }, above).map(point => ({ ...point, over }));
    }),
  ];
}

/**
 * What the counters of a node have added in each interval. Each is counted by itself: where one process of several
 * begins anew, their sum only looks as if all did. A counter that is not there before something is counted, such as
 * that of a status, began at zero where the node was heard of just before it appeared: by `witnesses`, its counters of
 * any kind, or as `present` says, which also makes zero of none.
 */
function addCounters(
  series: readonly Series[],
  witnesses: readonly Series[],
  present: readonly boolean[],
  { intervalMs, length }: Window,
): (number | undefined)[] {
  const counted = series.map(({ values }) => {
    const first = values.findIndex(value => value !== undefined);
    const isBorn =
      first > 0 && (present[first - 1] || witnesses.some(witness => witness.values[first - 1] !== undefined));
    return increasesOf(isBorn ? values.with(first - 1, 0) : values, intervalMs);
  });
  return Array.from({ length }, (_, k) => {
    const known = counted.map(increases => increases[k]).filter(value => value !== undefined);
    return known.length > 0 ? sum(known) : present[k - 1] && present[k] ? 0 : undefined;
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** What Prometheus says of its own functions; every other warning says that something could not be read. */
const harmless = /^PromQL (?:info|warning)/;

function findFailure(answer: unknown): Failure | undefined {
  if (textMember(answer, 'status') === 'error') {
    const type = textMember(answer, 'errorType') ?? '',
      cause = `${type}: ${textMember(answer, 'error') ?? ''}`.slice(0, 2_000);
    return { ...classify(type), cause };
  }
  const warnings = listMember(answer, 'warnings')
    .filter(warning => typeof warning === 'string')
    .filter(warning => !harmless.test(warning));
  if (member(answer, 'isPartial') !== true && warnings.length === 0) return undefined;
  const { failure } = fail('unreachable', 'Prometheus gave incomplete results.');
  return warnings.length > 0 ? { ...failure, cause: warnings.join('; ').slice(0, 2_000) } : failure;
}

function classify(type: string): Failure {
  if (type === 'timeout') return fail('timeout', 'Prometheus ran out of time for the query.').failure;
  if (type === 'too_many_requests') return fail('rate-limited', 'Prometheus is asked too often.').failure;
  if (['canceled', 'internal', 'unavailable'].includes(type))
    return fail('unreachable', 'Prometheus could not run the query.').failure;
  return fail('invalid', 'Prometheus refused the query.').failure;
}

function textsOf(json: string | number | undefined): readonly string[] {
  const parsed = parseJson(String(json), 'Prometheus');
  return parsed.ok && Array.isArray(parsed.value) ? parsed.value.map(String) : [];
}

function numbersOf(json: string | number | undefined): readonly number[] {
  return textsOf(json).map(Number);
}
