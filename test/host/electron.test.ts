// `npm run test:electron` passes VS Code the same as `npm run test:host`: checked with a program that only records its
// start.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { extensionDevelopmentPath, extensionTestsPath } from '../editor/buildSuite.ts';

const launcher = join(import.meta.dirname, 'electron.ts');

for (const status of [0, 3]) {
  test(
    `the launcher for desktop VS Code starts it with the same paths, and fails when it does (status ${status})`,
    { skip: process.platform === 'win32' && 'the stub is a script with a first line' },
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'backstop-stub-'));
      try {
        const stub = join(folder, 'code');
        const note = join(folder, 'started.json');
        writeFileSync(
          stub,
          `#!${process.execPath}\nrequire('node:fs').writeFileSync(${JSON.stringify(note)}, ` +
            'JSON.stringify({ words: process.argv.slice(2), home: process.env.BACKSTOP_HOME, mode: ' +
            `process.env.BACKSTOP_TEST_MODE }));\nprocess.exit(${status});\n`,
          { mode: 0o755 },
        );
        const environment = Object.fromEntries(
          Object.entries(process.env).filter(([name]) => name !== 'NODE_TEST_CONTEXT'),
        );
        const ended = spawnSync(process.execPath, [launcher], {
          env: { ...environment, BACKSTOP_TEST_EDITOR: stub },
          encoding: 'utf8',
          timeout: 60_000,
        });
        assert.equal(ended.status, status === 0 ? 0 : 1, ended.stderr);
        const started = JSON.parse(readFileSync(note, 'utf8')) as {
          words: readonly string[];
          home: string;
          mode: string;
        };
        assert.ok(
          started.words.includes(`--extensionDevelopmentPath=${extensionDevelopmentPath}`),
          started.words.join(' '),
        );
        assert.ok(started.words.includes(`--extensionTestsPath=${extensionTestsPath}`), started.words.join(' '));
        assert.equal(started.mode, 'suite');
        assert.notEqual(started.home, undefined);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
}
