// Turns one NerdGraph answer (NRQL, FACET node, TIMESERIES) into one value per node and bucket.
import type { Decode, DecodedPage, EvidencePage } from '../../model/evidence/analysis.ts';
import type { MetricPoint } from '../../model/evidence/evidence.ts';
import { fail, succeed } from '../../model/failure.ts';
import type { Failure } from '../../model/failure.ts';
import { increasesOf, pointsOfCounter } from '../transport/decode/counters.decode.ts';
import { member, parseJson } from '../transport/decode/json.decode.ts';

/**
 * Context: {metric, kind: gauge|count|cumulative|histogram, bounds: how many a histogram has, nodeAttribute, nodes:
 * JSON list of names, fromMs, toMs, intervalMs}.
 *
 * Every asked node (where none was asked for by name, every one that is told of) gets a value for every bucket. A gauge
 * without samples is null. A count without samples is 0 only where `presence` (the same query without the metric's own
 * condition) shows that the node reported something in that bucket: a node that said nothing at all has not had zero
 * errors. Of a counter (`cumulative`) it is what was added; its first buckets, which were asked for to count from, are
 * null or left out. An answer with `errors` fails as a whole.
 */
export const decodeNewRelicSeries: Decode = (bytes, context) => {
  const answer = parseJson(bytes, 'New Relic');
  if (!answer.ok) return answer;
  const failure = findNerdGraphFailure(answer.value);
  if (failure) return { ok: false, failure };
  const account = member(member(member(answer.value, 'data'), 'actor'), 'account');
  const rows = member(member(account, 'metric'), 'results');
  if (!Array.isArray(rows)) return fail('bad-answer', `New Relic answered metric "${context.metric}" without results.`);
  const beside = member(account, 'presence');
  const presence = beside === undefined ? rows : member(beside, 'results');
  if (!Array.isArray(presence))
    return fail(
      'bad-answer',
      `New Relic answered metric "${context.metric}" without saying which nodes reported anything.`,
    );
  return succeed(pointsOf(rows, presence, context));
};

function pointsOf(
  rows: readonly unknown[],
  presence: readonly unknown[],
  context: EvidencePage['context'],
): DecodedPage {
  const fromMs = Number(context.fromMs),
    intervalMs = Number(context.intervalMs),
    toMs = Number(context.toMs);
  const measured = samplesByBucket(rows, context),
    present = samplesByBucket(presence, context);
  const asked = namesOf(String(context.nodes ?? '')),
    nodes = asked.length > 0 ? asked : [...new Set([...measured.keys(), ...present.keys()])];
  const points: MetricPoint[] = [];
  if (context.kind === 'cumulative')
    return { rows: rows.length, points: nodes.flatMap(node => countersOf(node, measured.get(node), context)) };
  const bounds = context.kind === 'histogram' ? Number(context.bounds ?? 0) : 0;
  for (const node of nodes) {
    for (let atMs = fromMs; intervalMs > 0 && atMs < toMs; atMs += intervalMs) {
      const found = measured.get(node)?.get(atMs);
      const reported = (present.get(node)?.get(atMs)?.samples ?? 0) > 0;
      const value = found && found.samples > 0 ? found.value : context.kind === 'count' && reported ? 0 : null;
      points.push({ metric: String(context.metric), node, atMs, value });
      for (let over = 0; over < bounds; over += 1)
        points.push({
          metric: String(context.metric),
          node,
          atMs,
          over,
          value: value === null ? null : (found?.over[over] ?? null),
        });
    }
  }
  return { rows: rows.length, points };
}

function countersOf(
  node: string,
  buckets: ReadonlyMap<number, Bucket> | undefined,
  context: EvidencePage['context'],
): readonly MetricPoint[] {
  const fromMs = Number(context.fromMs),
    intervalMs = Number(context.intervalMs),
    count = Math.max(0, Math.round((Number(context.toMs) - fromMs) / intervalMs));
  const standing = Array.from({ length: count }, (_, k) => {
    const found = buckets?.get(fromMs + k * intervalMs);
    return found && found.samples > 0 ? (found.value ?? undefined) : undefined;
  });
  return pointsOfCounter(
    { metric: String(context.metric), node, fromMs, intervalMs },
    increasesOf(standing, intervalMs),
  );
}

