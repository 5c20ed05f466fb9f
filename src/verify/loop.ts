// The verification loop: reads every health source, evaluates, and repeats until it is stopped.
import { succeed, type Result } from '../model/failure.ts';
import type { Look } from '../model/evidence/analysis.ts';
import type { Clock, Ports } from '../model/ports.ts';
import type { Feedback } from '../model/evidence/feedback.ts';
import type { Check, Reason, VerificationReport } from '../model/evidence/verdict.ts';
import type { FinishedVerification, RunningVerification, VerificationTask } from '../model/evidence/verification.ts';
import { createReader, type SourceReader } from './reading/reader.ts';

/**
 * The minimum time that an evaluation waits for a slow source; it waits two intervals if that is longer. What has not
 * arrived by then counts as unread.
 */
const leastPatienceMs = 2_000;
/**
 * The longest wait for late evidence, so that a source that has fallen silent for good does not keep the verification
 * running.
 */
const longestWaitMs = 600_000;

export async function startVerification(
  task: VerificationTask,
  ports: Pick<Ports, 'clock' | 'analysis' | 'healthSources'>,
  signal: AbortSignal,
): Promise<Result<RunningVerification>> {
  const { settings } = task;
  const { clock } = ports;
  // The time of day without later adjustments, so that setting the clock changes the length of no window.
  const aheadMs = clock.now() - clock.monotonicMs();
  const now = (): number => clock.monotonicMs() + aheadMs;
  const opened = await ports.analysis.open(settings);
  if (!opened.ok) return opened;
  const session = opened.value;
  const readers = task.sources.map(one => createReader(task, one, session, ports.healthSources));
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  const patienceMs = Math.max(leastPatienceMs, 2 * settings.intervalMs);
  let stoppedAtMs: number | undefined,
    bell = new AbortController();
  let heeded: readonly Feedback[] | undefined;
  let over = false;
  let unread: Look['unread'] = {};
  let latest: VerificationReport = {
    outcome: 'inconclusive',
    checks: [],
    startedAtMs: settings.canarySinceMs,
    lookedAtMs: now(),
    looks: 0,
  };

  const readAll = (atMs: number): Promise<unknown> =>
    Promise.all(readers.map(reader => reader.read(atMs, reader.isMeasurement ? until : signal, stoppedAtMs)));

  async function look(): Promise<void> {
    const atMs = now();
    await waitAtMost(patienceMs, readAll(atMs), clock);
    await heedFeedback();
    const windowOver = windowIsOver(task, atMs, latest);
    const hasFailed = stoppedAtMs !== undefined && latest.outcome === 'fail';
    const evidence = unreadEvidence(readers);
    // Rolled-back nodes may no longer report. What was read before the decision still counts.
    unread = hasFailed ? pick(evidence.unread, Object.keys(unread)) : evidence.unread;
    const answer = await session.look({
      atMs,
      ...(stoppedAtMs !== undefined && { untilMs: stoppedAtMs }),
      ...evidence,
      unread,
      final: windowOver,
    });
    latest = answer.ok
      ? { ...answer.value.report, looks: latest.looks + 1 }
      : { ...latest, outcome: 'inconclusive', lookedAtMs: atMs, failure: answer.failure };
    over ||= windowOver && !mayYetDecide(latest, task);
    for (const reader of readers) expectLag(reader, latest);
    task.onLook({
      report: latest,
      ...(answer.ok && { pages: answer.value.pages }),
      queries: readers.flatMap(reader => reader.takeQueries()),
      over,
    });
  }

  async function heedFeedback(): Promise<void> {
    const entries = task.feedback();
    if (entries === heeded) return;
    const told = await session.setFeedback(entries);
    if (told.ok) heeded = entries;
  }

  async function lookAgain(): Promise<void> {
    while (!until.aborted) {
      const atMs = now();
      if (atMs >= settings.canarySinceMs) await look();
      // The history is read while the canary settles, so that the first evaluation does not have to wait for it.
      else await waitAtMost(settings.canarySinceMs - atMs, readAll(atMs), clock);
      await clock.sleep(
        Math.max(atMs + settings.intervalMs, settings.canarySinceMs) - now(),
        AbortSignal.any([until, bell.signal]),
      );
      bell = new AbortController();
    }
  }

  const looking = lookAgain();
  function stopLooking(): void {
    stoppedAtMs ??= now();
    stop.abort();
  }
  async function finish({ learn, keep }: Parameters<RunningVerification['finish']>[0]): Promise<FinishedVerification> {
    stop.abort();
    await looking;
    if (!signal.aborted) await look();
    const learned = learn ? await session.learn() : undefined;
    const kept = keep ? await session.keep() : undefined;
    session.close();
    return { report: latest, ...(learned && { learned }), ...(kept && { kept }) };
  }
  let finished: Promise<FinishedVerification> | undefined;
  return succeed({ lookNow: () => bell.abort(), stop: stopLooking, finish: options => (finished ??= finish(options)) });
}

