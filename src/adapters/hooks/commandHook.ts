// Follows a command hook from its start, or from its current state, to its end. The hook runs under its own supervisor
// and outlives this process.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Clock, HookRequest } from '../../model/ports.ts';
import type { OpenHook } from '../../model/history.ts';
import type { HookOutcome } from '../../model/runs/runEvents.ts';
import {
  claimUnstarted,
  createHookFolder,
  forgetStop,
  readHookState,
  writeHookFile,
  type HookState,
  type HookStop,
} from './commandHookFolder.ts';
import { prepareInvocation, type CommandHook, type InvocationContext } from './commandHookInvocation.ts';
import { describeExit, describeLoss, describeStop, describeTakeover, type EndedHook } from './commandHookOutcome.ts';
import { followOutput, type HookOutput } from './commandHookOutput.ts';
import { setAlarm, type Alarm } from './folderAlarm.ts';
import { hookFolder } from '../store/home.ts';
import { startSupervisor, type Launch, type SupervisorContext } from './startSupervisor.ts';
import { turnToStart } from './startTurns.ts';
import { isAlive, isGroupOfChildAlive, thisProcess } from '../process.ts';
import { isGroupAlive, stopGroup } from '../platform.ts';

export interface CommandHookContext extends InvocationContext, SupervisorContext {
  readonly home: string;
  readonly clock: Clock;
}

/** Poll interval for the files of the hook, in case the file system does not report changes. */
const POLL_MS = 250;

/**
 * A supervisor that has not claimed its hook after this time counts as dead, and another one is started. One process
 * starts at most `MOST_STARTS`.
 */
const START_MS = 10_000;
const MOST_STARTS = 2;

/** The time between asking a hook to end and killing it. */
const GRACE_MS = 5_000;

/** The time that a supervisor gets to record the end of a killed hook. */
const LAST_WORD_MS = 5_000;

/** Starts the hook unless any process has already started this call of this run. In both cases, waits for its end. */
export async function runCommandHook(
  context: CommandHookContext,
  request: HookRequest,
  hook: CommandHook,
  signal: AbortSignal,
): Promise<HookOutcome> {
  const folder = hookFolder(context.home, request.runId, request.call.key);
  const prepared = prepareInvocation(hook, request.variables, context);
  if (!existsSync(folder)) {
    if (!request.mayAct()) return describeTakeover(request);
    if (signal.aborted) return describeStop(request, { reason: 'cancelled', atMs: context.clock.now() }, 0);
    if (!prepared.ok) return { kind: 'failed', durationMs: 0, failure: prepared.failure };
  }
  const isNew = createHookFolder(folder);
  const call: RunningCall = {
    context,
    request,
    hook,
    folder,
    signal,
    alarm: setAlarm(folder, context.clock, signal),
    output: followOutput(folder, context.redact, request.onOutput),
  };
  try {
    return await followHook(call, isNew, () =>
      prepared.ok ? startSupervisor(context, folder, prepared.value, call.alarm.ring) : undefined,
    );
  } finally {
    call.alarm.close();
    await call.output.close();
  }
}

/**
 * True if processes of the hook may still be running. If no supervisor has claimed the hook yet, this claims it, so
 * that it never runs.
 */
export function isCommandHookUnderWay(
  { home, clock }: Pick<CommandHookContext, 'home' | 'clock'>,
  { runId, call }: OpenHook,
): boolean {
  const folder = hookFolder(home, runId, call.key);
  createHookFolder(folder);
  if (
    claimUnstarted(folder, thisProcess(), clock.now(), { end: 'was never started: another run took its environment.' })
  )
    return false;
  const { exit, supervisor, child } = readHookState(folder);
  if (exit) return false;
  return (supervisor !== undefined && isAlive(supervisor)) || (child !== undefined && isGroupOfChildAlive(child));
}

interface RunningCall {
  readonly context: CommandHookContext;
  readonly request: HookRequest;
  readonly hook: CommandHook;
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly alarm: Alarm;
  readonly output: HookOutput;
}

/** `start` returns undefined if the pipeline has changed so that the hook can no longer be started. */
async function followHook(call: RunningCall, isNew: boolean, start: () => Launch | undefined): Promise<HookOutcome> {
  const { clock } = call.context;
  const { mayAct } = call.request;
  if (isNew) await turnToStart();
  if (isNew && !mayAct()) return describeTakeover(call.request);
  let launch = isNew ? start() : undefined;
  let starts = isNew ? 1 : 0,
    startBeforeMs = clock.monotonicMs() + START_MS;
  for (;;) {
    // Must be read before the files: a supervisor that has claimed the hook and ended since has left its claim there.
    const hasEnded = launch?.hasEnded() ?? false;
    const state = readHookState(call.folder);
    await call.output.read();
    if (state.exit) return endHook(call, state);
    const isLate = clock.monotonicMs() >= startBeforeMs;
    if (isLate || call.signal.aborted || state.stopped || isOverdue(call, state)) {
      // From here on the hook is changed, which is only allowed while this run owns the environment.
      if (!mayAct()) return describeTakeover(call.request);
    }
    if (state.supervisor ? !isAlive(state.supervisor) : state.isClaimed && isLate) return loseHook(call, state);
    const stop = reasonToStop(call, state);
    if (stop) return stopHook(call, stop, state.stopped === undefined);
    if (!state.isClaimed && (hasEnded || isLate)) {
      const next = starts++ < MOST_STARTS ? start() : undefined;
      if (next) {
        launch = next;
        startBeforeMs = clock.monotonicMs() + START_MS;
      } else {
        // Claims the hook, so that a supervisor that is merely slow does not run it later.
        const why = launch
          ? { end: 'could not be started: its supervisor failed.', cause: launch.errors() }
          : { end: 'was never started by the process that meant to, and cannot be started now.' };
        claimUnstarted(call.folder, thisProcess(), clock.now(), why);
      }
    }
    await call.alarm.sleep(POLL_MS);
  }
}

