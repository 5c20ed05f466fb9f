// Runs a hook as a Jenkins build: starts it or finds the one it started before, shows its console, and stops it when
// the run is cancelled.
import { fail, succeed } from '../../model/failure.ts';
import type { Failure, Result } from '../../model/failure.ts';
import type { HookRequest } from '../../model/ports.ts';
import { createRedactor } from '../../model/redact.ts';
import type { HookOutcome } from '../../model/runs/runEvents.ts';
import { createJenkins, stopForces } from './client.ts';
import type { JenkinsBuild, QueueItem } from './documents.ts';
import type { JenkinsDeps } from './requests.ts';
import type { JenkinsConnection, JenkinsHook } from './options.ts';
import { findLost, findOrStart, findStarted, givesUp, keyParameter } from './start.ts';
import type { Following, Started } from './start.ts';
import { createLineWriter } from '../transport/text/lineWriter.ts';
import type { LineWriter } from '../transport/text/lineWriter.ts';

const firstPollMs = 100;
const lastPollMs = 2_000;
/** While the console grows. */
const livelyPollMs = 500;
/**
 * For each order to end a build, after the run itself was cancelled; a build that has not ended then is told with more
 * force.
 */
const stopWithinMs = 10_000;
const stopPollMs = 500;
const damagedConsoles = 3;
/** Nobody waits longer for a console: how the build ends counts more. */
const consoleWithinMs = 10_000;
/**
 * Nor, once the build has ended, for what its console still lacks while nothing of it comes: consoles that are kept
 * elsewhere come late, or never.
 */
const lateConsoleMs = 30_000;

/**
 * The build gets the hook's parameters and `BACKSTOP_RUN` = `<run>/<call>`. With `reattach`, in a repeated call, and
 * where Jenkins' answer to its start got lost, it is looked for by that parameter. A result that the hook expects
 * succeeds, every other one fails. Over `hook.timeoutMs`, or when the signal aborts, the build is stopped.
 */
export async function runJenkinsHook(
  deps: JenkinsDeps,
  request: HookRequest,
  signal: AbortSignal,
): Promise<HookOutcome> {
  const startedAtMs = deps.clock.now();
  const result = await runBuild(deps, request, signal, startedAtMs + request.hook.timeoutMs);
  const durationMs = deps.clock.now() - startedAtMs;
  return result.ok
    ? { kind: 'succeeded', durationMs, detail: result.value }
    : { kind: 'failed', durationMs, failure: result.failure };
}

async function runBuild(
  deps: JenkinsDeps,
  request: HookRequest,
  signal: AbortSignal,
  deadlineMs: number,
): Promise<Result<string>> {
  const hook = request.hook as JenkinsHook;
  const connection = request.connections[hook.connection] as JenkinsConnection | undefined;
  if (connection?.vendor !== hook.vendor)
    return fail('invalid', `Hook "${hook.name}" names the connection "${hook.connection}", which is no Jenkins.`);
  const credential = deps.credentials.get(connection.credential, connection.url);
  if (!credential.ok) return credential;
  const following: Following = {
    jenkins: createJenkins(deps),
    deps,
    job: { connection, job: hook.job, deadlineMs },
    key: `${request.runId}/${request.call.key}`,
    signal,
  };
  if (signal.aborted)
    return request.reattach
      ? endEarlier(following)
      : fail('cancelled', `Jenkins job "${hook.job}" was not started: it was cancelled.`);
  const started = await findOrStart(following, hook, request);
  if (!started.ok) return signal.aborted && started.lost ? endEarlier(following) : started;
  const found = { ...following, key: started.value.key };
  const number =
    'build' in started.value ? succeed(started.value.build) : await awaitBuildNumber(found, started.value.item);
  if (!number.ok) return sayThatItGoesOn(number);
  const output = createLineWriter(createRedactor([credential.value]), text => request.onOutput('out', text));
  const ended = await followBuild(found, number.value, output);
  output.end();
  return ended.ok ? judge(hook, ended.value) : sayThatItGoesOn(ended);
}

/** How a build ended, or that it was told to end, is known; any other failure leaves it alone. */
function sayThatItGoesOn<T>(result: { readonly ok: false; readonly failure: Failure }): Result<T> {
  const { failure } = result;
  if (failure.kind === 'hook-failed' || failure.kind === 'cancelled' || failure.kind === 'timeout') return result;
  return {
    ok: false,
    failure: { ...failure, hint: `${failure.hint ? `${failure.hint} ` : ''}The build was started and may still run.` },
  };
}

