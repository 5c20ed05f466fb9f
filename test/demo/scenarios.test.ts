// Every scenario of the demo as a user starts it, with real processes, sockets and seconds: it ends as it must, and in
// time.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { scenarioNames, type ScenarioName } from '../../src/demo/story/scenarios.ts';
import type { StoryResult } from '../../src/demo/story/story.ts';

const demo = new URL('../../dist/demo.js', import.meta.url).pathname;
/** A play ends itself after two minutes. */
const longestMs = 130_000;
const endings: Readonly<Record<ScenarioName, string>> = {
  healthy: 'promoted',
  'quality-regression': 'rolled-back',
  'performance-regression': 'rolled-back',
  'frequency-regression': 'rolled-back',
  'no-data': 'held',
  'backend-down': 'held',
};

async function play(scenario: ScenarioName): Promise<{ status: number | null; told: string; printed: string }> {
  const child = spawn(process.execPath, [demo, 'play', '--scenario', scenario, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longestMs,
  });
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  const [printed, told, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { status, told, printed };
}

// Most of a play is waiting, so several share the processors.
describe('the demo', { concurrency: 2 }, () => {
  for (const scenario of scenarioNames) {
    const ending = endings[scenario];
    test(
      `${scenario}: ${ending}, and the play says that it ended as it must`,
      { timeout: longestMs },
      async context => {
        const { status, told, printed } = await play(scenario);
        assert.equal(status, 0, told);
        const { outcome, events } = JSON.parse(printed.trim().split('\n').at(-1)!) as StoryResult;
        assert.equal(outcome, ending);
        assert.match(told, /Scenario finished as expected/);
        const [first, last] = [events[0]!, events.at(-1)!];
        context.diagnostic(`${((Number(last['at']) - Number(first['at'])) / 1_000).toFixed(1)} s`);
      },
    );
  }
});
