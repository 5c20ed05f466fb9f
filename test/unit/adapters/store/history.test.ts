// The store keeps what it is told, in order, for every process, and says in words why it cannot.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { openHistory } from '../../../../src/adapters/store/history.ts';
import { explainStoreError } from '../../../../src/adapters/store/file/historyErrors.ts';
import { pageChecks } from '../../../../src/model/evidence/reportPages.ts';
import type { Instruction, RunOutcome } from '../../../../src/model/runs/runEvents.ts';
import { finishSteps } from '../../../../src/model/runs/steps.ts';
import type { Check } from '../../../../src/model/evidence/verdict.ts';
import { cluster, latency, quality } from '../../terminal/stories.ts';
import { newHistory, openOrThrow, someEvent, someRelease, someRun, temporaryFolder } from './historyFixture.ts';

test('runs are numbered from 1 and come back as they went in, newest first', context => {
  const history = newHistory(context);
  assert.deepEqual(
    ['a', 'b', 'c'].map(id => history.createRun(someRun(id, { service: id === 'b' ? 'other' : 'shop' }))),
    [1, 2, 3],
  );
  assert.deepEqual(
    history.runs({ limit: 2 }).map(run => run.id),
    ['c', 'b'],
  );
  assert.deepEqual(
    history.runs({ limit: 9, before: 3 }).map(run => run.id),
    ['b', 'a'],
  );
  assert.deepEqual(
    history.runs({ limit: 9, service: 'shop' }).map(run => run.id),
    ['c', 'a'],
  );
  assert.deepEqual(history.findRun('b'), { number: 2, ...someRun('b', { service: 'other' }) });
  assert.deepEqual(history.findRun('3'), history.findRun('c'));
  assert.equal(history.findRun('4'), undefined);
});

test('events come back in order, and only those after the asked one', context => {
  const history = newHistory(context);
  history.createRun(someRun('a'));
  history.append('a', [someEvent(1), someEvent(2)]);
  history.append('a', [
    someEvent(3, { type: 'noted', failure: { kind: 'timeout', message: 'ünïcode \u0000 and "quotes"' } }),
  ]);
  assert.deepEqual(
    history.events('a').map(event => event.seq),
    [1, 2, 3],
  );
  assert.deepEqual(history.events('a', 2), [
    { seq: 3, at: 1_003, type: 'noted', failure: { kind: 'timeout', message: 'ünïcode \u0000 and "quotes"' } },
  ]);
  assert.deepEqual(history.events('b'), []);
});

test('a gap, a repetition or an unknown run is refused, and nothing of the batch is written', context => {
  const history = newHistory(context);
  history.createRun(someRun('a'));
  history.append('a', [someEvent(1)]);
  assert.throws(() => history.append('a', [someEvent(2), someEvent(4)]), /Event 4 .* does not follow event 2/);
  assert.throws(() => history.append('a', [someEvent(1)]), /Event 1 .* does not follow event 1/);
  assert.throws(() => history.append('nobody', [someEvent(1)]), /FOREIGN KEY/);
  assert.deepEqual(
    history.events('a').map(event => event.seq),
    [1],
  );
  history.append('a', [someEvent(2)]);
});

test('the end of a run is in its summary as soon as its last event is stored', context => {
  const history = newHistory(context);
  history.createRun(someRun('a'));
  history.append('a', [someEvent(1), someEvent(2, { type: 'run-finished', outcome: 'rolled-back' })]);
  assert.deepEqual(history.findRun('a'), { number: 1, ...someRun('a'), outcome: 'rolled-back', finishedAtMs: 1_002 });
});

