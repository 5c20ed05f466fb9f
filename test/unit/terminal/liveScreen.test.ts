// The live tree: in place, only what changed, never wider or higher than the terminal, and the cursor comes back whatever happens.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { cutLine, lineWidth, renderLine, toned, wrapLine } from '../../../src/terminal/screen/line.ts';
import type { TreeLine } from '../../../src/terminal/show/treeLine.ts';
import { openLiveScreen } from '../../../src/terminal/screen/liveScreen.ts';
import type { OutputStream } from '../../../src/terminal/dependencies.ts';
import { displayWidth, takeWidth } from '../../../src/terminal/screen/width.ts';
import { FakeStream } from './fakes.ts';
import { playOnScreen } from './screen.ts';

/** A clock whose sleepers wake when told. */
function createHand(): {
  clock: { now: () => number; monotonicMs: () => number; sleep: (ms: number, signal?: AbortSignal) => Promise<void> };
  tick: () => Promise<void>;
  slept: number[];
} {
  let wake: (() => void) | undefined;
  const slept: number[] = [];
  return {
    slept,
    clock: {
      now: () => 0,
      monotonicMs: () => 0,
      sleep: (ms, signal) => {
        slept.push(ms);
        return new Promise(resolve => {
          wake = resolve;
          signal?.addEventListener('abort', () => resolve());
        });
      },
    },
    async tick() {
      wake?.();
      await new Promise(resolve => setImmediate(resolve));
    },
  };
}

const treeOf = (texts: readonly string[]): TreeLine[] => texts.map(text => ({ line: [text], indent: 2 }));

function open(
  stdout: FakeStream,
  draw: (frame: number) => readonly string[],
): { hand: ReturnType<typeof createHand>; screen: ReturnType<typeof openLiveScreen>; exit: () => void } {
  const hand = createHand();
  let exit = (): void => undefined;
  const screen = openLiveScreen(
    stdout as unknown as OutputStream,
    hand.clock,
    listener => {
      exit = listener;
      return () => undefined;
    },
    { draw: frame => treeOf(draw(frame)), color: false, ascii: false },
  );
  return { hand, screen, exit: () => exit() };
}

suite('the live screen', () => {
  test('writes only lines that changed, ten times a second', async () => {
    const stdout = new FakeStream({ tty: true });
    let elapsed = '1 s';
    const { hand, screen } = open(stdout, () => ['title', `Dev ${elapsed}`, 'Test']);
    const first = stdout.text.length;
    await hand.tick();
    assert.equal(stdout.text.length, first);
    elapsed = '2 s';
    await hand.tick();
    assert.equal(stdout.text.slice(first), '\u001b[2A\rDev 2 s\u001b[K\n\n');
    assert.deepEqual([...new Set(hand.slept)], [100]);
    screen.finish();
    assert.deepEqual(playOnScreen(stdout.text, 100, 40), {
      lines: ['title', 'Dev 2 s', 'Test', ''],
      cursorShown: true,
      widest: 7,
    });
  });

  test('shrinks without leaving old lines behind', async () => {
    const stdout = new FakeStream({ tty: true });
    let lines = ['a', 'b', 'c', 'd'];
    const { hand, screen } = open(stdout, () => lines);
    lines = ['a', 'x'];
    await hand.tick();
    screen.finish();
    assert.deepEqual(playOnScreen(stdout.text, 100, 40).lines, ['a', 'x', '']);
  });

  test('on a low terminal keeps the beginning and the end while it runs, and shows all at the end', async () => {
    const stdout = new FakeStream({ tty: true, rows: 10 });
    const { hand, screen } = open(stdout, frame =>
      Array.from({ length: 30 }, (_, index) => `line ${index} of frame ${frame}`),
    );
    await hand.tick();
    const during = playOnScreen(stdout.text, 100, 10).lines;
    assert.deepEqual(
      [during.length, during[0], during[4], during[8]],
      [10, 'line 0 of frame 1', '  (22 more lines)', 'line 29 of frame 1'],
    );
    screen.finish();
    assert.equal(playOnScreen(stdout.text, 100, 10).lines.length, 31);
  });

  test('after a resize draws anew for the new width, over what the terminal broke', async () => {
    const stdout = new FakeStream({ tty: true, columns: 60 });
    const { hand, screen } = open(stdout, () => ['a line of many words that is as wide as the terminal allows', 'end']);
    const before = stdout.text.length;
    stdout.columns = 30;
    await hand.tick();
    assert.ok(stdout.text.slice(before).startsWith('\u001b[3A\r\u001b[J'));
    const added = playOnScreen(stdout.text.slice(before).replace('\u001b[3A', ''), 30, 40);
    assert.ok(added.widest < 30);
    screen.finish();
  });

  test('gives the cursor back when the process ends in the middle, once', () => {
    const stdout = new FakeStream({ tty: true });
    const { exit, screen } = open(stdout, () => ['a']);
    assert.equal(playOnScreen(stdout.text, 100, 40).cursorShown, false);
    exit();
    assert.equal(playOnScreen(stdout.text, 100, 40).cursorShown, true);
    const length = stdout.text.length;
    screen.finish();
    assert.equal(stdout.text.length, length);
  });

  test('any sequence of drawings shows exactly the last one', async () => {
    const drawing = fc.array(fc.string({ maxLength: 50 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(drawing, { minLength: 1, maxLength: 6 }), async drawings => {
        const stdout = new FakeStream({ tty: true, columns: 40, rows: 100 });
        let now: readonly string[] = drawings[0] ?? [];
        const { hand, screen } = open(stdout, () => now);
        for (const next of drawings) {
          now = next;
          await hand.tick();
        }
        screen.finish();
        const fresh = new FakeStream({ tty: true, columns: 40, rows: 100 });
        open(fresh, () => now).screen.finish();
        assert.deepEqual(playOnScreen(stdout.text, 40, 100).lines, playOnScreen(fresh.text, 40, 100).lines);
      }),
      { numRuns: 200 },
    );
  });
});

suite('lines', () => {
  test('nothing in a span can steer the terminal', () => {
    assert.equal(renderLine(['a\u001b[2J\nb', toned('bad', '\u001b[0mred')], true), 'a b\u001b[31mred\u001b[39m');
  });

  test('wide characters take two columns, combining ones none', () => {
    assert.deepEqual(['abc', '検証', 'é', 'e\u0301', '👍'].map(displayWidth), [3, 4, 1, 1, 2]);
    assert.equal(takeWidth('検証に', 5), '検証');
  });

  test('a wrapped line keeps every word, in order, and never exceeds the columns', () => {
    const text = fc.oneof(
      fc.string(),
      fc.lorem({ maxCount: 12 }),
      fc.string({ unit: fc.constantFrom('検', 'a', ' ', 'é') }),
    );
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 5 }),
        fc.integer({ min: 10, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        (parts, columns, indent) => {
          const lines = wrapLine(parts, columns, indent);
          for (const line of lines) assert.ok(lineWidth(line) <= columns, `${lineWidth(line)} of ${columns}`);
          const letters = (of: readonly string[]): string => of.join('').replace(/\s/g, '');
          assert.equal(letters(lines.map(line => renderLine(line, false))), letters([renderLine(parts, false)]));
        },
      ),
    );
  });

  test('a cut line says so', () => {
    assert.equal(renderLine(cutLine(['abcdef', toned('bad', 'ghi')], 8), false), 'abcdefg…');
    assert.equal(renderLine(cutLine(['abc'], 3), false), 'abc');
  });
});