/** True if the window has passed, and also the delay after which the sources' data is complete. */
function windowIsOver({ settings }: VerificationTask, atMs: number, latest: VerificationReport): boolean {
  return atMs >= settings.canarySinceMs + settings.durationMs + longestDelayMs(settings, latest);
}

/** True if only time is missing, and less than the verification may be extended by. */
function mayYetDecide(latest: VerificationReport, { settings }: VerificationTask): boolean {
  const { outcome, checks, lookedAtMs } = latest;
  if (outcome !== 'inconclusive' || settings.extendToMs === undefined) return false;
  const wanted = checks.filter(check => check.outcome === 'inconclusive').map(({ neededMs }) => neededMs ?? Infinity);
  return (
    wanted.length > 0 &&
    lookedAtMs + Math.max(...wanted) <= settings.canarySinceMs + settings.extendToMs + longestDelayMs(settings, latest)
  );
}

/** The configured delay or, if a source is late, the measured one. */
function longestDelayMs({ sources, baselineNodes }: VerificationTask['settings'], latest: VerificationReport): number {
  return Math.max(
    0,
    ...sources.flatMap(({ name, delayMs }) => [
      delayMs,
      ...checksOf(latest, name).map(({ reasons, timing }) =>
        timing && reasons.some(reason => isWorthWaiting(reason, baselineNodes))
          ? Math.min(longestWaitMs, timing.delayMs)
          : 0,
      ),
    ]),
  );
}

/**
 * If all nodes of a side are silent, the source as a whole may be late, so waiting may help. If only some are, their
 * data would have arrived with that of the others.
 */
function isWorthWaiting({ code, values }: Reason, baselineNodes: readonly string[]): boolean {
  return code === 'late' || (code === 'silent' && values['side'] === 'every' && baselineNodes.length > 0);
}

function expectLag(reader: SourceReader, latest: VerificationReport): void {
  const timings = checksOf(latest, reader.name).flatMap(({ timing }) => timing ?? []);
  reader.expectLag(
    Math.max(0, ...timings.map(({ lagMs }) => lagMs)),
    Math.max(0, ...timings.map(({ delayMs }) => delayMs)),
  );
}

function checksOf({ checks }: VerificationReport, source: string): readonly Check[] {
  return checks.filter(check => check.source === source);
}

function unreadEvidence(readers: readonly SourceReader[]): Omit<Look, 'atMs' | 'untilMs' | 'final'> {
  const named = <T>(value: (reader: SourceReader) => T | undefined) =>
    Object.fromEntries(
      readers.flatMap(reader => {
        const one = value(reader);
        return one === undefined ? [] : [[reader.name, one]];
      }),
    );
  return {
    unread: named(reader => reader.missing()),
    partial: named(reader => reader.partial()),
    clockAhead: named(reader => reader.clockAhead()),
    counted: named(reader => reader.counted()),
    sampled: named(reader => reader.sampled()),
  };
}

function pick<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}

/** Waits for the work, but no longer than `durationMs`. */
export async function waitAtMost(durationMs: number, work: Promise<unknown>, clock: Clock): Promise<void> {
  const enough = new AbortController();
  await Promise.race([work.finally(() => enough.abort()), clock.sleep(durationMs, enough.signal)]);
}
