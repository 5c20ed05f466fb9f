// The keys that all metrics in a pipeline file share, in addition to the keys of their vendor, and the result of
// compiling them.
import { z } from 'zod';
import type { MetricLimit, MetricQuery } from '../healthSource.ts';
import { parsePercent } from './durations.ts';
import { amount, oneOf, text, tolerance } from './fields.ts';
import { nodeAttribute } from './sourceFields.ts';

const metricDefaults = { kind: 'gauge', direction: 'increase', unit: '', percentile: 95 } as const;
const limitDefaults = { times: 1, inARow: false } as const;

/** The keys of every metric. `boundsOf` explains the bounds of a histogram for this vendor, if that is necessary. */
export function metricFields(boundsOf = '') {
  return {
    kind: oneOf(
      '`gauge` is a level, such as a duration. `count` is a number of events. ' +
        '`cumulative` is a counter that only grows and restarts at zero with its process. ' +
        '`histogram` counts the requests above each of `bounds`.',
      ['gauge', 'count', 'cumulative', 'histogram'],
    ).default(metricDefaults.kind),
    bounds: z
      .array(z.number())
      .min(1)
      .max(12)
      .optional()
      .meta({
        description: `For a \`histogram\`: ascending values above which requests are counted.${boundsOf}`,
      }),
    percentile: z
      .number()
      .gt(0)
      .lt(100)
      .optional()
      .meta({
        description:
          `For a \`histogram\`: the percentile that is shown and limited, ` +
          `and near which the test is most sensitive. By default \`${metricDefaults.percentile}\`.`,
      }),
    per: text(
      'Name of another count of this source, of which this count is a share: errors per requests.',
      100,
    ).optional(),
    direction: oneOf('The direction that counts as a regression.', ['increase', 'decrease', 'either']).default(
      metricDefaults.direction,
    ),
    unit: z
      .string()
      .max(20)
      .default(metricDefaults.unit)
      .meta({ description: 'Unit shown after values, such as `s`.' }),
    tolerance: tolerance.optional(),
    floor: amount("A change smaller than this, in the metric's own unit, never fails.", 0).optional(),
    limit: limitField(),
    ignore: rangeField(),
    onFailure: oneOf(
      'What a regression of this metric leads to, instead of the `onFailure` of the stage: `rollback`, or `hold`, ' +
        'which keeps the canary as it is and asks a user. If several metrics regress, `rollback` wins.',
      ['rollback', 'hold'],
    ).optional(),
    node: nodeAttribute().optional(),
  };
}

function limitField() {
  return z
    .strictObject({
      above: amount('Values above this are beyond the limit.').optional(),
      below: amount('Values below this are beyond the limit.').optional(),
      times: z
        .int()
        .min(1)
        .max(10_000)
        .default(limitDefaults.times)
        .meta({ description: 'Number of intervals beyond the limit that fail the check; 1 fails at once.' }),
      inARow: z
        .boolean()
        .default(limitDefaults.inARow)
        .meta({ description: 'Whether only consecutive intervals count.' }),
    })
    .optional()
    .meta({
      description:
        "A fixed limit on the canary's value (the mean of its nodes over an interval). " +
        'It fails the check in addition to the comparison and needs no baseline.',
    });
}

function rangeField() {
  return z
    .strictObject({
      from: amount('Lower end of the range.').optional(),
      to: amount('Upper end of the range.').optional(),
    })
    .optional()
    .meta({
      description:
        "While the canary's latest values are in this range, the comparison ignores the metric; " +
        '`limit` still applies.',
    });
}

/** For vendors that compute values themselves: without counters that only grow, and without histograms. */
export function computedMetricFields() {
  const { bounds: _bounds, percentile: _percentile, ...fields } = metricFields();
  return {
    ...fields,
    kind: oneOf('`gauge` is a level, such as a duration. `count` is a number of events.', ['gauge', 'count']).default(
      metricDefaults.kind,
    ),
  };
}

export type MetricText = z.output<z.ZodObject<ReturnType<typeof metricFields>>>;

/** Metrics by name. */
export function metricsByName<Metric extends z.ZodType>(metric: Metric, description: string) {
  return z.record(text('Name of the metric.', 100), metric).optional().meta({ description, minProperties: 1 });
}

/** The common part of a metric. Its vendor adds `options` with the query. */
export function compileMetric(
  name: string,
  { kind, bounds, percentile, per, direction, unit, tolerance, floor, limit, ignore, onFailure, node }: MetricText,
): MetricQuery {
  return {
    name,
    kind: kind === 'count' || kind === 'cumulative' ? 'count' : 'gauge',
    ...(kind === 'cumulative' && { isCumulative: true }),
    direction,
    unit,
    ...(kind === 'histogram' && {
      histogram: { bounds: bounds ?? [], percentile: percentile ?? metricDefaults.percentile },
    }),
    ...(per !== undefined && { denominator: per }),
    ...(tolerance !== undefined && {
      tolerance: typeof tolerance === 'number' ? tolerance : (parsePercent(tolerance) ?? 0),
    }),
    ...(floor !== undefined && { floor: toAmount(floor) }),
    ...(limit && { limit: compileLimit(limit) }),
    ...(ignore && { ignore: compileRange(ignore) }),
    ...(onFailure !== undefined && { onFailure }),
    ...(node !== undefined && { nodeAttribute: node }),
  };
}

function compileLimit({ above, below, times, inARow }: NonNullable<MetricText['limit']>): MetricLimit {
  return {
    ...(above !== undefined && { above: toAmount(above) }),
    ...(below !== undefined && { below: toAmount(below) }),
    times,
    inARow,
  };
}

function compileRange({ from, to }: NonNullable<MetricText['ignore']>): NonNullable<MetricQuery['ignore']> {
  return { ...(from !== undefined && { from: toAmount(from) }), ...(to !== undefined && { to: toAmount(to) }) };
}

function toAmount(amount: number | string): number {
  return typeof amount === 'number' ? amount : (parsePercent(amount) ?? 0);
}
