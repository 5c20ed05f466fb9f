// The aggregator functions of NRQL, over the events of one group or one bucket.
import { attributeOf, calculate, holds, valueOf, type Row } from './nrqlRows.ts';
import type { Argument, Condition, Expression } from './nrqlSyntax.ts';
import { NrqlError } from './nrqlTokens.ts';

export type Aggregate = number | string | boolean | null | readonly unknown[] | Readonly<Record<string, number | null>>;

type AggregatorFunction = (rows: readonly Row[], given: readonly Argument[], windowMs: number) => Aggregate;

const aggregators: ReadonlyMap<string, AggregatorFunction> = new Map(
  Object.entries<AggregatorFunction>({
    count: (rows, given) =>
      given.length === 0 || isStar(given[0])
        ? rows.length
        : rows.filter(row => valueOf(expressionOf(given, 0), row) !== null).length,
    average: (rows, given) => mean(numbersOf(rows, given)),
    sum: (rows, given) => numbersOf(rows, given).reduce((total, value) => total + value, 0),
    min: (rows, given) => extreme(numbersOf(rows, given), (one, other) => one < other),
    max: (rows, given) => extreme(numbersOf(rows, given), (one, other) => one > other),
    stddev: (rows, given) => deviation(numbersOf(rows, given)),
    median: (rows, given) => ({ 50: percentile(sorted(numbersOf(rows, given)), 50) }),
    percentile: (rows, given) => percentiles(sorted(numbersOf(rows, given)), given.slice(1)),
    apdex: (rows, given) => apdex(numbersOf(rows, given), given),
    uniqueCount: (rows, given) => uniqueValues(rows, given).length,
    uniques: (rows, given) => uniqueValues(rows, given).slice(0, 1000),
    latest: (rows, given) => firstValue(rows.toReversed(), expressionOf(given, 0)),
    earliest: (rows, given) => firstValue(rows, expressionOf(given, 0)),
    histogram: (rows, given) => histogram(numbersOf(rows, given), given.slice(1)),
    rate: (rows, given, windowMs) => perTime(aggregate(expressionOf(given, 0), rows, windowMs), windowMs, given[1]),
    filter: (rows, given, windowMs) => aggregate(expressionOf(given, 0), matching(rows, given), windowMs),
    percentage: (rows, given, windowMs) => {
      const whole = aggregate(expressionOf(given, 0), rows, windowMs);
      return calculate(
        '*',
        100,
        calculate('/', aggregate(expressionOf(given, 0), matching(rows, given), windowMs), whole),
      );
    },
  }),
);

/** The name as the vendor writes it; names are read in any case. */
export function knownFunction(name: string): string | undefined {
  for (const known of aggregators.keys()) if (known.toLowerCase() === name.toLowerCase()) return known;
  return undefined;
}

/** `windowMs` is the length of the bucket, or of the whole time window: what `rate()` divides by. */
export function aggregate(expression: Expression, rows: readonly Row[], windowMs: number): Aggregate {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'arithmetic':
      return calculate(
        expression.operator,
        aggregate(expression.left, rows, windowMs),
        aggregate(expression.right, rows, windowMs),
      );
    case 'call':
      return aggregators.get(expression.name)!(rows, expression.arguments, windowMs);
    case 'attribute':
      throw new NrqlError(`Attribute '${expression.name}' must be inside an aggregator function`);
    case 'star':
      throw new NrqlError("'*' must be inside an aggregator function");
    default:
      throw expression satisfies never;
  }
}

function isStar(argument: Argument | undefined): boolean {
  return argument?.kind === 'expression' && argument.expression.kind === 'star';
}

function expressionOf(given: readonly Argument[], index: number): Expression {
  const argument = given[index];
  if (argument?.kind !== 'expression') throw new NrqlError(`Argument ${index + 1} must be an attribute or a function`);
  return argument.expression;
}

function numbersOf(rows: readonly Row[], given: readonly Argument[]): readonly number[] {
  const expression = expressionOf(given, 0);
  const numbers: number[] = [];
  for (const row of rows) {
    const value = expression.kind === 'attribute' ? attributeOf(row, expression.name) : valueOf(expression, row);
    if (typeof value === 'number' && Number.isFinite(value)) numbers.push(value);
  }
  return numbers;
}

