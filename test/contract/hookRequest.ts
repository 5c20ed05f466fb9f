// What the tests of hooks share: the call of a hook, and its request.
import type { Hook } from '../../src/model/hook.ts';
import type { HookRequest } from '../../src/model/ports.ts';
import type { HookOutcome } from '../../src/model/runs/runEvents.ts';

export const common = {
  timeoutMs: 60_000,
  retry: { attempts: 1, delayMs: 0, factor: 1, maxDelayMs: 0 },
  nodes: 'together',
} as const;
const variables = {
  BACKSTOP_VERSION: '1.2 "rc"',
  BACKSTOP_NODES: 'prod-1,prod-2',
  BACKSTOP_RUN: 'run-1',
  SECRET_FLAG: 'x',
};

export function requestOf(hook: Hook, output: string[], more: Partial<HookRequest> = {}): HookRequest {
  const call = {
    key: 'prod/1/deploy/go/prod-1#1',
    hook: hook.name,
    purpose: 'deploy',
    stage: 'prod',
    environment: 'production',
    nodes: ['prod-1'],
    phase: 1,
    attempt: 1,
    release: 'r',
    version: '1.2',
    configurationDigest: 'd',
  } as const;
  return {
    runId: 'run-1',
    hook,
    call,
    variables,
    connections: {},
    reattach: false,
    mayAct: () => true,
    onOutput: (_, text) => output.push(text),
    ...more,
  };
}

export function kindOf(outcome: HookOutcome): string {
  return outcome.kind === 'failed' ? outcome.failure.kind : outcome.kind;
}
