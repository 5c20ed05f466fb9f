// Clusters that come more or less often than traffic explains, with the over-dispersion that bursts bring and a false-discovery control.
import { lnEvidenceOfMore, shareOf } from './betaMixture.ts';
import { pearson, sliceCounts, type Span } from './dispersion.ts';
import type { Timeline } from './timeline.ts';

export interface FrequencyInput {
  readonly canary: number;
  readonly baseline: number;
  readonly baselineTimeline: Timeline;
}
export interface FrequencyWindow {
  /** Time in which the baseline was seen. */
  readonly span: Span;
  /** Canary traffic over baseline traffic, over both windows. */
  readonly trafficRatio: number;
  /** A rate up to so many times the expected one is nothing to speak of. */
  readonly tolerance: number;
}
export interface FrequencyFinding {
  readonly direction: 'up' | 'down';
  readonly ratio: number;
  readonly lnEvidence: number;
  /** Lines per independent event. */
  readonly dispersion: number;
}

const slices = 24, priorFreedom = 8;

/** One finding per input, in order. */
export function findFrequencies(inputs: readonly FrequencyInput[], window: FrequencyWindow): FrequencyFinding[] {
  const baseline = inputs.map(input => sliceCounts(input.baselineTimeline, window.span, slices));
  const baselineTotals = totalsOf(baseline);
  const fits = baseline.map(counts => pearson(counts, baselineTotals));
  const pooled = pooledDispersion(fits);
  return inputs.map((input, i) => judge(input, window, shrink(fits[i]!, pooled)));
}

function totalsOf(rows: readonly (readonly number[])[]): number[] {
  const totals = new Array<number>(slices).fill(0);
  for (const row of rows) for (let i = 0; i < slices; i++) totals[i]! += row[i]!;
  return totals;
}

/** The median of the clusters' own dispersions: what a cluster of which little is known is taken to have. */
function pooledDispersion(fits: readonly { chi: number; freedom: number }[]): number {
  const values = fits.filter(fit => fit.freedom > 0).map(fit => fit.chi / fit.freedom).sort((a, b) => a - b);
  return values.length === 0 ? 1 : Math.max(1, values[values.length >> 1]!);
}

function shrink({ chi, freedom }: { chi: number; freedom: number }, pooled: number): number {
  return Math.max(1, (chi + priorFreedom * pooled) / (freedom + priorFreedom));
}

function judge({ canary, baseline }: FrequencyInput, { trafficRatio, tolerance }: FrequencyWindow, dispersion: number): FrequencyFinding {
  const ratio = (canary + 0.5) / ((baseline + 0.5) * trafficRatio);
  const c = canary / dispersion, b = baseline / dispersion;
  const up = lnEvidenceOfMore(c, b, shareOf(trafficRatio, tolerance));
  const down = lnEvidenceOfMore(b, c, 1 - shareOf(trafficRatio, 1 / tolerance));
  return { direction: up >= down ? 'up' : 'down', ratio, lnEvidence: Math.max(up, down), dispersion };
}

/** Indexes that e-BH (Wang & Ramdas 2022) selects at level alpha: valid whatever the dependence. */
export function selectByFalseDiscovery(lnEvidences: readonly number[], alpha: number): Set<number> {
  const order = lnEvidences.map((_, i) => i).sort((a, b) => lnEvidences[b]! - lnEvidences[a]!);
  let selected = 0;
  order.forEach((index, rank) => { if (lnEvidences[index]! >= Math.log(order.length / ((rank + 1) * alpha))) selected = rank + 1; });
  return new Set(order.slice(0, selected));
}