function matching(rows: readonly Row[], given: readonly Argument[]): readonly Row[] {
  const condition = given.find(
    (argument): argument is { kind: 'where'; condition: Condition } => argument.kind === 'where',
  );
  if (!condition) throw new NrqlError('A WHERE condition is needed as the second argument');
  return rows.filter(row => holds(condition.condition, row));
}

function firstValue(rows: readonly Row[], expression: Expression): Aggregate {
  for (const row of rows) {
    const value = valueOf(expression, row);
    if (value !== null) return value;
  }
  return null;
}

function uniqueValues(rows: readonly Row[], given: readonly Argument[]): readonly unknown[] {
  const expression = expressionOf(given, 0);
  return [...new Set(rows.map(row => valueOf(expression, row)))].filter(value => value !== null);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0) / values.length;
}

/** The standard deviation of the population. */
function deviation(values: readonly number[]): number | null {
  const centre = mean(values);
  return centre === null ? null : Math.sqrt(mean(values.map(value => (value - centre) ** 2))!);
}

function extreme(values: readonly number[], better: (one: number, other: number) => boolean): number | null {
  return values.length === 0 ? null : values.reduce((best, value) => (better(value, best) ? value : best));
}

function sorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}

/** Linear between the two nearest ranks (type 7 of Hyndman and Fan). New Relic computes an approximation of it. */
function percentile(ascending: Float64Array, percent: number): number | null {
  if (ascending.length === 0) return null;
  const rank = ((ascending.length - 1) * Math.min(100, Math.max(0, percent))) / 100;
  const below = ascending[Math.floor(rank)]!,
    above = ascending[Math.ceil(rank)]!;
  return below + (above - below) * (rank - Math.floor(rank));
}

function percentiles(ascending: Float64Array, given: readonly Argument[]): Readonly<Record<string, number | null>> {
  const wanted = given.map(literalOf);
  return Object.fromEntries(
    (wanted.length === 0 ? [95] : wanted).map(percent => [String(percent), percentile(ascending, percent)]),
  );
}

/** Satisfied up to t, tolerating up to 4t; the score is null where there was no request. */
function apdex(values: readonly number[], given: readonly Argument[]): Readonly<Record<string, number | null>> {
  const threshold = given.find(argument => argument.kind === 'expression' && argument.name === 't') ?? given[1];
  const t = threshold ? literalOf(threshold) : 0.5;
  const satisfied = values.filter(value => value <= t).length,
    tolerating = values.filter(value => value > t && value <= 4 * t).length;
  return {
    s: satisfied,
    t: tolerating,
    f: values.length - satisfied - tolerating,
    count: values.length,
    score: values.length === 0 ? null : (satisfied + tolerating / 2) / values.length,
  };
}

function literalOf(argument: Argument): number {
  if (
    argument.kind === 'expression' &&
    argument.expression.kind === 'literal' &&
    typeof argument.expression.value === 'number'
  )
    return argument.expression.value;
  throw new NrqlError('A number is needed as an argument');
}

/**
 * Counts per bucket: `histogram(attribute, ceiling, buckets)` or `histogram(attribute, width: w, buckets: n)`. Values
 * above the last bucket count in it.
 */
function histogram(values: readonly number[], given: readonly Argument[]): readonly number[] {
  const named = (name: string) => given.find(argument => argument.kind === 'expression' && argument.name === name);
  const plain = given.filter(argument => argument.kind === 'expression' && argument.name === undefined);
  const bucketsArgument = named('buckets') ?? plain[1],
    widthArgument = named('width'),
    ceilingArgument = plain[0];
  const buckets = Math.min(500, Math.max(1, Math.trunc(bucketsArgument ? literalOf(bucketsArgument) : 40)));
  const width = widthArgument
    ? literalOf(widthArgument)
    : (ceilingArgument ? literalOf(ceilingArgument) : 10) / buckets;
  if (!(width > 0)) throw new NrqlError('The bucket width of histogram() must be above 0');
  const counts = new Array<number>(buckets).fill(0);
  for (const value of values) counts[Math.min(buckets - 1, Math.max(0, Math.floor(value / width)))]!++;
  return counts;
}

function perTime(value: Aggregate, windowMs: number, per: Argument | undefined): number | null {
  if (per?.kind !== 'duration') throw new NrqlError('rate() needs a duration like 1 minute as its second argument');
  return calculate('*', calculate('/', value, windowMs), per.durationMs);
}