async function awaitBuildNumber(following: Following, item: number): Promise<Result<number>> {
  const { jenkins, job, signal } = following;
  let failures = 0;
  for (let waitMs = firstPollMs; ; waitMs = Math.min(lastPollMs, waitMs * 1.5)) {
    const found = await jenkins.queueItem(job, item, signal);
    const known = found.ok && !found.value ? await fromBuilds(following, item) : found;
    failures = known.ok ? 0 : failures + 1;
    if (!known.ok && !signal.aborted && givesUp(known.failure, failures)) return known;
    if (known.ok && known.value?.buildNumber !== undefined) return succeed(known.value.buildNumber);
    if (known.ok && known.value?.cancelled)
      return fail('hook-failed', `The build of "${job.job}" was cancelled while it waited in Jenkins' queue.`);
    const ended = await pause(following, waitMs);
    if (ended) return giveUp(following, ended, () => cancelItem(following, item));
  }
}

/** The item left the queue too long ago to be known: its build bears the key. */
async function fromBuilds(following: Following, item: number): Promise<Result<QueueItem>> {
  const found = await findStarted(following);
  if (!found.ok) return found;
  if (!found.value)
    return fail('not-found', `Jenkins knows nothing of queue item ${item} of "${following.job.job}" any more.`);
  return succeed({ cancelled: false, ...('build' in found.value && { buildNumber: found.value.build }) });
}

interface Console {
  /** What came since the last time. */
  showMore(): Promise<{ readonly grew: boolean; readonly more: boolean }>;
  /** Says it when the end of it could not be read, or did not come. */
  end(isWhole: boolean): void;
}

/**
 * The console is for people: a failure to read it does not fail the hook, whose end the build itself tells. A damaged
 * or huge one is given up.
 */
function followConsole({ jenkins, deps, job, signal }: Following, number: number, output: LineWriter): Console {
  let offset = 0,
    damaged = 0;
  let failed: Failure | undefined;
  return {
    async showMore() {
      if (damaged >= damagedConsoles) return { grew: false, more: false };
      const shown = await jenkins.console(
        { ...job, deadlineMs: Math.min(job.deadlineMs, deps.clock.now() + consoleWithinMs) },
        number,
        offset,
        signal,
      );
      failed = shown.ok ? undefined : shown.failure;
      if (!shown.ok) {
        if (shown.failure.kind === 'bad-answer') damaged += 1;
        return { grew: false, more: false };
      }
      const { bytes, nextOffset, more } = shown.value;
      const grew = nextOffset > offset;
      if (grew) {
        output.push(bytes);
        offset = nextOffset;
      }
      return { grew, more };
    },
    end(isWhole) {
      if (!isWhole) output.push(new TextEncoder().encode('(The rest of the console did not come.)\n'));
      if (failed)
        output.push(new TextEncoder().encode(`(The rest of the console could not be read: ${failed.message})\n`));
    },
  };
}

async function followBuild(following: Following, number: number, output: LineWriter): Promise<Result<JenkinsBuild>> {
  const { jenkins, deps, job, key, signal } = following;
  const log = followConsole(following, number, output);
  let failures = 0,
    quietSinceMs = Infinity;
  for (let waitMs = firstPollMs; ; waitMs = Math.min(lastPollMs, waitMs * 1.5)) {
    const build = await jenkins.build(job, number, signal);
    failures = build.ok ? 0 : failures + 1;
    if (!build.ok && !signal.aborted && givesUp(build.failure, failures)) return build;
    const mark = build.ok ? build.value.parameters.get(keyParameter) : undefined;
    if (mark !== undefined && mark !== key)
      return fail(
        'hook-failed',
        `Jenkins folded this call into build ${number} of "${job.job}", which was started for ${mark.slice(0, 100)}.`,
      );
    const shown = await log.showMore();
    if (shown.grew) waitMs = Math.min(waitMs, livelyPollMs);
    if (build.ok && !build.value.building) {
      quietSinceMs = shown.grew ? deps.clock.now() : Math.min(quietSinceMs, deps.clock.now());
      const isLost = deps.clock.now() - quietSinceMs >= lateConsoleMs;
      if (!shown.more || isLost) {
        log.end(!shown.more);
        return build;
      }
    }
    const ended = await pause(following, waitMs);
    if (ended) return giveUp(following, ended, () => endBuild(following, number));
  }
}

