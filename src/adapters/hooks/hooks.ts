// Runs the user's hooks: commands on this machine, and HTTP calls and jobs through functions that are passed in.
import { fail } from '../../model/failure.ts';
import type { HookRequest, Hooks } from '../../model/ports.ts';
import type { HookOutcome } from '../../model/runs/runEvents.ts';
import type { Http, RunHook } from '../../model/outside.ts';
import { isCommandHookUnderWay, runCommandHook, type CommandHookContext } from './commandHook.ts';

export interface HooksContext extends CommandHookContext {
  readonly runHttp: RunHook;
  readonly runJob: RunHook;
}

/**
 * The state of a hook that runs elsewhere is unknown. Without a time-out of its own, it counts as running for this
 * long.
 */
const DEFAULT_TIMEOUT_MS = 10 * 60_000;

export function createHooks(context: HooksContext): Hooks {
  return {
    isUnderWay(hook) {
      if (hook.kind === 'command') return isCommandHookUnderWay(context, hook);
      const ageMs = Math.abs(context.clock.now() - hook.intendedAtMs);
      return ageMs < (hook.timeoutMs || DEFAULT_TIMEOUT_MS);
    },
    async run(request, signal) {
      try {
        return await runHook(context, request, signal);
      } catch (error) {
        // The disk is full, or the folder of the hook is not writable.
        const failure = fail('store', `Hook "${request.hook.name}" could not be followed in ${context.home}.`, {
          cause: context.redact(String(error)),
          hint: 'Check that the folder is writable and the disk has space.',
        });
        return { kind: 'failed', durationMs: 0, failure: failure.failure };
      }
    },
  };
}

/**
 * Sends requests that change something (a start, a stop) only while this run owns the environment. Reading is always
 * allowed.
 */
export function whileOwner(http: Http, mayAct: HookRequest['mayAct']): Http {
  return {
    request(request) {
      if (request.method === 'GET' || mayAct()) return http.request(request);
      const message = 'Nothing was asked of it: another run has taken over the environment.';
      return Promise.resolve({ ok: false, sent: false, failure: { kind: 'overtaken', message } });
    },
  };
}

function runHook(context: HooksContext, request: HookRequest, signal: AbortSignal): Promise<HookOutcome> {
  const { hook } = request;
  switch (hook.kind) {
    case 'command':
      return runCommandHook(context, request, hook, signal);
    case 'http':
      return context.runHttp(request, signal);
    case 'job':
      return context.runJob(request, signal);
    default:
      return hook satisfies never;
  }
}
