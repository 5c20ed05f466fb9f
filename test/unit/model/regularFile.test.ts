// A file that a repository brought along: a pipe, a device or a link out of the folder is refused at once, and nothing
// of it is read or quoted.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createFeedbackFile } from '../../../src/adapters/files/feedbackFile.ts';
import { feedbackFile } from '../../../src/model/evidence/feedback.ts';
import { readRegularFile } from '../../../src/model/regularFile.ts';
import { parsePipelineFile } from '../../../src/terminal/findPipeline.ts';
import { temporaryFolder } from '../adapters/store/historyFixture.ts';

const skip = process.platform === 'win32';

interface Place {
  readonly folder: string;
  readonly outside: string;
}

function newPlace(context: TestContext): Place {
  const folder = temporaryFolder(context),
    other = temporaryFolder(context);
  fs.mkdirSync(join(folder, '.backstop/pipelines'), { recursive: true });
  fs.writeFileSync(join(other, 'secret'), 'root:hash:1:1\n');
  return { folder, outside: join(other, 'secret') };
}

const hostile: Readonly<Record<string, readonly [make: (path: string, place: Place) => void, said: RegExp]>> = {
  'a pipe that nobody writes to': [path => void execFileSync('mkfifo', [path]), /is not a regular file/],
  'a link to a pipe of the folder': [
    (path, { folder }) => {
      execFileSync('mkfifo', [join(folder, 'pipe')]);
      fs.symlinkSync(join(folder, 'pipe'), path);
    },
    /is not a regular file/,
  ],
  'a link to an endless device': [path => fs.symlinkSync('/dev/zero', path), /leads out of the workspace folder/],
  'a link to a file elsewhere': [
    (path, { outside }) => fs.symlinkSync(outside, path),
    /leads out of the workspace folder/,
  ],
  'a link to itself': [path => fs.symlinkSync(path, path), /cannot be read \(ELOOP\)/],
  'a folder': [path => fs.mkdirSync(path), /is a folder, not a file/],
  'a file without end': [
    path => {
      fs.writeFileSync(path, '');
      fs.truncateSync(path, 100_000_000);
    },
    /is larger than/,
  ],
};

for (const [what, [make, said]] of Object.entries(hostile)) {
  test(`${what} as a feedback file is refused at once and not quoted`, { skip, timeout: 20_000 }, context => {
    const place = newPlace(context);
    make(join(place.folder, feedbackFile), place);
    const read = createFeedbackFile(place.folder).read();
    assert(!read.ok);
    assert.match(read.failure.message, said);
    assert.doesNotMatch(JSON.stringify(read.failure), /root:hash/);
  });

  test(`${what} as a pipeline file is refused at once and not quoted`, { skip, timeout: 20_000 }, context => {
    const place = newPlace(context);
    const file = '.backstop/pipelines/shop.yaml';
    make(join(place.folder, file), place);
    const parse = (): never => assert.fail('it was read');
    const read = parsePipelineFile({ parse }, place.folder, file);
    assert(!read.ok);
    assert.match(read.failure.message, said);
    assert.doesNotMatch(JSON.stringify(read.failure), /root:hash/);
  });
}

test(
  'a regular file is read whole, also through a link within the folder, and a named path may lie elsewhere',
  { skip },
  context => {
    const { folder, outside } = newPlace(context);
    fs.writeFileSync(join(folder, 'a'), 'x'.repeat(3_000_000));
    fs.symlinkSync(join(folder, 'a'), join(folder, 'b'));
    const bytes = (path: string, inside?: string): number | undefined => {
      const read = readRegularFile(fs, path, 5_000_000, inside);
      return 'bytes' in read ? read.bytes.length : undefined;
    };
    assert.deepEqual(
      [bytes(join(folder, 'b'), folder), bytes(outside), bytes(outside, folder)],
      [3_000_000, 14, undefined],
    );
  },
);

test('what grows while it is read is not read beyond the limit', () => {
  let left = 100;
  const growing = {
    ...fs,
    realpathSync: (path: string) => path,
    openSync: () => 9,
    closeSync: () => undefined,
    fstatSync: () => ({ isFile: () => true, isDirectory: () => false, size: 5 }),
    readSync: (_: number, buffer: Uint8Array) => (left-- > 0 ? buffer.length : 0),
  };
  assert.deepEqual(readRegularFile(growing, '/x/a', 10_000, '/x'), { mistake: 'is larger than 10 kB' });
});
