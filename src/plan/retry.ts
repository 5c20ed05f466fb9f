// When a failed call is tried again, and how often a hook is called for the nodes it serves.
import type { Hook, RetryPolicy } from '../model/hook.ts';

/**
 * Milliseconds to wait after attempt `attempt` (from 1) failed: delay x factor^(attempt-1), at most maxDelayMs. Without
 * chance, so that a run can be repeated.
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number): number {
  const delay = policy.delayMs * policy.factor ** (Math.max(1, attempt) - 1);
  return Math.round(Math.min(Number.isFinite(delay) ? delay : policy.maxDelayMs, policy.maxDelayMs));
}

/**
 * The node lists that a hook is called with: one for each node, or one for all. No nodes, no calls for `each`, one call
 * for `together`.
 */
export function hookCalls(hook: Hook, nodes: readonly string[]): readonly (readonly string[])[] {
  switch (hook.nodes) {
    case 'each':
      return nodes.map(node => [node]);
    case 'together':
      return [nodes];
    default:
      return hook.nodes satisfies never;
  }
}
