// Grouping: what keeps lines together and apart, whatever values, order or hostility they come with.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { groupBytes, groupLines as groupLinesOf } from '../../../../src/verify/logs/record/grouping.ts';
import { createIntake } from '../../../../src/verify/logs/record/intake.ts';
import type { Group } from '../../../../src/verify/logs/template/templates.ts';
import { fill, ordinaryLines, seeded, startMs } from './synthetic.ts';

const texts = (seed: number): string[] =>
  ordinaryLines({ seed, fromMs: startMs, toMs: startMs + 60_000, nodes: ['a'], perNodeAndSecond: 5 }).map(
    line => line.text,
  );

function groupLines(lines: Iterable<string>): { groups: number[]; templates: readonly string[] } {
  const { groups, templates } = groupLinesOf(lines);
  return { groups: Array.from(groups), templates };
}

/** Which lines are together, without the numbers of the groups. */
function partition(groups: readonly number[]): string {
  const firsts = new Map<number, number>();
  return groups
    .map((group, i) => {
      if (!firsts.has(group)) firsts.set(group, i);
      return firsts.get(group);
    })
    .join(' ');
}

test('one group per statement, whatever the values', () => {
  const { templates } = groupLines(texts(1));
  assert.equal(new Set(templates).size, templates.length);
  assert.deepEqual([...templates].sort(), [
    'Added item <*> to cart <*> in <*>',
    'Could not deliver message <*> to <*>',
    'GET <*> status=<*> took <*>',
    'Job reindex finished, <*> documents',
    'Quote for item <*> is <*> cents, tier gold',
    'Removed item <*> from cart <*>',
    'Session <*> opened for user alice',
    'Slow answer from <*> after <*>',
  ]);
});

test('re-drawn digits keep the grouping', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), seed => {
      const random = seeded(seed),
        lines = texts(3);
      const redrawn = lines.map(
        line => line.slice(0, 24) + line.slice(24).replaceAll(/\d/g, () => String(Math.floor(random() * 10))),
      );
      assert.equal(partition(groupLines(redrawn).groups), partition(groupLines(lines).groups));
    }),
    { numRuns: 20 },
  );
});

test('the order of the lines does not matter', () => {
  const lines = texts(4),
    random = seeded(9);
  const order = lines.map((_, i) => i).sort(() => random() - 0.5);
  const shuffled = groupLines(order.map(i => lines[i]!));
  const back: number[] = [];
  order.forEach((from, i) => {
    back[from] = shuffled.groups[i]!;
  });
  assert.equal(partition(back), partition(groupLines(lines).groups));
});

test('level and logger are no part of the group', () => {
  const lines = [
    'INFO  [main] a.b.One - Started in 5 ms',
    'WARN  [main] a.b.Two - Started in 7 ms',
    'INFO  [main] a.b.One - Stopped',
  ].map((line, i) => `2024-05-06 12:00:0${i},123 ${line}`);
  const { groups } = groupLines(lines);
  assert.equal(groups[0], groups[1]);
  assert.notEqual(groups[0], groups[2]);
});

test('lists and objects of any length are one parameter', () => {
  const sizes = [0, 1, 2, 5];
  const lines = sizes.map(
    size =>
      'Loaded trips: ' +
      `[${Array.from({ length: size }, (_, i) => `Trip(id=${i}, from=x${i}, stops=[a, b${i}])`).join(', ')}] for ` +
      'request',
  );
  assert.equal(new Set(groupLines(lines).groups).size, 1, JSON.stringify(groupLines(lines).templates));
});

test('callers, and what is said several times, are one parameter however many there are', () => {
  const { groups } = groupLines([
    'Closing table called by shop.Waiter.leave:12 shop.Room.clear:7 <end of calls> <end of calls>',
    'Closing table called by shop.Guest.pay:301 shop.Till.ring:88 shop.Till.open:9 shop.Main.run:4 <end of calls>',
  ]);
  assert.equal(new Set(groups).size, 1);
});

test('a letter behind a path is no unit', () => {
  const { templates } = groupLines(['running (/opt/menus/print b)', 'running (/opt/menus/print e)', 'took 5 s']);
  assert.deepEqual([...templates].sort(), ['running (<*> b)', 'running (<*> e)', 'took <*>']);
});

test('a place where many words stood is a parameter, also for the words that came first', () => {
  const words = ['amber', 'birch', 'cedar', 'dogwood', 'elder', 'fir', 'grape'];
  const { groups, templates } = groupLines(words.map(word => `Refreshing shared cache region ${word} before use`));
  assert.equal(new Set(groups).size, 1);
  assert.equal(templates[groups[0]!], 'Refreshing shared cache region <*> before use');
});

test('two statements that differ in a word stay apart', () => {
  const { groups } = groupLines([
    'Lease on shard 5 was granted',
    'Lease on shard 6 was revoked',
    'Lease on shard 7 was granted',
  ]);
  assert.equal(groups[0], groups[2]);
  assert.notEqual(groups[0], groups[1]);
});

