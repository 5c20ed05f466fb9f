// Log files as they are found: every physical line, in bounded memory, and one clear failure for what is no log file.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { splitLines } from '../../../../src/adapters/files/lineSplitter.ts';
import { openLines, openLogFile } from '../../../../src/adapters/files/logFiles.ts';
import type { Result } from '../../../../src/model/failure.ts';

const folder = mkdtempSync(join(tmpdir(), 'backstop-log-files-'));
after(() => {
  rmSync(folder, { recursive: true });
});
let files = 0;
function file(content: string | Uint8Array): string {
  const path = join(folder, `log${files++}`);
  writeFileSync(path, content);
  return path;
}
async function collect<T>(opened: Result<AsyncIterable<readonly T[]>>): Promise<T[]> {
  assert.ok(opened.ok, opened.ok ? '' : opened.failure.message);
  return gather(opened.value);
}
async function unwrap<T>(opened: Promise<Result<T>>): Promise<T> {
  const result = await opened;
  assert.ok(result.ok);
  return result.value;
}
async function gather<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}
async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test('lines end with \\n or \\r\\n, empty ones count, and so does a last one without an end', async () => {
  assert.deepEqual(await collect(await openLines(file('a\r\n\nb\rc\n\n last'))), ['a', '', 'b\rc', '', ' last']);
  assert.deepEqual(await collect(await openLines(file('a\n'))), ['a']);
  assert.deepEqual(await collect(await openLines(file('\n'))), ['']);
  assert.deepEqual(await collect(await openLines(file(''))), []);
});

test('wherever the chunks are cut, the lines are the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '日', '\r', '\t', '😀') })),
      fc.boolean(),
      fc.integer({ min: 1, max: 9 }),
      async (lines, ended, size) => {
        const text = lines.join('\n') + (ended && lines.length > 0 ? '\n' : '');
        const expected =
          text === ''
            ? []
            : text
                .replace(/\n$/, '')
                .split('\n')
                .map(line => line.replace(/\r$/, ''));
        assert.deepEqual(await gather(splitLines(chunksOf(Buffer.from(text), size))), expected);
      },
    ),
  );
});

test('of a very long line the first 64 kB are kept, and the lines around it are whole', async () => {
  const lines = await collect(await openLines(file(`first\n${'x'.repeat(3_000_000)}\nlast`)));
  assert.deepEqual(
    lines.map(line => line.length),
    [5, 65_536, 4],
  );
});

test('a line of 100 MB does not take memory of its size', async () => {
  const chunk = Buffer.alloc(1_000_000, 'x');
  async function* endless(): AsyncGenerator<Buffer> {
    for (let i = 0; i < 100; i++) yield chunk;
    yield Buffer.from('\nlast');
  }
  const before = process.memoryUsage().arrayBuffers;
  const lines = await gather(splitLines(endless()));
  assert.deepEqual(
    lines.map(line => line.length),
    [65_536, 4],
  );
  assert.ok(process.memoryUsage().arrayBuffers - before < 50_000_000);
});

test('bytes that are no UTF-8 become replacement characters, and a byte order mark goes', async () => {
  assert.deepEqual(await collect(await openLines(file(Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff, 0x62, 0x0a])))), [
    'a\ufffdb',
  ]);
});

test('gzip is known by its content', async () => {
  assert.deepEqual(await collect(await openLines(file(gzipSync('a\nb\n')))), ['a', 'b']);
  assert.deepEqual(await collect(await openLines(file(Buffer.concat([gzipSync('a\n'), gzipSync('b\n')])))), ['a', 'b']);
});

test('standard input is read the same way', async () => {
  async function* input(): AsyncGenerator<Buffer> {
    yield gzipSync('a\nb');
  }
  assert.deepEqual(await collect(await openLines('-', input())), ['a', 'b']);
  async function* damaged(): AsyncGenerator<Buffer> {
    yield gzipSync('a line\n'.repeat(50_000)).subarray(0, 300);
  }
  const opened = await openLines('-', damaged());
  assert.ok(!opened.ok);
  assert.equal(opened.failure.message, 'Standard input is a damaged gzip file.');
  async function* nothing(): AsyncGenerator<Buffer> {
    /* ends at once */
  }
  assert.deepEqual(await collect(await openLines('-', nothing())), []);
});

