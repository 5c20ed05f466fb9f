// Measurements in a new host: how long activation takes, and how long a demo run blocks the event loop.
import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { deployDemo } from './demoRun.ts';
import { eventually } from './eventually.ts';
import { extension, loadedBundles } from './extension.ts';
import { figures } from './figures.ts';
import { watchPauses } from './pauses.ts';

const windowRestsMs = 4000;

export function activationTimeSuite(): void {
  suite('Activation', () => {
    test('loads nothing but the extension itself', async () => {
      // The window is still being built when the suite begins, and every activation waits for it.
      await wait(windowRestsMs);
      assert.equal(extension().isActive, false, 'something activated the extension before the measurement');
      const before = performance.now();
      await extension().activate();
      figures.set('activateMs', performance.now() - before);
      assert.deepEqual(loadedBundles(), ['extension.cjs']);
      assert.ok(vscode.workspace.isTrusted);
    });
  });
}

export function demoRunSuite(): void {
  suite('Demo run', () => {
    test('does not block the event loop', async function () {
      this.timeout(150_000);
      const delay = monitorEventLoopDelay({ resolution: 5 });
      const endWatch = watchPauses();
      delay.enable();
      await extension().activate();
      await eventually('the engine', () => loadedBundles().includes('engine.cjs'));
      const outcome = await deployDemo();
      delay.disable();
      const pauses = endWatch();
      figures.set('longestTaskMs', Math.max(0, ...pauses.map(pause => Math.min(pause.durationMs, pause.processorMs))));
      for (const [index, pause] of pauses.slice(0, 3).entries()) {
        figures.set(`pause${index + 1}AtMs`, pause.atMs);
        figures.set(`pause${index + 1}Ms`, pause.durationMs);
        figures.set(`pause${index + 1}ProcessorMs`, pause.processorMs);
      }
      figures.set('eventLoopDelayMaxMs', delay.max / 1e6);
      figures.set('eventLoopDelayP99Ms', delay.percentile(99) / 1e6);
      assert.equal(outcome, 'rolled-back');
    });
  });
}
