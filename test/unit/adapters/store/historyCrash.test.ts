// Whatever the moment of a kill -9, the store is whole and holds everything that it said it holds.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openOrThrow, temporaryFolder } from './historyFixture.ts';

const ROUNDS = 30;

/** A small generator of chance that a seed repeats (mulberry32). */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Acknowledged {
  event: number;
  release: number;
}

/** Starts a writer and kills it in the middle of something, after it has acknowledged `lines` lines. */
async function writeUntilKilled(path: string, runId: string, lines: number): Promise<Acknowledged> {
  const writer = spawn(process.execPath, [join(import.meta.dirname, 'historyWriter.ts'), path, runId, '1000000'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  writer.stderr.on('data', chunk => {
    errors += String(chunk);
  });
  writer.stdout.on('data', chunk => {
    output += String(chunk);
    if (output.split('\n').length > lines) writer.kill('SIGKILL');
  });
  const [, signal] = (await once(writer, 'close')) as [number, string];
  assert.equal(signal, 'SIGKILL', errors);
  const last = (word: string): number =>
    Math.max(0, ...[...output.matchAll(new RegExp(`^${word} (\\d+)$`, 'gm'))].map(match => Number(match[1])));
  assert.match(output, /^lease 1$/m);
  return { event: last('event'), release: last('release') };
}

function assertWhole(path: string, runId: string, acknowledged: Acknowledged): void {
  const history = openOrThrow(path);
  const events = history.events(runId);
  assert.deepEqual(
    events.map(event => event.seq),
    events.map((_, i) => i + 1),
    'no gap',
  );
  assert(
    events.length >= acknowledged.event,
    `event ${acknowledged.event} was acknowledged, ${events.length} are there`,
  );
  assert.equal(events.length % 3, 0, 'no half of a batch');
  const ledger = history.ledger(runId);
  assert(ledger.length === 0 ? acknowledged.release === 0 : ledger.at(-1)!.at >= acknowledged.release);
  assert(ledger.every(entry => history.release(entry.release)?.artifact.version === String(entry.at)));
  assert.equal(
    history.acquireLease(`environment of ${runId}`, 'survivor', 3_600_000).held,
    true,
    'the lease of the dead is free',
  );
  history.releaseLease(`environment of ${runId}`, 'survivor');
  history.close();
}

test(
  `${ROUNDS} kills at random moments, every third with a second writer, lose nothing that was acknowledged`,
  { timeout: 120_000 },
  async context => {
    const chance = chanceFrom(20_261_123);
    const path = join(temporaryFolder(context), 'history.db');
    for (let round = 0; round < ROUNDS; round++) {
      const runs = round % 3 === 0 ? [`run-${round}`, `second-${round}`] : [`run-${round % 2}`];
      const acknowledged = await Promise.all(
        runs.map(runId => writeUntilKilled(path, runId, 2 + Math.floor(chance() * 120))),
      );
      const database = new DatabaseSync(path);
      assert.equal(database.prepare('PRAGMA integrity_check').get()!['integrity_check'], 'ok');
      database.close();
      runs.forEach((runId, i) => assertWhole(path, runId, acknowledged[i]!));
    }
  },
);

test('two processes that write at once both get everything in', { timeout: 60_000 }, async context => {
  const path = join(temporaryFolder(context), 'history.db');
  const writers = ['one', 'two'].map(runId =>
    spawn(process.execPath, [join(import.meta.dirname, 'historyWriter.ts'), path, runId, '150'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  const codes = await Promise.all(writers.map(async writer => (await once(writer, 'exit'))[0] as number));
  assert.deepEqual(codes, [0, 0]);
  const history = openOrThrow(path);
  context.after(() => history.close());
  assert.deepEqual(
    ['one', 'two'].map(runId => [history.events(runId).length, history.ledger(runId).length]),
    [
      [150, 50],
      [150, 50],
    ],
  );
});