test('releases, ledger, nodes, learned events, blobs and instructions are kept over a restart', context => {
  const path = join(temporaryFolder(context), 'history.db');
  const first = openOrThrow(path);
  const older = someRelease('r1', {
    configuration: {
      digest: 'd',
      files: [{ path: 'a', digest: 'x', sizeBytes: 1 }],
      variables: JSON.parse('{"__proto__":"x"}'),
    },
  });
  const newer = someRelease('r2', { createdAt: 2_000 });
  first.saveRelease(older);
  first.saveRelease(newer);
  first.saveRelease({ ...older, createdAt: 9_000 });
  const entries = [
    { service: 'shop', environment: 'prod', release: older.id, standing: 'verified', runId: 'a', at: 1, by: 'Ann' },
    { service: 'shop', environment: 'test', release: newer.id, standing: 'deploying', runId: 'b', at: 2 },
    { service: 'shop', environment: 'prod', release: newer.id, standing: 'rolled-back', runId: 'b', at: 3 },
  ] as const;
  for (const entry of entries) first.record(entry);
  first.setNodes('shop', 'prod', ['n2', 'n1'], older.id, 10);
  first.setNodes('shop', 'prod', ['n1'], older.id, 20);
  first.setNodes('shop', 'prod', ['n2'], null, 30);
  const learned = { format: 1, deployments: 3, clusters: [] } as const;
  first.saveLearned('shop', 'prod', 'logs', { ...learned, deployments: 2 });
  first.saveLearned('shop', 'prod', 'logs', learned);
  first.saveBlob('x', new Uint8Array([0, 255, 10]));
  first.saveBlob('x', new Uint8Array([1]));
  first.createRun(someRun('b'));
  const approve: Instruction = { type: 'approve', by: { name: 'Bo', via: 'editor' }, at: 5 };
  first.instruct('b', approve);
  first.instruct('b', { ...approve, type: 'cancel' });
  first.close();

  const second = openOrThrow(path);
  context.after(() => second.close());
  assert.deepEqual(second.releases('shop'), [newer, older]);
  assert.deepEqual(second.release(older.id), older);
  assert.equal(second.release('r3'), undefined);
  assert.deepEqual(second.ledger('shop'), entries);
  assert.deepEqual(second.ledger('shop', 'prod'), [entries[0], entries[2]]);
  assert.deepEqual(second.nodes('shop', 'prod'), [
    { node: 'n1', release: older.id, sinceMs: 10 },
    { node: 'n2', release: null, sinceMs: 30 },
  ]);
  assert.deepEqual(second.learned('shop', 'prod', 'logs'), learned);
  assert.equal(second.learned('shop', 'test', 'logs'), undefined);
  assert.deepEqual([...second.readBlob('x')!], [0, 255, 10]);
  assert.equal(second.readBlob('y'), undefined);
  const [one, two] = second.instructions('b', 0);
  assert.deepEqual([one!.instruction, two!.instruction.type], [approve, 'cancel']);
  assert.deepEqual(second.instructions('b', one!.seq), [two]);
});

test('the usual durations of stages come from the latest promoted runs of the pipeline', context => {
  const history = newHistory(context);
  const play = (id: string, pipeline: string, tookMs: number, outcome: RunOutcome): void => {
    history.createRun(someRun(id, { pipeline }));
    history.append(id, [
      someEvent(1, { type: 'stage-started', stage: 'Dev' }),
      { seq: 2, at: 1_001 + tookMs, type: 'stage-finished', stage: 'Dev', outcome: 'passed' },
      someEvent(3, { type: 'stage-started', stage: 'Prod' }),
      someEvent(4, {
        type: 'stage-finished',
        stage: 'Prod',
        outcome: outcome === 'promoted' ? 'passed' : 'rolled-back',
      }),
      someEvent(5, { type: 'run-finished', outcome }),
    ]);
  };
  play('old', 'shop', 9, 'promoted');
  play('a', 'shop', 10, 'promoted');
  play('b', 'shop', 30, 'promoted');
  play('c', 'shop', 99, 'rolled-back');
  play('d', 'other', 77, 'promoted');
  const { Dev, Prod } = history.stageDurations('shop', 2, 'shop');
  assert.deepEqual(
    [Dev?.toSorted(), Prod],
    [
      [10, 30],
      [1, 1],
    ],
  );
  assert.deepEqual(history.stageDurations('none', 2, 'shop'), {});
});