test('what a pipe gives byte by byte is known like what it gives at once', async () => {
  const bytes = gzipSync('erste Zeile: größer\nzweite\n');
  for (const size of [1, 2, 7])
    assert.deepEqual(await collect(await openLines('-', chunksOf(bytes, size))), ['erste Zeile: größer', 'zweite']);
  assert.deepEqual(
    await collect(await openLines('-', chunksOf(Buffer.from('\u0007Klingel an der Tuer, zum ersten Mal\n'), 1))),
    ['\u0007Klingel an der Tuer, zum ersten Mal'],
    'one control character is no binary file',
  );
});

test('what is no log file is one failure that names it', async () => {
  const random = Buffer.from(
    Array.from({ length: 70_000 }, (_, index) => (index * 7919 + (index >> 3) * 104_729) % 256),
  );
  const cases: readonly (readonly [string, RegExp])[] = [
    [join(folder, 'missing.log'), /^There is no file ".*missing\.log"\.$/],
    [folder, /is a folder/],
    [file(random), /is not a text file/],
    [file(gzipSync(random)), /is not a text file/],
    [file(Buffer.from('a line\n'.repeat(9), 'utf16le')), /is not a text file/],
    [file(gzipSync('a line\n'.repeat(50_000)).subarray(0, 300)), /is a damaged gzip file/],
  ];
  for (const [path, message] of cases) {
    const opened = await openLines(path);
    assert.ok(!opened.ok, String(message));
    assert.equal(opened.failure.kind, 'invalid');
    assert.match(opened.failure.message, message);
  }
});

test('a file is closed after it was read, refused, or left in the middle', async () => {
  const open = () =>
    readdirSync('/proc/self/fd')
      .map(fd => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`);
        } catch {
          return '';
        }
      })
      .filter(name => name.startsWith(folder)).length;
  if (!existsSync('/proc/self/fd')) return;
  await gather(await unwrap(openLines(file('a\nb'))));
  await openLines(file(Buffer.alloc(1_000_000)));
  for await (const _ of await unwrap(openLines(file('a\n'.repeat(1_000_000))))) break;
  for (let turn = 0; turn < 2_000 && open() > 0; turn++)
    await new Promise(resolve => {
      setImmediate(resolve);
    });
  assert.equal(open(), 0);
});

test('log lines bear the node, and the time of the last line that told one', async () => {
  const path = file('start\n2026-11-23T07:00:00.5Z one\n\tat x\n[2026-11-23 08:00:00,250 +0100] two\n');
  const at = Date.UTC(2026, 10, 23, 7);
  assert.deepEqual(await collect(await openLogFile(path, 'n1')), [
    { atMs: 0, node: 'n1', text: 'start' },
    { atMs: at + 500, node: 'n1', text: '2026-11-23T07:00:00.5Z one' },
    { atMs: at + 500, node: 'n1', text: '\tat x' },
    { atMs: at + 250, node: 'n1', text: '[2026-11-23 08:00:00,250 +0100] two' },
  ]);
});

test('UTF-16 with its byte order mark is read, whichever byte comes first and wherever chunks are cut', async () => {
  const text = 'served 7\r\n\u3042 \ud83d\ude00 lost\r\n',
    little = Buffer.from(`\ufeff${text}`, 'utf16le');
  for (const bytes of [little, Buffer.from(little).swap16(), gzipSync(little)])
    assert.deepEqual(await collect(await openLines(file(bytes))), ['served 7', '\u3042 \ud83d\ude00 lost']);
  const pieces = await openLines('-', chunksOf(little, 3));
  assert.deepEqual(await collect(pieces), ['served 7', '\u3042 \ud83d\ude00 lost']);
});
