// A configuration goes into the store and comes out again byte for byte, or not at all.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { configurationDigest, createConfigurations, releaseId } from '../../../../src/adapters/files/configurations.ts';
import type { Configurations } from '../../../../src/model/ports.ts';
import { temporaryFolder } from '../store/historyFixture.ts';

interface Fixture {
  folder: string;
  home: string;
  blobs: Map<string, Uint8Array>;
  configurations: Configurations;
}

function newFixture(context: TestContext, files: Record<string, string | Uint8Array> = {}): Fixture {
  const [folder, home] = [temporaryFolder(context), temporaryFolder(context)];
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const blobs = new Map<string, Uint8Array>();
  const access = {
    saveBlob: (digest: string, content: Uint8Array) => void blobs.set(digest, content),
    readBlob: (digest: string) => blobs.get(digest),
  };
  return { folder, home, blobs, configurations: createConfigurations({ folder, home, blobs: access }) };
}

function filesIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .map(path => [path.slice(folder.length + 1), readFileSync(path, 'latin1')] as const)
      .sort(),
  );
}

test('captured files come out as exactly these files, with variables.json, for their owner alone', context => {
  const { configurations, folder } = newFixture(context, {
    'config/app.yaml': 'a: 1\n',
    binary: new Uint8Array([0, 255, 13, 10]),
    'not-asked-for': 'x',
  });
  const captured = configurations.capture(['config/app.yaml', './binary', 'binary'], { ZONE: 'eu', __proto__x: '1' });
  assert(captured.ok);
  assert.deepEqual(
    captured.value.files.map(({ path, sizeBytes }) => [path, sizeBytes]),
    [
      ['binary', 4],
      ['config/app.yaml', 5],
    ],
  );
  assert.equal(captured.value.files[1]!.digest, createHash('sha256').update('a: 1\n').digest('hex'));
  writeFileSync(join(folder, 'config/app.yaml'), 'changed after the capture');
  const [first, second] = [
    configurations.materialise(captured.value, '20261123-140200-k3f9'),
    configurations.materialise(captured.value, '20261123-140200-k3f9'),
  ];
  assert(first.ok && second.ok);
  assert.notEqual(first.value, second.value);
  assert.deepEqual(filesIn(first.value), {
    binary: '\u0000ÿ\r\n',
    'config/app.yaml': 'a: 1\n',
    'variables.json': '{\n  "ZONE": "eu",\n  "__proto__x": "1"\n}\n',
  });
  if (process.platform !== 'win32')
    assert.deepEqual(
      [first.value, join(first.value, 'binary')].map(path => statSync(path).mode & 0o777),
      [0o700, 0o600],
    );
});

test(
  'every mistake is named in one message, and nothing is stored',
  { skip: process.platform === 'win32' },
  context => {
    const { configurations, folder, blobs } = newFixture(context, {
      good: 'x',
      'folder/file': 'x',
      'variables.json': '{}',
      huge: '',
    });
    truncateSync(join(folder, 'huge'), 10 * 1024 * 1024 + 1);
    symlinkSync('/etc/hostname', join(folder, 'link'));
    symlinkSync('/etc', join(folder, 'linked-folder'));
    const captured = configurations.capture(
      [
        'good',
        'missing',
        'good/below',
        'folder',
        '../outside',
        '/etc/hostname',
        'link',
        'linked-folder/hostname',
        'huge',
        'variables.json',
      ],
      {},
    );
    assert(!captured.ok);
    assert.equal(captured.failure.kind, 'invalid');
    assert.deepEqual(
      captured.failure.message
        .replace(/^The configuration cannot be read: /, '')
        .replace(/\.$/, '')
        .split('; '),
      [
        'missing does not exist',
        'good/below does not exist',
        'folder is a folder, not a file',
        '../outside lies outside the workspace folder',
        '/etc/hostname lies outside the workspace folder',
        'link is a link that leads out of the workspace folder',
        'linked-folder/hostname is a link that leads out of the workspace folder',
        'huge is larger than 10 MB',
        'variables.json has a name that Backstop needs for the variables',
      ],
    );
    assert.equal(blobs.size, 0);
  },
);