test('the newest report of a verification replaces the one before, and reads the same in any process', context => {
  const path = join(temporaryFolder(context), 'history.db');
  const first = openOrThrow(path);
  first.createRun(someRun('a'));
  const checks = (clusters: number): readonly Check[] => [
    latency,
    { ...quality('fail', 24), clusters: Array.from({ length: clusters }, (_, index) => cluster(`Boom ${index}`)) },
  ];
  const save = (key: string, lookedAtMs: number, clusters: number): void =>
    first.saveReport(
      'a',
      key,
      lookedAtMs,
      pageChecks(checks(clusters)).map(page => deflateRawSync(page)),
    );
  save('one', 1, 900);
  save('two', 2, 1);
  save('one', 3, 250);
  const second = openOrThrow(path);
  context.after(() => {
    first.close();
    second.close();
  });
  assert.deepEqual(
    [second.report('a', 'one'), second.report('a', 'two')].map(
      found => found && [found.lookedAtMs, finishSteps(found.read())],
    ),
    [
      [3, checks(250)],
      [2, checks(1)],
    ],
  );
  assert.equal(second.report('a', 'three'), undefined);
});

test(
  'what a canary showed is found by its verification, else by the latest phase of the environment; ' +
    'the latest runs and pinned ones keep theirs',
  context => {
    const history = newHistory(context);
    const save = (runId: string, phase: number, environment = 'prod'): void =>
      history.saveEvidence(
        { runId, environment, key: `Production/${phase}`, phase, intervalMs: 15_000 },
        new Uint8Array([phase]),
      );
    const found = (runId: string, key: string, environment = 'prod'): number | undefined =>
      history.evidence(runId, environment, key)?.evidence[0];
    for (let number = 0; number <= 60; number += 1) history.createRun(someRun(`r${number}`));
    save('r0', 1);
    save('r1', 1);
    save('r60', 1);
    save('r60', 2);
    save('r60', 2);
    assert.deepEqual(
      [
        found('r60', 'Production/1'),
        found('r60', 'Production/9'),
        found('r60', 'Production/1', 'test'),
        found('r0', 'Production/1'),
      ],
      [1, 2, undefined, undefined],
    );
    assert.deepEqual(history.keptEnvironments('r60'), ['prod']);
    const pin = { pipeline: 'shop', service: 'shop', environment: 'prod', runId: 'r1', by: 'maria', atMs: 5 };
    save('r1', 1);
    history.pin({ ...pin, runId: 'r60' });
    history.pin(pin);
    save('r60', 3);
    assert.deepEqual(
      [
        history.pins(),
        history.pinned('shop', 'shop', 'prod'),
        history.pinned('shop', 'shop', 'test'),
        found('r1', 'Production/1'),
      ],
      [[pin], pin, undefined, 1],
    );
    assert.deepEqual(
      [history.unpin('shop', 'shop', 'prod'), history.unpin('shop', 'shop', 'prod'), history.pins()],
      [true, false, []],
    );
    save('r60', 3);
    assert.equal(found('r1', 'Production/1'), undefined, 'unpinned, and long ago');
  },
);

test(
  'the last good run is the newest promoted one of the ' + 'same pipeline before it of which something is kept',
  context => {
    const history = newHistory(context);
    const play = (id: string, outcome: RunOutcome, kept: boolean, pipeline = 'shop'): void => {
      history.createRun(someRun(id, { pipeline }));
      if (kept)
        history.saveEvidence({ runId: id, environment: 'prod', key: 'P/1', phase: 1, intervalMs: 1 }, new Uint8Array());
      history.append(id, [someEvent(1, { type: 'run-finished', outcome })]);
    };
    play('a', 'promoted', true);
    play('b', 'promoted', true);
    play('c', 'promoted', false);
    play('d', 'rolled-back', true);
    play('e', 'promoted', true, 'other');
    play('f', 'promoted', true);
    assert.deepEqual(
      ['f', 'b', 'a'].map(id => history.lastGoodRun(id, 'prod')?.id),
      ['b', 'a', undefined],
    );
    assert.equal(history.lastGoodRun('f', 'test'), undefined);
  },
);

test(
  'the store is durable, waits for other writers, and belongs to its owner alone',
  { skip: process.platform === 'win32' },
  context => {
    const history = newHistory(context);
    assert.equal(statSync(history.path).mode & 0o777, 0o600);
    const other = new DatabaseSync(history.path);
    context.after(() => other.close());
    assert.equal(other.prepare('PRAGMA journal_mode').get()!['journal_mode'], 'wal');
  },
);

