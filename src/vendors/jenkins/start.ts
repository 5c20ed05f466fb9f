// Starts a hook's build once: finds the one that an earlier process or an earlier try started, and the one whose start
// was answered by nobody.
import { fail, succeed } from '../../model/failure.ts';
import type { Failure, Result } from '../../model/failure.ts';
import type { HookRequest } from '../../model/ports.ts';
import type { HookCall } from '../../model/runs/runEvents.ts';
import { fillPlaceholders } from '../../model/runs/placeholders.ts';
import type { Jenkins } from './client.ts';
import type { JenkinsBuild } from './documents.ts';
import type { JenkinsDeps, JenkinsJob } from './requests.ts';
import type { JenkinsHook } from './options.ts';

/** Marks a build as the one of this call: Jenkins folds equal waiting builds into one, and builds are found by it. */
export const keyParameter = 'BACKSTOP_RUN';

export interface Following {
  readonly jenkins: Jenkins;
  readonly deps: JenkinsDeps;
  readonly job: JenkinsJob;
  /** What the build bears. */
  readonly key: string;
  readonly signal: AbortSignal;
}

export type Started = { readonly key: string } & ({ readonly item: number } | { readonly build: number });
/** `lost`: Jenkins may have started it, and it can be looked for. */
type Start =
  | { readonly ok: true; readonly value: Started }
  | { readonly ok: false; readonly failure: Failure; readonly lost?: boolean };

/** Builds looked through for one started earlier. */
const recentBuilds = 50;
/** Polls in a row that may fail, each with its own retries: Jenkins restarts while builds of its agents go on. */
const patience = 20;
/** And those that Jenkins may refuse, as a proxy or a plugin that starts does for a while. */
const refusals = 5;
/**
 * Before each look for a start without an answer. Jenkins queues a build before it answers: what is not there at the
 * last look was not taken.
 */
const lostLooksMs = [0, 1_000, 2_000, 4_000];
const failedLookMs = 1_000;

const unsureHint = 'It is not known whether the build was started, so it was not asked for again.';

/** After so many failures in a row there is no hope. */
export function givesUp({ kind }: Failure, failures: number): boolean {
  const mayPass = kind === 'unreachable' || kind === 'timeout' || kind === 'rate-limited' || kind === 'bad-answer';
  return failures >= (mayPass ? patience : refusals);
}

export async function findOrStart(following: Following, hook: JenkinsHook, request: HookRequest): Promise<Start> {
  const { jenkins, job, key, signal } = following;
  const declared = await jenkins.parameters(job, signal);
  if (!declared.ok) return refused(declared.failure);
  const canBeFound = declared.value.includes(keyParameter);
  const before = await findBefore(following, hook, request, canBeFound);
  if (!before.ok) return refused(before.failure);
  if (before.value) return succeed(before.value);
  const parameters: Record<string, string> = {};
  for (const [name, template] of Object.entries(hook.parameters)) {
    const filled = fillPlaceholders(
      template,
      request.variables,
      value => value,
      `Parameter ${name} of hook "${hook.name}"`,
    );
    if (!filled.ok) return filled;
    parameters[name] = filled.value;
  }
  const triggered = await jenkins.trigger(
    job,
    declared.value.length > 0 ? { ...parameters, [keyParameter]: key } : undefined,
    signal,
  );
  if (triggered.ok) return succeed({ key, item: triggered.value });
  if (!triggered.unsure) return refused(triggered.failure);
  if (!canBeFound)
    return withHint(
      triggered.failure,
      `${unsureHint} With a string parameter ${keyParameter} of the job it could be found.`,
    );
  return signal.aborted ? { ...triggered, lost: true } : lookAgain(following, triggered.failure);
}

/**
 * Jenkins, or a proxy before it, refused a request: nothing was started, and the hook's `retry` may ask again. What no
 * asking can mend is found before the first stage.
 */
function refused(failure: Failure): Start {
  return { ok: false, failure: failure.kind === 'invalid' ? { ...failure, kind: 'hook-failed' } : failure };
}

/** What an earlier process started for this call, or an earlier try of it that was lost sight of. */
async function findBefore(
  following: Following,
  hook: JenkinsHook,
  { call, runId, reattach }: HookRequest,
  canBeFound: boolean,
): Promise<Result<Started | undefined>> {
  if (reattach) {
    const found = await findStarted(following);
    if (!found.ok || found.value) return found;
    if (!canBeFound)
      return fail(
        'hook-failed',
        `Jenkins job "${hook.job}" may have been started before, but its builds cannot be told apart.`,
        { hint: `Give the job a string parameter ${keyParameter}.` },
      );
  }
  for (const key of canBeFound ? earlierTries(call) : []) {
    // One that ended badly, or was told to end, is what this try is for.
    const found = await findStarted(
      { ...following, key: `${runId}/${key}` },
      build => build.building || (build.result !== null && hook.options.expectResult.includes(build.result)),
    );
    if (!found.ok || found.value) return found;
  }
  return succeed(undefined);
}

/** Their keys end in `#1`, `#2` and so on. */
function earlierTries({ key, attempt }: HookCall): readonly string[] {
  return Array.from({ length: attempt - 1 }, (_, index) => key.replace(/#\d+$/, `#${index + 1}`));
}

export async function findStarted(
  { jenkins, job, key, signal }: Following,
  counts: (build: JenkinsBuild) => boolean = () => true,
): Promise<Result<Started | undefined>> {
  // The queue is asked first: what leaves it in the meantime is found among the builds.
  const queued = await jenkins.findQueued(job, keyParameter, key, signal);
  if (!queued.ok) return queued;
  const builds = await jenkins.builds(job, recentBuilds, false, signal);
  if (!builds.ok) return builds;
  // The first: a later one is a person's repetition of it.
  const build = builds.value.findLast(one => one.parameters.get(keyParameter) === key && counts(one));
  return succeed(
    build ? { key, build: build.number } : queued.value === undefined ? undefined : { key, item: queued.value },
  );
}

/** Jenkins' answer to the start got lost. */
async function lookAgain(following: Following, failure: Failure): Promise<Start> {
  const found = await findLost(following);
  if (found.ok && found.value) return succeed(found.value);
  return found.ok
    ? withHint(failure, 'Jenkins has neither a build nor a queue item of this call.')
    : { ...withHint(failure, `${unsureHint} ${found.failure.message}`), lost: true };
}

/** Looks for the build for a while; undefined: Jenkins was asked often enough, and has none. */
export async function findLost(following: Following): Promise<Result<Started | undefined>> {
  const {
    deps: { clock },
    job: { job, deadlineMs },
    signal,
  } = following;
  let absent = 0,
    failures = 0;
  for (;;) {
    const waitMs = Math.max(lostLooksMs[absent]!, failures > 0 ? failedLookMs : 0);
    if (clock.now() + waitMs >= deadlineMs)
      return fail('timeout', `Jenkins job "${job}": there was no time to look for the build.`);
    await clock.sleep(waitMs, signal);
    if (signal.aborted) return fail('cancelled', `Jenkins job "${job}" was cancelled.`);
    const found = await findStarted(following);
    if (found.ok && found.value) return found;
    absent += found.ok ? 1 : 0;
    failures = found.ok ? 0 : failures + 1;
    if (!found.ok && givesUp(found.failure, failures)) return found;
    if (absent === lostLooksMs.length) return succeed(undefined);
  }
}

function withHint(failure: Failure, hint: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { ...failure, hint } };
}
