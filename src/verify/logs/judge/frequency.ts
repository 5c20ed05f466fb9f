// Clusters that come more or less often than traffic explains, with the over-dispersion that bursts bring and a
// false-discovery control.
import { evidenceOfMoreThan, lnEvidenceOfMore, shareOf } from './betaMixture.ts';
import { pearson, sliceCounts, successive, type Fit, type Span } from './dispersion.ts';
import type { Timeline } from '../count/timeline.ts';
import type { LearnedCluster } from '../../../model/evidence/evidence.ts';

export interface FrequencyInput {
  readonly canary: number;
  readonly baseline: number;
  readonly course: Course;
  /** How many lines a request writes of it at once: the index of dispersion; 1 where lines bear no ids. */
  readonly perRequest: number;
  /** Lines per baseline node. */
  readonly baselineNodes: ReadonlyMap<string, number>;
  /** What it did in the last good deployment that had it. */
  readonly learned: Pick<LearnedCluster, 'rate' | 'nodeMinutes'> | undefined;
}
/** How the lines of both sides came over time. */
export interface Course {
  /** Lines of each side, in equal slices of the time in which it was seen. */
  readonly baseline: readonly number[];
  readonly canary: readonly number[];
  /** Lines of the canary without the highest peak: one burst is one event, however many lines it has. */
  readonly steady: number;
}
export interface FrequencyWindow {
  /** Canary traffic over baseline traffic, over both windows. */
  readonly trafficRatio: number;
  /** A rate up to so many times the expected one is nothing to speak of. */
  readonly tolerance: number;
  /** The baseline is an earlier time of the same nodes. */
  readonly isPast: boolean;
  /** The baseline is a run of before, which was chosen: only of what it did not have others tell how often it comes. */
  readonly isRun?: boolean;
  /** Canary nodes times minutes. */
  readonly nodeMinutes: number;
}
export interface FrequencyFinding {
  readonly direction: 'up' | 'down';
  readonly ratio: number;
  readonly lnEvidence: number;
  /** The most evidence that as many lines could give, however they fell. */
  readonly lnAttainable: number;
}

const slices = 24,
  priorFreedom = 4;

/** One finding per input, in order. */
export function findFrequencies(inputs: readonly FrequencyInput[], window: FrequencyWindow): FrequencyFinding[] {
  const nodes = [...new Set(inputs.flatMap(input => [...input.baselineNodes.keys()]))];
  const overTime = dispersions(
    inputs.map(input => input.course.baseline),
    inputs.map(input => successive(input.course.canary)),
  );
  const overNodes = dispersions(inputs.map(input => nodes.map(node => input.baselineNodes.get(node) ?? 0)));
  const bounds = boundsOf(window);
  return inputs.map((input, i) => judge(input, window, bounds, Math.max(overTime[i]!, overNodes[i]!)));
}

/** ln of the evidence that one side has more lines than the other, beyond what is tolerated. */
interface Bounds {
  readonly up: (canary: number, baseline: number) => number;
  readonly down: (baseline: number, canary: number) => number;
}

function boundsOf({ trafficRatio, tolerance, isPast }: FrequencyWindow): Bounds {
  // How much counts vary is known of slices of the past: the first moments count as one of them, lest a burst in the
  // first second look like a thousand times the rate.
  const upRatio = isPast ? Math.max(trafficRatio, 1 / slices) : trafficRatio;
  return {
    up: evidenceOfMoreThan(shareOf(upRatio, tolerance)),
    down: evidenceOfMoreThan(1 - shareOf(trafficRatio, 1 / tolerance)),
  };
}

/**
 * Dispersion of each row of counts, drawn towards that of all rows. `others`: what else tells of the dispersion of each
 * row.
 */
function dispersions(rows: readonly (readonly number[])[], others: readonly Fit[] = []): number[] {
  const totals = (rows[0] ?? []).map((_, column) => rows.reduce((sum, row) => sum + row[column]!, 0));
  const fits = rows.map((row, i) => sumOf(pearson(row, totals), others[i]));
  const pooled = pooledDispersion(fits);
  return fits.map(fit => shrink(fit, pooled));
}

function sumOf({ chi, freedom }: Fit, other: Fit = { chi: 0, freedom: 0 }): Fit {
  return { chi: chi + other.chi, freedom: freedom + other.freedom };
}

/** Every other cluster has less: what a cluster of which little is known is taken to have. */
function pooledDispersion(fits: readonly Fit[]): number {
  const values = fits
    .filter(fit => fit.freedom > 0)
    .map(fit => fit.chi / fit.freedom)
    .sort((a, b) => a - b);
  return values.length === 0 ? 1 : Math.max(1, values[Math.floor(values.length / 2)]!);
}

