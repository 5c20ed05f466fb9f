// Text from outside, on every way to the terminal: it may be ugly, it may not act.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import { backstop, FakeStream } from './fakes.ts';
import { playOnScreen } from './screen.ts';
import { failedHookStory, failingHookKey, rolledBackStory } from './stories.ts';
import { createWorkspace } from './workspace.ts';

const nasty = '\u001b[2J\u001b]0;owned\u0007\u202e\rover\u009b31m';
/** Puts nasty text into every string of every event that is no key, kind or code. */
function poison(events: readonly RunEvent[]): readonly RunEvent[] {
  const kept = new Set([
    'type',
    'kind',
    'code',
    'id',
    'key',
    'outcome',
    'decision',
    'via',
    'change',
    'standing',
    'class',
    'direction',
    'severity',
    'purpose',
    'result',
    'stage',
    'otherwise',
    'environment',
    'question',
    'strategy',
    'stages',
    'release',
  ]);
  const visit = (value: unknown, name: string): unknown => {
    if (typeof value === 'string') return kept.has(name) ? value : `${value}${nasty}`;
    if (Array.isArray(value)) return value.map(one => visit(one, name));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, typeof one === 'object' ? visit(one, key) : visit(one, key)]),
    );
  };
  return events.map(event => visit(event, '') as RunEvent);
}
const dangerous = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

suite('hostile text', () => {
  for (const [name, story] of [
    ['rolled-back', rolledBackStory],
    ['failed-hook', failedHookStory],
  ] as const) {
    const output = (
      event: RunEvent,
      observers: ReadonlySet<{ onOutput?: (...told: [string, string, 'out', string]) => void }>,
      runId: string,
    ): void => {
      if (event.type === 'hook-finished')
        for (const observer of observers) observer.onOutput?.(runId, failingHookKey, 'out', `${nasty}\n`);
    };

    test(`in the ${name} story is harmless when piped`, async context => {
      const { out } = await backstop(['run', '--version', '1', '--verbose'], {
        cwd: createWorkspace(context),
        story: poison(story),
        between: output as never,
      });
      assert.doesNotMatch(out, dangerous);
    });
    test(`in the ${name} story is harmless on a terminal`, async context => {
      const { out } = await backstop(['run', '--version', '1', '--verbose'], {
        cwd: createWorkspace(context),
        story: poison(story),
        between: output as never,
        stdout: new FakeStream({ tty: true, columns: 90 }),
      });
      assert.ok(playOnScreen(out, 90, 40).widest <= 90);
      assert.doesNotMatch(out.replace(/\u001b\[\??[0-9;]*[AKJmhl]|\r/g, ''), dangerous);
    });
    test(`in the ${name} story is harmless when it is shown later`, async () => {
      const { out } = await backstop(['show', 'last'], { runs: [{ id: 'r', number: 1, events: poison(story) }] });
      assert.doesNotMatch(out, dangerous);
    });
  }

  test('in what a person typed is harmless in the answer', async () => {
    assert.doesNotMatch((await backstop([`ru${nasty}`])).err, dangerous);
    assert.doesNotMatch((await backstop(['run', `--${nasty}`])).err, dangerous);
  });
});