/** Waits; tells when there is no more waiting. */
async function pause({ deps, job, signal }: Following, waitMs: number): Promise<'cancelled' | 'timeout' | undefined> {
  await deps.clock.sleep(Math.max(0, Math.min(waitMs, job.deadlineMs - deps.clock.now())), signal);
  return signal.aborted ? 'cancelled' : deps.clock.now() >= job.deadlineMs ? 'timeout' : undefined;
}

async function giveUp(
  { job }: Following,
  why: 'cancelled' | 'timeout',
  end: () => Promise<Result<void>>,
): Promise<{ ok: false; failure: Failure }> {
  const ended = await end();
  const message =
    why === 'cancelled'
      ? `Jenkins job "${job.job}" was cancelled.`
      : `Jenkins job "${job.job}" did not end in time and was told to stop.`;
  return fail(
    why,
    message,
    ended.ok ? {} : { cause: ended.failure.message, hint: 'Look in Jenkins whether it still runs.' },
  );
}

/**
 * The run was cancelled while no process followed it, or before Jenkins had answered: what it started is looked for, to
 * be told to end.
 */
async function endEarlier(following: Following): Promise<Result<string>> {
  const { deps, job } = following;
  const found = await findLost({
    ...following,
    job: { ...job, deadlineMs: deps.clock.now() + stopWithinMs },
    signal: new AbortController().signal,
  });
  if (!found.ok) return giveUp(following, 'cancelled', () => Promise.resolve(found));
  const started: Started | undefined = found.value;
  return giveUp(following, 'cancelled', () =>
    !started
      ? Promise.resolve(succeed(undefined))
      : 'build' in started
        ? endBuild(following, started.build)
        : cancelItem(following, started.item),
  );
}

/** An item may have become a build in the meantime. */
async function cancelItem(following: Following, item: number): Promise<Result<void>> {
  const { jenkins, deps, job } = following;
  const { signal } = new AbortController(),
    ending = { ...job, deadlineMs: deps.clock.now() + stopWithinMs };
  const cancelled = await jenkins.cancelItem(ending, item, signal);
  const left = await jenkins.queueItem(ending, item, signal);
  if (left.ok && left.value?.buildNumber !== undefined) return endBuild(following, left.value.buildNumber);
  if (left.ok && left.value?.cancelled === false)
    return fail('hook-failed', `Queue item ${item} still waits although Jenkins was told to cancel it.`);
  return cancelled.ok
    ? cancelled
    : fail(
        cancelled.failure.kind,
        `Jenkins could not be told to take queue item ${item} out of its queue: ${cancelled.failure.message}`,
      );
}

/** Tells the build to end, with more force each time, until Jenkins says that it has ended. */
async function endBuild({ jenkins, deps, job }: Following, number: number): Promise<Result<void>> {
  const { signal } = new AbortController();
  const before = await jenkins.build({ ...job, deadlineMs: deps.clock.now() + stopWithinMs }, number, signal);
  if (before.ok && !before.value.building) return succeed(undefined);
  let refused: Failure | undefined;
  for (const force of stopForces) {
    const ending = { ...job, deadlineMs: deps.clock.now() + stopWithinMs };
    const told = await jenkins.stop(ending, number, force, signal);
    // A build that is no Pipeline knows no more force than the first.
    if (!told.ok && force !== 'stop' && told.failure.kind === 'not-found') break;
    if (!told.ok) refused = told.failure;
    for (let seen = await jenkins.build(ending, number, signal); ; seen = await jenkins.build(ending, number, signal)) {
      if (seen.ok && !seen.value.building) return succeed(undefined);
      if (deps.clock.now() + stopPollMs >= ending.deadlineMs || !told.ok) break;
      await deps.clock.sleep(stopPollMs);
    }
  }
  return fail(
    'hook-failed',
    refused
      ? `Jenkins could not be told to stop build ${number}: ${refused.message}`
      : `Build ${number} continues although Jenkins was told to stop it.`,
  );
}

function judge(hook: JenkinsHook, build: JenkinsBuild): Result<string> {
  if (build.result !== null && hook.options.expectResult.includes(build.result))
    return succeed(`build ${build.number} ${build.result}`);
  return fail(
    'hook-failed',
    `Hook "${hook.name}": Jenkins build ${build.number} ended as ${build.result ?? 'unknown'}.`,
    build.url ? { hint: `See ${build.url}` } : {},
  );
}
