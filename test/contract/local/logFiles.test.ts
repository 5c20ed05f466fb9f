// Log files as a health source: real files that grow, are rotated in both ways, and are broken in every way.
import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  truncateSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { at, setStage, type Read } from './stage.ts';

const source = "{ files: { logs: 'logs/{node}/*.log' } }";
const texts = ({ lines }: Read): readonly string[] => lines.map(({ node, text }) => `${node}: ${text}`);
const ids = (...reads: readonly Read[]): number =>
  new Set(reads.flatMap(({ lines }) => lines.map(({ id }) => id))).size;

test('lines have their own times, and a line without one belongs to the line before', async context => {
  const stage = setStage(context, source);
  const [old, then] = [stage.now - 90_000, stage.now - 5_000];
  stage.write(
    'logs/node-1/app.log',
    `${at(old)} INFO long ago\n${at(then)} ERROR it broke\n    at shop.Cart.add(Cart.java:7)\n`,
  );
  stage.write('logs/node-2/app.log', `{"time":${then},"msg":"served"}\n`);
  const read = await stage.read();
  assert.deepEqual(read.failure, undefined);
  assert.deepEqual(
    read.lines.map(({ atMs, node, text }) => [atMs, node, text]),
    [
      [then, 'node-1', `${at(then)} ERROR it broke`],
      [then, 'node-1', '    at shop.Cart.add(Cart.java:7)'],
      [then, 'node-2', `{"time":${then},"msg":"served"}`],
    ],
  );
  assert.deepEqual(
    read.summary?.queries.map(({ text, rows }) => [text, rows]),
    [['logs/{node}/*.log', 4]],
  );
});

test('what is read again has the same ids, also in a file that was renamed or copied and cut', async context => {
  for (const rotate of ['rename', 'copytruncate']) {
    const stage = setStage(context, source);
    const file = join(stage.folder, 'logs/node-1/app.log');
    stage.write('logs/node-1/app.log', `${at(stage.now - 3_000)} INFO one\n${at(stage.now - 2_000)} INFO two\n`);
    const before = await stage.read();
    if (rotate === 'rename') renameSync(file, `${file}.1`);
    else {
      copyFileSync(file, `${file}.1`);
      truncateSync(file);
    }
    utimesSync(`${file}.1`, stage.now / 1_000, stage.now / 1_000);
    stage.now += 5_000;
    if (rotate === 'rename') stage.write('logs/node-1/app.log', '');
    appendFileSync(file, `${at(stage.now - 1_000)} INFO three\n`);
    utimesSync(file, stage.now / 1_000, stage.now / 1_000);
    const after = await stage.read();
    assert.deepEqual(
      after.lines.map(({ text }) => /\w+$/.exec(text)?.[0]),
      ['one', 'two', 'three'],
      rotate,
    );
    assert.equal(ids(before, after), 3, rotate);
  }
});

test('a rotated file may be zipped; a damaged one is left out and said', async context => {
  const stage = setStage(context, source);
  const line = `${at(stage.now - 9_000)} INFO zipped\n`;
  stage.write('logs/node-1/app.log', `${at(stage.now - 1_000)} INFO new\n`);
  stage.write('logs/node-1/app.log-20260130.gz', gzipSync(line));
  stage.write('logs/node-1/app.log-20260129.gz', gzipSync(line).subarray(0, 20));
  const read = await stage.read();
  assert.deepEqual(
    texts(read).map(text => text.slice(-6)),
    ['zipped', 'FO new'],
  );
  assert.match(read.summary?.queries[0]?.warnings?.join() ?? '', /20260129\.gz could not be unzipped/);
});