test('a stack trace belongs to the line that announced it', () => {
  const lines = [
    '2024-05-06 12:00:00,000 INFO  [main] a.b.C - Ready',
    '2024-05-06 12:00:01,000 ERROR [main] a.b.C - Request 5 failed',
    'java.lang.IllegalStateException: no seat 5',
    '\tat shop.Seat.take(Seat.java:12)',
    '\tat shop.Web.post(Web.java:80)',
    'Caused by: java.io.IOException: closed',
    '\t... 3 more',
    '2024-05-06 12:00:02,000 INFO  [main] a.b.C - Ready',
  ];
  const { groups, templates } = groupLines(lines);
  assert.deepEqual(groups.slice(1, 7), new Array(6).fill(groups[1]));
  assert.equal(groups[0], groups[7]);
  assert.match(templates[groups[1]!]!, /IllegalStateException.*shop\.Seat\.take/);
});

test('every line gets a group: empty ones, no lines, one line', () => {
  assert.deepEqual(groupLines([]), { groups: [], templates: [] });
  assert.equal(groupLines(['']).groups.length, 1);
  assert.equal(groupLines(['a b', '', 'a b', '']).groups.length, 4);
});

test('without remembering shapes the groups are the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), seed => {
      const lines = [
        ...texts(seed),
        ...texts(seed + 1).map(line => `${line} {"a": 5}`),
        ...texts(seed)
          .slice(0, 9)
          .map((_, i) => `{"level":"info","msg":"took ${i} ms"}`),
      ];
      const groupsOf = (mostShapes?: number): string => {
        const groups: Group[] = [];
        const intake = createIntake<number>(
          lines,
          ({ first }, group) => {
            groups[first] = group;
          },
          mostShapes === undefined ? {} : { mostShapes },
        );
        const stream = intake.open();
        lines.forEach((line, i) => {
          intake.take(stream, line, i);
        });
        intake.flush();
        return partition(groups.map(group => intake.recognizer.root(group).id));
      };
      assert.equal(groupsOf(1), groupsOf());
    }),
    { numRuns: 10 },
  );
});

test('wherever the chunks of a file are cut, the groups are the same', async () => {
  const lines = [
    ...texts(5),
    '\ttab',
    '',
    'Grüße 5',
    '2024-05-06 12:00:00,000 ERROR [main] a.b.C - Broken',
    'java.lang.IllegalStateException: no',
    '\tat a.B.c(B.java:5)',
  ];
  for (const [ending, file] of [
    ['\n', `${lines.join('\n')}\n`],
    ['\r\n', lines.join('\r\n')],
  ] as const) {
    const expected = groupLines(lines.map(line => line + ending.slice(0, -1)));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5000 }), async size => {
        const bytes = new TextEncoder().encode(`\ufeff${file}`);
        const chunks = async function* (): AsyncGenerator<Uint8Array> {
          for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.slice(at, at + size));
        };
        const grouped = await groupBytes(chunks());
        assert.ok(grouped.ok);
        assert.deepEqual({ groups: Array.from(grouped.value.groups), templates: grouped.value.templates }, expected);
      }),
      { numRuns: 10 },
    );
  }
});

test('hostile lines neither break nor slow it', () => {
  const hostile = [
    'x'.repeat(1_000_000),
    '['.repeat(200_000),
    '(a='.repeat(100_000),
    '"'.repeat(100_000),
    `${'{"a":'.repeat(50_000)}1`,
    'a '.repeat(300_000),
    '1:'.repeat(300_000),
    '.'.repeat(300_000),
    'at '.repeat(200_000),
    '\0\0\0 null',
    '\u001b[31mred\u001b[0m text 5',
    '\u202eright to left\u202c',
    '\ud800 lone surrogate \udfff',
    '__proto__',
    'constructor=1',
    '{"__proto__":{"polluted":1},"message":"hi 5"}',
    '<*> <*> <*>',
    `2024-05-06 12:00:00 ${'ERROR '.repeat(50_000)}`,
  ];
  const started = performance.now();
  const { groups } = groupLines([...hostile, ...texts(6), ...hostile]);
  assert.ok(performance.now() - started < 5_000);
  assert.equal(groups.length, hostile.length * 2 + texts(6).length);
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
});

test('any text at all is grouped, the same text the same way', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 200 })), {
        maxLength: 60,
      }),
      texts => {
        const lines = texts.map(text => text.replaceAll('\n', ' '));
        const { groups, templates } = groupLines([...lines, ...lines]);
        assert.equal(groups.length, lines.length * 2);
        assert.ok(groups.every(group => templates[group] !== undefined));
      },
    ),
    { numRuns: 200 },
  );
});

test('JSON lines are grouped by their message', () => {
  const random = seeded(2);
  const lines = Array.from({ length: 40 }, (_, i) =>
    JSON.stringify({
      time: startMs + i,
      level: i % 2 ? 'info' : 'warn',
      msg: fill(i % 2 ? 'took # ms' : 'queue # is full', random),
      pid: i,
    }),
  );
  assert.deepEqual(
    groupLines(lines)
      .templates.map(template => template)
      .sort(),
    ['queue <*> is full', 'took <*>'],
  );
});
