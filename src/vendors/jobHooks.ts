// Runs hooks that are jobs of another system: finds the vendor by the hook.
import { fail } from '../model/failure.ts';
import type { Outside } from '../model/outside.ts';
import type { HookRequest } from '../model/ports.ts';
import type { HookOutcome } from '../model/runs/runEvents.ts';
import { vendorPorts, type PortsByVendor } from './ports.ts';

/** `outside` is that of this one call: it may change something elsewhere only while its owner may act. */
export async function runJobHook(
  outside: Outside,
  request: HookRequest,
  signal: AbortSignal,
  ports: PortsByVendor = vendorPorts,
): Promise<HookOutcome> {
  const { hook } = request;
  const run = hook.kind === 'job' ? ports[hook.vendor]?.hook : undefined;
  if (run) return run(outside)(request, signal);
  const { failure } = fail('invalid', `Hook "${hook.name}" is no job of a system that Backstop speaks to.`);
  return { kind: 'failed', durationMs: 0, failure };
}
