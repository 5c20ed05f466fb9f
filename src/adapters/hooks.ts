// Runs the user's own hooks: commands here, HTTP calls and Jenkins jobs by the adapters that know them.
import { fail } from '../model/failure.ts';
import type { HookRequest, Hooks } from '../model/ports.ts';
import type { HookOutcome } from '../model/runEvents.ts';
import { runCommandHook, type CommandHookContext } from './commandHook.ts';

export type RunHook = (request: HookRequest, signal: AbortSignal) => Promise<HookOutcome>;

export interface HooksContext extends CommandHookContext {
  readonly runHttp: RunHook;
  readonly runJenkins: RunHook;
}

export function createHooks(context: HooksContext): Hooks {
  return {
    async run(request, signal) {
      try {
        return await runHook(context, request, signal);
      } catch (error) {
        // A full disk or missing rights where the hooks' files lie.
        const failure = fail('store', `Hook "${request.hook.name}" could not be followed in ${context.home}.`, {
          cause: context.redact(String(error)),
          hint: 'Check that the folder is writable and the disk has space.',
        });
        return { kind: 'failed', durationMs: 0, failure: failure.failure };
      }
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
    case 'jenkins':
      return context.runJenkins(request, signal);
    default:
      return hook satisfies never;
  }
}