type Bucket = {
  readonly value: number | null;
  readonly samples: number;
  /** Of a histogram. */ readonly over: readonly (number | null)[];
};

function samplesByBucket(rows: readonly unknown[], context: EvidencePage['context']): Map<string, Map<number, Bucket>> {
  const fromMs = Number(context.fromMs),
    intervalMs = Number(context.intervalMs);
  const byNode = new Map<string, Map<number, Bucket>>();
  for (const row of rows) {
    const node = nodeOf(row, String(context.nodeAttribute));
    const begin = member(row, 'beginTimeSeconds');
    if (node === undefined || typeof begin !== 'number' || !Number.isFinite(begin)) continue;
    const atMs = fromMs + Math.round((begin * 1000 - fromMs) / intervalMs) * intervalMs;
    const buckets = byNode.get(node) ?? new Map<number, Bucket>();
    byNode.set(node, buckets);
    buckets.set(atMs, {
      value: numberOf(member(row, 'value')),
      samples: numberOf(member(row, 'samples')) ?? 0,
      over: Array.from({ length: Number(context.bounds ?? 0) }, (_, k) => numberOf(member(row, `over${k}`))),
    });
  }
  return byNode;
}

function nodeOf(row: unknown, attribute: string): string | undefined {
  const facet = member(row, 'facet');
  const name = member(row, attribute) ?? (Array.isArray(facet) ? facet[0] : facet);
  return typeof name === 'string' ? name : undefined;
}

/** A number, a number as text, or the single number of a nested object (`percentile` answers `{"95": 12.5}`). */
function numberOf(value: unknown, nested = false): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string') return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : null;
  if (nested || typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const numbers = Object.values(value)
    .map(one => numberOf(one, true))
    .filter(one => one !== null);
  return numbers.length === 1 ? numbers[0]! : numberOf(member(value, 'score'), true);
}

/**
 * NerdGraph fails with HTTP 200 and a list of errors. Exported for the adapter, which maps them the same way before it
 * pages.
 */
export function findNerdGraphFailure(answer: unknown): Failure | undefined {
  const errors = member(answer, 'errors');
  if (errors === undefined || errors === null) {
    return member(answer, 'data') === undefined
      ? fail('bad-answer', 'New Relic answered something else than NerdGraph does.').failure
      : undefined;
  }
  const list = Array.isArray(errors) ? errors : [errors];
  if (list.length === 0) return undefined;
  const first: unknown = list[0];
  const message = member(first, 'message');
  const text = (typeof message === 'string' ? message : 'error without a message').slice(0, 2_000);
  const extensions = member(first, 'extensions');
  const codes = ['errorClass', 'errorCode', 'error_code', 'code']
    .map(name => member(extensions, name))
    .filter(code => typeof code === 'string' || typeof code === 'number')
    .join(' ');
  return { ...classify(`${codes} ${text}`), cause: text };
}

function classify(text: string): Failure {
  if (/TOO_MANY_REQUESTS|NRDB:1106924|rate limit/i.test(text))
    return fail('rate-limited', 'New Relic is asked too often.').failure;
  if (/TIMEOUT|NRDB:1109\b|exceeded the set timeout/i.test(text))
    return fail('timeout', 'New Relic ran out of time for the query.').failure;
  if (/BAD_API_KEY|UNAUTHORI[SZ]ED|FORBIDDEN|ACCESS_DENIED|not authorized/i.test(text)) {
    return fail('unauthorized', 'New Relic did not accept the credential for this account.', {
      hint: 'The credential is a user API key (NRAK-...) that may read the account.',
    }).failure;
  }
  if (/SERVER_ERROR|NRDB:1107005|NRDB:1102004/i.test(text))
    return fail('unreachable', 'New Relic failed to run the query.').failure;
  return fail('invalid', 'New Relic refused the query.').failure;
}

export function namesOf(json: string): readonly string[] {
  const parsed = parseJson(json, 'New Relic');
  return parsed.ok && Array.isArray(parsed.value) ? parsed.value.filter(name => typeof name === 'string') : [];
}
