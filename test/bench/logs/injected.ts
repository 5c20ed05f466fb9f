// Thirty errors put into real logs of other products, once and five times: one is at least held, five fail.
import type { LogsCheck } from '../../../src/model/evidence/verdict.ts';
import type { BenchOptions, BenchResult } from '../bench.ts';
import { nameOf } from '../bench.ts';
import { linesOfError } from './errorLines.ts';
import { injectedErrors, type InjectedError } from './injectedErrors.ts';
import { compareSides, readRealLogs, type TwoSides } from './realLogs.ts';
import { createDraw } from './redraw.ts';

/** Logs that each error is put into, and the fewest lines of a side that is ordinary traffic. */
const hostsOfError = 4,
  fewestLines = 200;

interface Trial {
  readonly error: string;
  readonly host: string;
  readonly times: number;
  readonly check: LogsCheck;
  readonly isNamed: boolean;
  /** What is said of the same sides without the error. */
  readonly without: LogsCheck['outcome'];
}

export async function run(data: string | undefined, { seed }: BenchOptions): Promise<BenchResult> {
  const draw = createDraw(seed ?? 1),
    logs = readRealLogs(data).filter(({ canary }) => canary.length >= fewestLines);
  const healthy = new Map<string, LogsCheck['outcome']>();
  for (const log of logs) healthy.set(log.name, (await compareSides(log)).outcome);
  const trials: Trial[] = [];
  for (const error of injectedErrors)
    for (const host of drawSome(logs, hostsOfError, draw))
      for (const times of [1, 5]) trials.push(await attempt(error, host, times, healthy.get(host.name)!, draw));
  const once = trials.filter(({ times, without }) => times === 1 && without === 'pass'),
    often = trials.filter(({ times, without }) => times === 5 && without !== 'fail');
  for (const { error, host, times, check } of [...once.filter(isMissed), ...often.filter(isMissed)])
    process.stderr.write(`${error}, ${times === 1 ? 'once' : 'five times'} in ${host}: ${check.outcome}\n`);
  return {
    name: nameOf('injected', { seed }),
    figures: {
      foundOrHeldOnce: 1 - share(once, isMissed),
      failedFiveTimes: 1 - share(often, isMissed),
      namedOnce: share(once, ({ isNamed }) => isNamed),
      namedFiveTimes: share(often, ({ isNamed }) => isNamed),
      triedOnce: once.length,
      triedFiveTimes: often.length,
      errors: injectedErrors.length,
      logs: logs.length,
    },
    // Of thirty errors all but one, and all but two.
    targets: { foundOrHeldOnce: { op: '>=', value: 0.96 }, failedFiveTimes: { op: '>=', value: 0.92 } },
  };
}

function isMissed({ times, check: { outcome } }: Trial): boolean {
  return times === 1 ? outcome === 'pass' : outcome !== 'fail';
}

async function attempt(
  error: InjectedError,
  host: TwoSides,
  times: number,
  without: Trial['without'],
  draw: (below: number) => number,
): Promise<Trial> {
  const places = Array.from({ length: times }, () => 1 + draw(host.canary.length - 1)).sort(
    (one, other) => other - one,
  );
  const put = places.map(place => ({ place, lines: linesOfError(error, host.canary[place - 1]!, draw) }));
  const canary = put.reduce<readonly string[]>(
    (lines, one) => lines.toSpliced(one.place, 0, ...one.lines),
    host.canary,
  );
  const check = await compareSides({ baseline: host.baseline, canary });
  return {
    error: error.name,
    host: host.name,
    times,
    check,
    isNamed: isNamed(
      check,
      put.flatMap(({ lines }) => lines),
    ),
    without,
  };
}

/** An alarmed cluster shows one of these lines. */
function isNamed({ clusters }: LogsCheck, lines: readonly string[]): boolean {
  const told = new Set(lines.map(line => line.trim()).filter(line => line.length > 12));
  return clusters.some(
    ({ class: kind, samples }) =>
      kind !== 'known' && samples.canary.some(sample => sample.split('\n').some(line => told.has(line.trim()))),
  );
}

function drawSome<T>(all: readonly T[], count: number, draw: (below: number) => number): readonly T[] {
  const left = [...all];
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(draw(left.length), 1)[0]!);
}

function share(trials: readonly Trial[], holds: (one: Trial) => boolean): number {
  return trials.filter(holds).length / Math.max(1, trials.length);
}