test(
  'a link within the workspace folder is followed, and 10 MB are not too much',
  { skip: process.platform === 'win32' },
  context => {
    const { configurations, folder } = newFixture(context, { real: 'content', large: '' });
    truncateSync(join(folder, 'large'), 10 * 1024 * 1024);
    symlinkSync('real', join(folder, 'link'));
    const captured = configurations.capture(['link', 'large'], {});
    assert(captured.ok);
    assert.deepEqual(
      captured.value.files.map(({ path, sizeBytes }) => [path, sizeBytes]),
      [
        ['large', 10 * 1024 * 1024],
        ['link', 7],
      ],
    );
  },
);

test('the digest depends on names, contents and variables, not on their order', () => {
  const files = [
    { path: 'a', digest: '1', sizeBytes: 1 },
    { path: 'b', digest: '2', sizeBytes: 1 },
  ];
  const digest = configurationDigest(files, { X: '1', Y: '2' });
  assert.equal(configurationDigest(files.toReversed(), { Y: '2', X: '1' }), digest);
  const others = [
    configurationDigest(files.slice(1), { X: '1', Y: '2' }),
    configurationDigest(files, { X: '1' }),
    configurationDigest(files, { X: '1', Y: '3' }),
    configurationDigest([{ ...files[0]!, digest: '2' }, files[1]!], { X: '1', Y: '2' }),
    configurationDigest([{ ...files[0]!, path: 'c' }, files[1]!], { X: '1', Y: '2' }),
    configurationDigest([], { a: '1', b: '2', X: '1', Y: '2' }),
  ];
  assert.equal(new Set([digest, ...others]).size, 7);
});

test('a release is another one when service, version, artifact or configuration is', () => {
  const ids = [
    ...[
      ['shop', '1', 'd'],
      ['shop', '2', 'd'],
      ['shop', '1', 'e'],
      ['sho', 'p1', 'd'],
    ].map(([service, version, digest]) => releaseId(service!, { version: version! }, digest!)),
    releaseId(
      'shop',
      { version: '1', build: { job: 'shop', number: 7, url: '', file: { path: 'a.jar', url: '', fingerprint: 'f' } } },
      'd',
    ),
  ];
  assert.equal(new Set(ids).size, 5);
  assert.equal(releaseId('shop', { version: '1' }, 'd'), ids[0]);
  assert.match(ids[0]!, /^[0-9a-f]{64}$/);
});

test('content that was changed or lost in the store is never handed to a hook', context => {
  const { configurations, blobs } = newFixture(context, { a: 'one' });
  const captured = configurations.capture(['a'], {});
  assert(captured.ok);
  const { digest } = captured.value.files[0]!;
  const read = configurations.read(digest);
  assert(read.ok);
  assert.equal(String(Buffer.from(read.value)), 'one');
  blobs.set(digest, Buffer.from('two'));
  const changed = configurations.materialise(captured.value, 'run');
  assert(!changed.ok);
  assert.match(changed.failure.message, /was changed/);
  blobs.clear();
  const lost = configurations.read(digest);
  assert(!lost.ok);
  assert.match(lost.failure.message, /no content/);
});

test('a stored configuration cannot write outside its folder', context => {
  const { configurations, home, blobs } = newFixture(context);
  const digest = createHash('sha256').update('x').digest('hex');
  blobs.set(digest, Buffer.from('x'));
  const written = configurations.materialise(
    { digest: 'd'.repeat(64), files: [{ path: '../../../escaped', digest, sizeBytes: 1 }], variables: {} },
    '../up',
  );
  assert(!written.ok);
  assert.match(written.failure.message, /leaves its folder/);
  assert.equal(readdirSync(join(home)).join(), 'configurations');
});