test('a store of a newer Backstop is refused and left as it is', context => {
  const path = join(temporaryFolder(context), 'history.db');
  openOrThrow(path).close();
  const database = new DatabaseSync(path);
  database.exec('PRAGMA user_version = 99');
  database.close();
  const before = readFileSync(path);
  const opened = openHistory(path);
  assert(!opened.ok);
  assert.match(opened.failure.message, /has version 99; this Backstop knows versions up to \d+/);
  assert.match(opened.failure.hint!, /update/);
  assert.deepEqual(readFileSync(path), before);
});

for (const [what, content] of [
  ['something else', Buffer.from('this is not a database, '.repeat(400))],
  ['a picture', Buffer.alloc(8192, 0x89)],
] as const) {
  test(`a file that is ${what} is refused by name and left as it is`, context => {
    const path = join(temporaryFolder(context), 'history.db');
    writeFileSync(path, content);
    const opened = openHistory(path);
    assert(!opened.ok);
    assert.deepEqual([opened.failure.kind, opened.failure.message.includes(path)], ['store', true]);
    assert.match(opened.failure.message, /damaged/);
    assert.match(opened.failure.hint!, /backup/);
    assert.deepEqual(readFileSync(path), content);
  });
}

test('damage in the middle of the file is found when it is opened', context => {
  const path = join(temporaryFolder(context), 'history.db');
  const history = openOrThrow(path);
  history.createRun(someRun('a'));
  history.append(
    'a',
    Array.from({ length: 500 }, (_, i) => someEvent(i + 1)),
  );
  history.close();
  const content = readFileSync(path);
  content.fill(0xa5, 4096 * 3, content.length - 4096);
  writeFileSync(path, content);
  const opened = openHistory(path);
  assert(!opened.ok);
  assert.match(opened.failure.message, /damaged/);
  assert.deepEqual(readFileSync(path), content);
});

test('a folder that cannot be made is a failure, not a throw', context => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'file'), '');
  const opened = openHistory(join(folder, 'file', 'history.db'));
  assert(!opened.ok);
  assert.match(opened.failure.message, /cannot be used/);
  const directory = openHistory(folder);
  assert(!directory.ok);
});

test('each kind of trouble is explained with the file and what to do', () => {
  const explained = [13, 5, 11, 26, 8, 14, 10 | (3 << 8), 1].map(errcode =>
    explainStoreError(Object.assign(new Error('low level'), { errcode }), '/home/x/history.db'),
  );
  assert.deepEqual(
    explained.map(({ message }) =>
      message.replace(/^The history \/home\/x\/history\.db /, '').replace(/: .*|\..*/, ''),
    ),
    [
      'could not be written',
      'is locked',
      'is damaged or not a history at all',
      'is damaged or not a history at all',
      'cannot be opened for writing',
      'cannot be opened for writing',
      'could not be read or written',
      'cannot be used',
    ],
  );
  assert(explained.every(({ kind, hint, cause }) => kind === 'store' && hint && cause === 'low level'));
});

test(
  'a full disk throws a clear error and leaves the store whole',
  { skip: process.platform === 'win32' },
  async context => {
    const path = join(temporaryFolder(context), 'history.db');
    openOrThrow(path).close();
    // A limit on the size of files stands for the full disk: 300 blocks of 512 or 1024 bytes, as the shell counts.
    const script =
      `ulimit -f 300; exec "${process.execPath}" "${join(import.meta.dirname, 'historyWriter.ts')}" "${path}" run ` +
      '100000 0';
    const writer = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [output, errors] = await Promise.all([readAll(writer.stdout), readAll(writer.stderr)]);
    assert.match(errors, /StoreError: The history .* could not be (read or )?written/);
    const acknowledged = Number(output.trim().split('\n').at(-1)!.split(' ')[1]);
    const history = openOrThrow(path);
    context.after(() => history.close());
    assert(history.events('run').length >= acknowledged && acknowledged > 0);
    assert.equal(history.events('run').at(-1)!.seq, history.events('run').length);
  },
);

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: string[] = [];
  for await (const chunk of stream) chunks.push(String(chunk));
  return chunks.join('');
}