test('without times, a line is of the reading that first saw it; older ones are left out', async context => {
  const stage = setStage(context, source);
  const file = join(stage.folder, 'logs/node-1/app.log');
  const grow = (text: string): void => {
    appendFileSync(file, text);
    utimesSync(file, stage.now / 1_000, stage.now / 1_000);
  };
  stage.write('logs/node-1/app.log', 'old one\nold two\n', stage.now - 4_000);
  const first = await stage.read();
  assert.deepEqual(
    first.lines.map(({ atMs, text }) => [atMs, text]),
    [[stage.now - 4_000, 'old two']],
  );
  const startMs = stage.now;
  stage.now += 10_000;
  grow('new one\nhalf a li');
  const second = await stage.read({ fromMs: startMs - 20_000 });
  assert.deepEqual(
    second.lines.map(({ atMs, text }) => [atMs - startMs, text]),
    [[10_000, 'new one']],
  );
  stage.now += 10_000;
  grow('ne\nnew two\n');
  renameSync(file, `${file}.1`);
  stage.write('logs/node-1/app.log', 'after rotation\n');
  const third = await stage.read({ fromMs: startMs - 20_000 });
  assert.deepEqual(
    third.lines.map(({ atMs, text }) => [atMs - startMs, text]),
    [
      [10_000, 'new one'],
      [20_000, 'half a line'],
      [20_000, 'new two'],
      [20_000, 'after rotation'],
    ],
  );
  assert.equal(ids(first, second, third), 5);
  // Cut and written anew: nothing of before comes again.
  stage.now += 10_000;
  truncateSync(join(stage.folder, 'logs/node-1/app.log'));
  appendFileSync(join(stage.folder, 'logs/node-1/app.log'), 'short\n');
  const fourth = await stage.read({ fromMs: startMs + 25_000 });
  assert.deepEqual(
    fourth.lines.map(({ atMs, text }) => [atMs - startMs, text]),
    [[30_000, 'short']],
  );
});

test('what is too much is cut from its beginning, and said', async context => {
  const stage = setStage(context, source);
  const line = (n: number): string => `${at(stage.now - 1_000)} INFO ${n} ${'x'.repeat(1_000)}\n`;
  const text = Array.from({ length: 20_000 }, (_, n) => line(n)).join('');
  stage.write('logs/node-1/app.log', text);
  const { lines, summary } = await stage.read();
  assert.match(lines.at(-1)?.text ?? '', / INFO 19999 /);
  assert.ok(lines.length < 20_000);
  assert.equal(summary?.partial?.read, lines.length);
  assert.ok(Math.abs((summary?.partial?.total ?? 0) - 20_000) < 200, `${summary?.partial?.total}`);
});

test('a huge line is cut, and those around it are read', async context => {
  const stage = setStage(context, source);
  const time = at(stage.now - 1_000);
  stage.write('logs/node-1/app.log', `${time} first\n${time} ${'y'.repeat(3_000_000)}\n${time} last\n`);
  const { lines } = await stage.read();
  assert.deepEqual(
    lines.map(({ text }) => text.length),
    [30, 65_536, 29],
  );
});

test('what cannot be read is a failure that names the file', async context => {
  const failureOf = async (prepare: (stage: ReturnType<typeof setStage>) => void): Promise<string> => {
    const stage = setStage(context, source);
    prepare(stage);
    const { failure } = await stage.read();
    return failure ? `${failure.kind}: ${failure.message}` : 'none';
  };
  assert.equal(await failureOf(() => {}), 'not-found: Health source "local": no file is named logs/{node}/*.log.');
  assert.equal(
    await failureOf(stage => stage.write('logs/node-1/app.log', Buffer.alloc(5_000))),
    'invalid: Health source "local": logs/node-1/app.log is not a text file.',
  );
  assert.equal(
    await failureOf(stage => {
      stage.write('logs/node-1/app.log', '');
      symlinkSync('/etc/hostname', join(stage.folder, 'logs/node-1/out.log'));
    }),
    'refused: Health source "local": logs/node-1/out.log is a link that leads out of the workspace folder.',
  );
  assert.equal(
    await failureOf(stage => mkdirSync(join(stage.folder, 'logs/node-1/folder.log'), { recursive: true })),
    'invalid: Health source "local": logs/node-1/folder.log is not a regular file.',
  );
  if (process.getuid?.() !== 0)
    assert.equal(
      await failureOf(stage => {
        stage.write('logs/node-1/app.log', `${at(stage.now)} INFO\n`);
        chmodSync(join(stage.folder, 'logs/node-1/app.log'), 0o000);
      }),
      'invalid: Health source "local": logs/node-1/app.log cannot be read (EACCES).',
    );
});