/** A stop that an earlier process began is completed. */
function reasonToStop(call: RunningCall, state: HookState): HookStop | undefined {
  const { signal, context } = call;
  const { stopped } = state;
  const atMs = context.clock.now();
  if (stopped) return stopped;
  if (signal.aborted) return { reason: 'cancelled', atMs };
  return isOverdue(call, state) ? { reason: 'timeout', atMs } : undefined;
}

/**
 * Measured with the monotonic clock, which stops while the machine and the hook sleep. The supervisor uses the same
 * clock.
 */
function isOverdue({ hook, context: { clock } }: RunningCall, { supervisor }: HookState): boolean {
  if (!supervisor || hook.timeoutMs === 0) return false;
  const { startedAtMs, startedMonotonicMs } = supervisor;
  const ranMs = startedMonotonicMs === undefined ? clock.now() - startedAtMs : clock.monotonicMs() - startedMonotonicMs;
  return ranMs >= hook.timeoutMs;
}

async function stopHook(call: RunningCall, stop: HookStop, isFirst: boolean): Promise<HookOutcome> {
  const { folder, request } = call;
  writeHookFile(folder, 'stopped.json', stop);
  if (claimUnstarted(folder, thisProcess(), stop.atMs)) return describeStop(request, stop, 0);
  const started = await waitForState(call, state => state.child !== undefined || state.exit !== undefined, START_MS);
  if (started.exit && isFirst) {
    // The hook ended before any signal was sent, so this is its own outcome.
    forgetStop(folder);
    return endHook(call, { exit: started.exit });
  }
  if (started.child && !started.exit) await endGroup(call, started.child.pid);
  const ended = await waitForState(call, state => state.exit !== undefined, LAST_WORD_MS);
  return ended.exit ? endHook(call, ended) : loseHook(call, ended);
}

/** Asks all processes of the hook to end, and kills those that are left after `GRACE_MS`. */
async function endGroup(call: RunningCall, leader: number): Promise<void> {
  stopGroup(leader, 'SIGTERM');
  await waitForState(call, () => !isGroupAlive(leader), GRACE_MS);
  if (call.request.mayAct()) stopGroup(leader, 'SIGKILL');
}

async function waitForState(
  call: RunningCall,
  isReached: (state: HookState) => boolean,
  forMs: number,
): Promise<HookState> {
  const untilMs = call.context.clock.monotonicMs() + forMs;
  for (;;) {
    const state = readHookState(call.folder);
    if (isReached(state) || call.context.clock.monotonicMs() >= untilMs) return state;
    await call.output.read();
    await call.alarm.sleep(POLL_MS);
  }
}

async function endHook(
  call: RunningCall,
  { exit, stopped }: Pick<HookState, 'exit' | 'stopped'>,
): Promise<HookOutcome> {
  await call.output.read();
  await call.output.finish();
  const durationMs = Math.max(0, exit!.endedAtMs - exit!.startedAtMs);
  if (stopped) return describeStop(call.request, stopped, durationMs);
  return describeExit(endedHook(call, durationMs), exit!);
}

/**
 * The supervisor is gone without having recorded an end. The outcome of the hook is unknown, so it counts as failed; it
 * is never started again automatically.
 */
async function loseHook(call: RunningCall, before: HookState): Promise<HookOutcome> {
  // The supervisor may have recorded the end between the last two reads.
  const state = readHookState(call.folder);
  if (state.exit) return endHook(call, state);
  const isLeft = state.child !== undefined && isGroupOfChildAlive(state.child);
  if (isLeft && !call.request.mayAct()) return describeTakeover(call.request);
  if (isLeft) await endGroup(call, state.child.pid);
  await call.output.read();
  await call.output.finish();
  const durationMs = Math.max(
    0,
    call.context.clock.now() - (before.supervisor?.startedAtMs ?? call.context.clock.now()),
  );
  if (state.stopped) return describeStop(call.request, state.stopped, durationMs);
  return describeLoss(endedHook(call, durationMs), isLeft);
}

function endedHook({ request, folder, hook, output, context }: RunningCall, durationMs: number): EndedHook {
  return {
    request,
    hook,
    folder,
    durationMs,
    lastLines: output.lastLines,
    redact: context.redact,
    directory: resolve(context.folder, hook.directory),
    path: context.env['PATH'] ?? '',
  };
}
