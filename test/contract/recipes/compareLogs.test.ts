// The recipe that compares two logs in a hook: its pipeline and its scripts, with the real command line and no account.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { test, type TestContext } from 'node:test';
import { read, root } from '../../unit/documentSet.ts';

const cli = join(root, 'dist/cli.js');
const recipe = (path: string): string => read(`media/recipes/compare-logs/${path}`);
const pipeline = recipe('.backstop/pipelines/shop.yaml');
const [check, compare] = [recipe('scripts/check.sh'), recipe('scripts/compare.sh')];

/** The reader's own part: a node is a folder, and release 1.9.0 logs an error that no release before it logged. */
const deploy = `#!/bin/sh
set -eu
for node in $(echo "$BACKSTOP_NODES" | tr , ' '); do
  printf '%s' "$BACKSTOP_VERSION $BACKSTOP_CONFIG_DIGEST" > "nodes/$node/version"
  if [ "$BACKSTOP_VERSION" = 1.9.0 ]; then
    for order in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
      echo "2026-11-29T18:00:00Z ERROR payment refused: no currency for order $order" >> "nodes/$node/log"
    done
  fi
done
`;
/** What its scripts call: instead of a network, files below nodes/. */
const programs: Readonly<Record<string, string>> = {
  sleep: '#!/bin/sh\n',
  ssh: '#!/bin/sh\ncat "nodes/$1/log"\n',
  curl: '#!/bin/sh\nfor last; do :; done\nnode=${last#http://}\ncat "nodes/${node%%:*}/version"\n',
};

function write(file: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
}

function setWorkspace(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'backstop-quick-start-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  write(join(folder, '.backstop/pipelines/shop.yaml'), pipeline);
  write(join(folder, 'config/shop.json'), '{}');
  for (const [name, text] of Object.entries({ deploy, check, compare }))
    write(join(folder, `scripts/${name}.sh`), text, 0o755);
  for (const [name, text] of Object.entries(programs)) write(join(folder, 'programs', name), text, 0o755);
  const orders = Array.from({ length: 300 }, (_, at) => `2026-11-29T18:00:00Z INFO order ${at} placed\n`).join('');
  for (const node of ['web-1', 'web-2', 'web-3', 'web-4']) write(join(folder, `nodes/${node}/log`), orders);
  const backstop = (...words: readonly string[]) =>
    spawnSync(process.execPath, [cli, ...words], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `${join(folder, 'programs')}:${process.env['PATH']}`,
        BACKSTOP: `${process.execPath} ${cli}`,
        BACKSTOP_HOME: join(folder, 'home'),
        BACKSTOP_USER: 'maria',
      },
    });
  return { folder, backstop };
}

const skip = existsSync(cli)
  ? process.platform === 'win32'
    ? 'its scripts are for a POSIX shell'
    : false
  : 'npm run build first';

test('comparing two logs in a hook catches a release with a new error, and promotes one without', { skip }, context => {
  const { folder, backstop } = setWorkspace(context);
  const versions = () =>
    ['web-1', 'web-2', 'web-3', 'web-4'].map(
      node => readFileSync(join(folder, `nodes/${node}/version`), 'utf8').split(' ')[0],
    );
  assert.equal(backstop('validate').status, 0);
  const adopted = backstop('adopt', 'shop', '-e', 'canary', '-e', 'production', '--version', '1.8.0', '--unchecked');
  assert.equal(adopted.status, 0, adopted.stderr);

  const promoted = backstop('run', 'shop', '--version', '1.8.1');
  assert.equal(promoted.status, 0, promoted.stdout + promoted.stderr);
  assert.deepEqual(versions(), ['1.8.1', '1.8.1', '1.8.1', '1.8.1']);

  const caught = backstop('run', 'shop', '--version', '1.9.0');
  assert.equal(caught.status, 1, caught.stdout + caught.stderr);
  assert.match(caught.stdout, /1 new log event on 1 canary node: 20 lines, none in the baseline/);
  assert.deepEqual(versions(), ['1.8.1', '1.8.1', '1.8.1', '1.8.1']);
});
