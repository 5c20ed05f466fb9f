// Command hooks with real processes, a clock that can be set forward, and waits that are bounded.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { environmentCredentials } from '../../../../src/vendors/transport/credentials.ts';
import { hookFolder } from '../../../../src/adapters/store/home.ts';
import { createHooks } from '../../../../src/adapters/hooks/hooks.ts';
import { systemClock } from '../../../../src/adapters/time.ts';
import type { Clock, HookRequest, Hooks } from '../../../../src/model/ports.ts';
import { createRedactor } from '../../../../src/model/redact.ts';
import type { Hook } from '../../../../src/model/hook.ts';
import type { HookOutcome } from '../../../../src/model/runs/runEvents.ts';
import { temporaryFolder } from '../store/historyFixture.ts';

export type CommandHook = Hook & { kind: 'command' };

export interface HooksFixture {
  readonly hooks: Hooks;
  readonly folder: string;
  readonly home: string;
  /** `forward`: time passes; `set`: nothing but the time of day changes. */
  readonly clock: Clock & { forward(durationMs: number): void; set(byMs: number): void };
}

export const SECRET = 'hunter2-hunter2';
/** The key of a vendor, which is known by its form alone. */
export const VENDOR_KEY = 'VENDOR-ABCDEFGHIJ';
const secretForms = [/\bVENDOR-[A-Z]{10}/g];

export function newHooks(context: TestContext, env: Record<string, string | undefined> = process.env): HooksFixture {
  const [folder, home] = [temporaryFolder(context), temporaryFolder(context)];
  return { ...connectHooks(folder, home, env), folder, home };
}

/** As another process would: the same folders, nothing else in common. */
export function connectHooks(
  folder: string,
  home: string,
  env: Record<string, string | undefined> = process.env,
  more: { supervisorPath?: string; execPath?: string } = {},
): Pick<HooksFixture, 'hooks' | 'clock'> {
  let aheadMs = 0,
    setByMs = 0;
  const clock = {
    ...systemClock,
    now: () => Date.now() + aheadMs + setByMs,
    monotonicMs: () => systemClock.monotonicMs() + aheadMs,
    forward: (durationMs: number) => {
      aheadMs += durationMs;
    },
    set: (byMs: number) => {
      setByMs += byMs;
    },
  };
  const neverAsked = (): never => assert.fail('not a command');
  return {
    clock,
    hooks: createHooks({
      folder,
      home,
      clock,
      env,
      supervisorPath: join(import.meta.dirname, '../../../../src/supervisor.ts'),
      execPath: process.execPath,
      credentials: environmentCredentials(env),
      redact: createRedactor([SECRET], secretForms),
      secrets: () => [SECRET],
      secretForms,
      runHttp: neverAsked,
      runJob: neverAsked,
      ...more,
    }),
  };
}

export function shellHook(script: string, more: Partial<CommandHook> = {}): CommandHook {
  return {
    kind: 'command',
    name: 'deploy',
    command: [script],
    shell: true,
    directory: '.',
    variables: {},
    timeoutMs: 60_000,
    retry: { attempts: 1, delayMs: 0, factor: 1, maxDelayMs: 0 },
    nodes: 'each',
    ...more,
  };
}

/**
 * Shell code that waits until the test makes the file `go` in its folder; it ends with the folder, should the test
 * fail.
 */
export const WAIT_FOR_GO = 'touch alive; while [ -e alive ] && [ ! -e go ]; do sleep 0.02; done';
export const WAIT_FOR_EVER = 'touch alive; while [ -e alive ]; do sleep 0.02; done';

export interface Call {
  readonly outcome: Promise<HookOutcome>;
  readonly controller: AbortController;
  /** What came so far, stream by stream, in the pieces in which it came. */
  readonly pieces: readonly (readonly ['out' | 'err', string])[];
  text(stream: 'out' | 'err'): string;
}

export const RUN = '20261123-140200-k3f9';
export const KEY = 'Production/1/deploy/deploy/n1#1';

export function callHook(hooks: Hooks, hook: Hook, more: Partial<HookRequest> = {}): Call {
  const controller = new AbortController();
  const pieces: ['out' | 'err', string][] = [];
  const request: HookRequest = {
    runId: RUN,
    hook,
    variables: { BACKSTOP_VERSION: '1.2.0' },
    connections: {},
    reattach: false,
    mayAct: () => true,
    onOutput: (stream, text) => void pieces.push([stream, text]),
    call: {
      key: KEY,
      hook: hook.name,
      purpose: 'deploy',
      stage: 'Production',
      environment: 'production',
      nodes: ['n1', 'n2'],
      phase: 1,
      attempt: 1,
      release: 'r',
      version: '1.2.0',
      configurationDigest: 'd',
    },
    ...more,
  };
  return {
    controller,
    pieces,
    outcome: hooks.run(request, controller.signal),
    text: stream =>
      pieces
        .filter(([name]) => name === stream)
        .map(([, text]) => text)
        .join(''),
  };
}

export function filesOf(home: string): string {
  return hookFolder(home, RUN, KEY);
}

export function readState(
  home: string,
  name: 'pid.json' | 'child.json' | 'exit.json' | 'stopped.json',
): Record<string, unknown> & { pid: number } {
  return JSON.parse(readFileSync(join(filesOf(home), name), 'utf8'));
}

/** Waits, but not for ever, until it is so. */
export async function until(what: string, isSo: () => boolean, atMostMs = 20_000): Promise<void> {
  for (const startedMs = performance.now(); !isSo();) {
    assert(performance.now() - startedMs < atMostMs, `waited too long for ${what}`);
    await systemClock.sleep(10);
  }
}

export function untilFile(path: string): Promise<void> {
  return until(path, () => existsSync(path));
}