function shrink({ chi, freedom }: Fit, pooled: number): number {
  return Math.max(1, (chi + priorFreedom * pooled) / (freedom + priorFreedom));
}

/**
 * How much of the variation over time is a side's own, as this power of it: the other side lives through the same
 * moments. Of constructed cases (20 seeds, 2026-11-30), 0.951 of the clear changes are found with this power, and 0.039
 * of the healthy canaries are alarmed. Counting all of the variation finds 0.010 fewer and alarms 0.003 fewer.
 */
const ownVariation = 0.9;

/** What comes within so many milliseconds may be one burst; of a long window, within its hundred-and-twentieth part. */
const burstMs = 5_000,
  mostBursts = 120;

function slicesOf({ fromMs, toMs }: Span, most: number): number {
  return Math.max(1, Math.min(most, Math.floor((toMs - fromMs) / burstMs)));
}

export function courseOf(baseline: Timeline, span: Span, canary: Timeline, canarySpan: Span): Course {
  return {
    baseline: sliceCounts(baseline, span, slices),
    canary: sliceCounts(canary, canarySpan, slicesOf(canarySpan, slices)),
    steady: steadyCount(sliceCounts(canary, canarySpan, slicesOf(canarySpan, mostBursts))),
  };
}

function steadyCount(counts: readonly number[]): number {
  const [highest = 0, next = 0] = [...counts].sort((a, b) => b - a);
  return counts.reduce((sum, count) => sum + count, 0) - Math.max(0, highest - Math.max(1, next));
}

function judge(input: FrequencyInput, window: FrequencyWindow, bounds: Bounds, overSlices: number): FrequencyFinding {
  const { canary, baseline, course, learned } = input,
    { trafficRatio, tolerance, isPast, isRun = false, nodeMinutes } = window;
  const ratio = (canary + 0.5) / ((baseline + 0.5) * trafficRatio);
  const dispersion = Math.max(overSlices ** ownVariation, input.perRequest);
  const c = canary / dispersion,
    b = baseline / dispersion,
    steady = course.steady / dispersion;
  let up = bounds.up(steady, b),
    down = bounds.down(b, c);
  const lnAttainable = Math.max(bounds.up(c + b, 0), bounds.down(c + b, 0));
  // Where no concurrent line tells what is usual, the past and the last good deployment both do: only what neither
  // explains is a change.
  const usual = learned && (baseline === 0 || (isPast && !isRun)) ? usualLines(learned) : undefined;
  if (usual) {
    const before = usual.lines / (dispersion * deploymentsDiffer),
      now = steady / deploymentsDiffer,
      learnedRatio = Math.max(nodeMinutes, 1 / 60) / usual.nodeMinutes;
    up = Math.min(up, lnEvidenceOfMore(now, before, shareOf(learnedRatio, tolerance * deploymentsDiffer)));
    down = Math.min(
      down,
      lnEvidenceOfMore(before, now, 1 - shareOf(learnedRatio, 1 / (tolerance * deploymentsDiffer))),
    );
  }
  return { direction: up >= down ? 'up' : 'down', ratio, lnEvidence: Math.max(up, down), lnAttainable };
}

/** Traffic of another day may well be so many times today's, and varies so many times more. */
const deploymentsDiffer = 1.5;

/** What was stored before the time of observation was kept counts as a minute of one node. */
function usualLines({
  rate,
  nodeMinutes = rate > 0 ? 1 : 0,
}: Pick<LearnedCluster, 'rate' | 'nodeMinutes'>): { readonly lines: number; readonly nodeMinutes: number } | undefined {
  return nodeMinutes > 0 ? { lines: rate * nodeMinutes, nodeMinutes } : undefined;
}

/**
 * Indexes that e-BH (Wang & Ramdas 2022) selects at level alpha: valid whatever the dependence. Clusters that have too
 * few lines to be selected whatever they showed do not count as tests (Tarone 1990): how many lines there are says
 * nothing of their share.
 */
export function selectByFalseDiscovery(
  findings: readonly Pick<FrequencyFinding, 'lnEvidence' | 'lnAttainable'>[],
  alpha: number,
): Set<number> {
  const tests = findings.flatMap(({ lnAttainable }, i) => (lnAttainable >= -Math.log(alpha) ? [i] : []));
  tests.sort((a, b) => findings[b]!.lnEvidence - findings[a]!.lnEvidence);
  let selected = 0;
  tests.forEach((index, rank) => {
    if (findings[index]!.lnEvidence >= Math.log(tests.length / ((rank + 1) * alpha))) selected = rank + 1;
  });
  return new Set(tests.slice(0, selected));
}
