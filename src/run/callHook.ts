// Calls a hook on nodes. Each call is journalled before and after, retried with back-off, found again after a crash,
// and never started twice.
import type { Failure } from '../model/failure.ts';
import type { Release } from '../model/release.ts';
import { changesNodes, type HookCall, type HookOutcome, type HookPurpose } from '../model/runs/runEvents.ts';
import type { RunContext } from './context.ts';
import { inputsSoFar } from './stages/question.ts';
import type { Scope } from './stages/scope.ts';
import { findStandstill } from './unattended.ts';
import { hookVariables } from './variables.ts';

export interface HookTask {
  readonly hook: string;
  readonly purpose: HookPurpose;
  readonly stage: string;
  readonly environment: string;
  readonly nodes: readonly string[];
  /** Zero outside canary phases. */
  readonly phase: number;
  readonly release: Release;
  readonly previousVersion?: string;
  /** The share of the traffic for the new release, from 0 to 1. */
  readonly weight?: number;
  /** Distinguishes repetitions of the same task, such as a retry of the stage or the verification of a rollback. */
  readonly round?: string;
}

export interface HookResult {
  readonly succeededNodes: readonly string[];
  readonly failedNodes: readonly string[];
  /** The first failure of any call. */
  readonly failure?: Failure;
}

/**
 * The reason for cancelling a scope at the end of its phase: nothing failed, and the work in it is no longer needed.
 */
export const phaseOver: Failure = { kind: 'cancelled', message: 'Its phase is over.' };

/** Runs all calls in parallel. Cancelling the scope ends them. */
export async function callHook(context: RunContext, task: HookTask, scope: Scope): Promise<HookResult> {
  const hook = context.pipeline.hooks[task.hook]!;
  const materialised = context.materialise(task.release.configuration);
  if (!materialised.ok) return { succeededNodes: [], failedNodes: task.nodes, failure: materialised.failure };
  const listed = context.phases.hookCalls(hook, task.nodes);
  // A hook that sets a weight is called even if no node changes.
  const calls = listed.length === 0 && task.weight !== undefined ? [[]] : listed;
  const outcomes = await Promise.all(
    calls.map(async nodes => ({
      nodes,
      outcome: await callWithRetries(context, task, nodes, materialised.value, scope),
    })),
  );
  const failed = outcomes.filter(({ outcome }) => outcome.kind === 'failed');
  const first = failed[0]?.outcome;
  return {
    succeededNodes: outcomes.filter(({ outcome }) => outcome.kind === 'succeeded').flatMap(({ nodes }) => nodes),
    failedNodes: failed.flatMap(({ nodes }) => nodes),
    ...(first?.kind === 'failed' && { failure: first.failure }),
  };
}

async function callWithRetries(
  context: RunContext,
  task: HookTask,
  nodes: readonly string[],
  configurationFolder: string,
  scope: Scope,
): Promise<HookOutcome> {
  const { retry } = context.pipeline.hooks[task.hook]!;
  for (let attempt = 1; ; attempt++) {
    const call = describeCall(task, nodes, attempt);
    const outcome = await callOnce(context, task, call, configurationFolder, scope);
    const retryable =
      outcome.kind === 'failed' && !['cancelled', 'unattended', 'invalid'].includes(outcome.failure.kind);
    // A hook that was stopped with its phase is not retried: the evidence from the time before counts.
    if (!retryable || task.purpose === 'during' || attempt >= retry.attempts || scope.signal.aborted) return outcome;
    const afterMs = context.phases.retryDelayMs(retry, attempt);
    context.journal.recordOnce({ type: 'retry-scheduled', key: call.key, afterMs }, event => event.key === call.key);
    await context.ports.clock.sleep(afterMs, scope.signal);
    if (scope.signal.aborted) return outcome;
  }
}

async function callOnce(
  context: RunContext,
  task: HookTask,
  call: HookCall,
  configurationFolder: string,
  scope: Scope,
): Promise<HookOutcome> {
  const { journal, ports } = context;
  const before = journal.find('hook-finished', event => event.key === call.key);
  if (before) return before.outcome;
  const reattach = journal.find('hook-intended', event => event.call.key === call.key) !== undefined;
  // A cancelled run also follows the hook that an earlier process started, because it has to end that hook.
  const changes = changesNodes(call) && call.purpose !== 'rollback';
  const refused = reattach ? undefined : (scope.cancelled() ?? (changes ? findStandstill(context) : undefined));
  if (refused) return { kind: 'failed', durationMs: 0, failure: refused };
  const hook = context.pipeline.hooks[task.hook]!;
  const fence = context.fences.of(call.environment)?.generation;
  if (!reattach)
    journal.record({
      type: 'hook-intended',
      call,
      kind: hook.kind,
      timeoutMs: hook.timeoutMs,
      ...(fence !== undefined && { fence }),
    });
  await context.kept();
  const answered = await ports.hooks.run(
    {
      runId: context.runId,
      hook,
      call,
      connections: context.pipeline.connections,
      reattach,
      mayAct: () => !context.ended.aborted && context.fences.mayAct(call.environment),
      variables: hookVariables(
        { ...context, inputs: inputsSoFar(context), fence },
        call,
        task.release,
        configurationFolder,
      ),
      onOutput: (stream, text) => context.onOutput(call.key, stream, text),
    },
    scope.signal,
  );
  context.fences.require(call.environment);
  // The scope has the actual reason why the hook was ended: a person or a time-out.
  const why = answered.kind === 'failed' && answered.failure.kind === 'cancelled' ? scope.cancelled() : undefined;
  const outcome: HookOutcome =
    why && answered.kind === 'failed'
      ? why === phaseOver
        ? { kind: 'succeeded', durationMs: answered.durationMs, detail: 'stopped with its phase' }
        : { ...answered, failure: why }
      : answered;
  journal.record({ type: 'hook-finished', key: call.key, outcome });
  return outcome;
}

function describeCall(task: HookTask, nodes: readonly string[], attempt: number): HookCall {
  const { hook, purpose, stage, environment, phase, release, previousVersion, weight, round } = task;
  return {
    key: [stage, ...(round ? [round] : []), phase, purpose, hook, `${nodes.join('+')}#${attempt}`].join('/'),
    hook,
    purpose,
    stage,
    environment,
    nodes,
    phase,
    attempt,
    release: release.id,
    version: release.artifact.version,
    configurationDigest: release.configuration.digest,
    ...(previousVersion !== undefined && { previousVersion }),
    ...(weight !== undefined && { weight: Number((100 * weight).toFixed(4)) }),
  };
}
