// The figures of a metric as its row shows them: shares in per cent, the change in words, and what is allowed.
import type { HealthSource, MetricQuery } from '../../model/healthSource.ts';
import type { MetricCheck } from '../../model/evidence/verdict.ts';
import { changePhrase, formatMeasure, formatNumber, formatShare, scaleOf } from '../words/format.ts';
import { plainLine } from '../words/plainText.ts';
import { t } from '../words/translate.ts';

export interface MetricFigures {
  readonly canary: string;
  readonly baseline: string;
  /** `+1.9 %`, `+0.02 points` of a percentage, `9 % faster`; empty without both values. */
  readonly change: string;
  /** `up to +10 %`, `at most 1 %`; empty if the run did not record it. */
  readonly allowed: string;
  /** The value beyond which the canary is worse than allowed, for the chart. */
  readonly limit?: number;
  readonly unit?: string;
  /** What the series is multiplied with to be in this unit. */
  readonly factor: number;
}
type Direction = MetricQuery['direction'];

/** `source`: as the pipeline declared it when the run began, if that was recorded. */
export function metricFigures(check: MetricCheck, source: HealthSource | undefined): MetricFigures {
  const query = source?.kind === 'metrics' ? source.metrics.find(({ name }) => name === check.name) : undefined,
    { canary, baseline } = check;
  const { unit, factor } = scaleOf(
    check.unit && plainLine(check.unit, 20),
    [canary, baseline],
    query?.denominator !== undefined,
  );
  const value = (one: number | null): string => (one === null ? t('no data') : formatMeasure(one * factor, unit));
  const direction = query?.direction ?? directionOf(check),
    // A change of a percentage is told in points: in per cent it would be a share of the baseline.
    size = (one: number): string => (unit === '%' ? pointsText(one * factor) : value(one)),
    allowed = allowedOf(check, query, direction, unit, value, size);
  return {
    canary: value(canary),
    baseline: value(baseline),
    change: changeOf(check, direction, unit, factor),
    allowed: allowed.text,
    ...(allowed.limit !== undefined && { limit: allowed.limit * factor }),
    ...(unit && { unit }),
    factor,
  };
}

function changeOf(
  { canary, baseline, change }: MetricCheck,
  direction: Direction,
  unit: string | undefined,
  factor: number,
): string {
  if (canary === null || baseline === null) return '';
  if (unit === '%') {
    const points = (canary - baseline) * factor;
    return `${points > 0 ? '+' : ''}${pointsText(points)}`;
  }
  return change === null ? '' : changePhrase(change, direction, unit);
}

function pointsText(points: number): string {
  const text = formatNumber(points);
  return /^-?1$/.test(text) ? t('{0} point', text) : t('{0} points', text);
}

/** A fixed limit of the pipeline file says more than a tolerated change. */
function allowedOf(
  check: MetricCheck,
  query: MetricQuery | undefined,
  direction: Direction,
  unit: string | undefined,
  value: (one: number) => string,
  size: (change: number) => string,
): { readonly text: string; readonly limit?: number } {
  const { above, below } = query?.limit ?? {};
  if (above !== undefined) return { text: t('at most {0}', value(above)), limit: above };
  if (below !== undefined) return { text: t('at least {0}', value(below)), limit: below };
  const tolerance = check.allowed?.tolerance ?? query?.tolerance ?? toleranceOf(check);
  if (tolerance === undefined) return { text: '' };
  const { baseline } = check,
    { floor = 0 } = check.allowed ?? {},
    isFloor = baseline !== null && floor > tolerance * Math.abs(baseline),
    // What the change is told in.
    share = unit === '%' && baseline ? size(tolerance * Math.abs(baseline)) : formatShare(tolerance);
  // A share of nothing is no limit that could be drawn.
  const limitAt = (sign: 1 | -1): { readonly limit?: number } =>
    isFloor ? { limit: baseline + sign * floor } : baseline ? { limit: baseline * (1 + sign * tolerance) } : {};
  switch (direction) {
    case 'increase':
      return { text: t('up to {0}', `+${isFloor ? size(floor) : share}`), ...limitAt(1) };
    case 'decrease':
      return { text: t('down to {0}', `-${isFloor ? size(floor) : share}`), ...limitAt(-1) };
    case 'either':
      return { text: `±${isFloor ? size(floor) : share}` };
    default:
      return direction satisfies never;
  }
}

/** Reports of older versions tell it in a reason. */
function toleranceOf({ reasons }: MetricCheck): number | undefined {
  const tolerance = reasons.find(({ code }) => code === 'metric-in-band')?.values['tolerance'];
  return typeof tolerance === 'number' ? tolerance : undefined;
}

function directionOf({ allowed, reasons }: MetricCheck): Direction {
  const direction = allowed?.direction ?? reasons.find(({ code }) => code === 'metric-in-band')?.values['direction'];
  return direction === 'increase' || direction === 'decrease' ? direction : 'either';
}
