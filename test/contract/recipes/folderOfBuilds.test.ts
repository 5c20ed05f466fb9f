// The recipe whose versions a command lists: its pipeline and scripts with the real command line. Hosts are folders.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { root } from '../../unit/documentSet.ts';
import { writeProgram } from './stage.ts';

const cli = join(root, 'dist/cli.js');
const nodes = ['web-1', 'web-2', 'web-3', 'web-4'];

/** The log of a host, until now: release 1.9.0 refuses every order from its start on. */
const journal = `import { readFileSync, statSync } from 'node:fs';
const file = 'hosts/' + process.argv[2] + '/running';
const isBad = readFileSync(file, 'utf8').startsWith('1.9.0'), sinceMs = statSync(file).mtimeMs;
for (let atMs = Date.now() - 60_000; atMs < Date.now(); atMs += 250) {
  const refuses = isBad && atMs > sinceMs;
  const said = refuses ? 'ERROR payment refused: no currency for order' : 'INFO placed order';
  console.log(new Date(atMs).toISOString(), said, Math.round(atMs));
}`;
const ssh = `host=$1; shift
[ "$1" = journalctl ] && exec '${process.execPath}' journal.mjs "$host"
eval "$(echo "$*" | sed "s#/srv/shop#hosts/$host#g")"`;
const scp = `to=$(echo "$3" | sed 's#^\\(.*\\):/srv/shop/#hosts/\\1/#'); cp "$2" "$to"`;

function setWorkspace(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'backstop-folder-of-builds-'));
  context.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  cpSync(join(root, 'media/recipes/folder-of-builds'), folder, { recursive: true });
  const file = join(folder, '.backstop/pipelines/shop.yaml');
  const short = readFileSync(file, 'utf8')
    .replaceAll('settle: 1m', 'settle: 0s')
    .replace('duration: 10m', 'duration: 20s, interval: 1s, proof: 2s, history: 1m');
  writeFileSync(file, short.replace('phases:', 'watch: 0s\n      phases:'));
  writeFileSync(join(folder, 'journal.mjs'), journal);
  mkdirSync(join(folder, 'programs'));
  for (const [name, script] of Object.entries({ ssh, scp, sudo: 'exit 0' }))
    writeProgram(join(folder, 'programs', name), script);
  mkdirSync(join(folder, 'builds'));
  for (const [place, version] of ['1.8.0', '1.8.1', '1.9.0'].entries()) {
    const build = join(folder, `builds/shop-${version}.tar.gz`);
    execFileSync('tar', ['-czf', build, 'config/shop.json'], { cwd: folder });
    utimesSync(build, 1_000 + place, 1_000 + place);
  }
  writeFileSync(join(folder, 'builds/shop-2.0.0.tar.gz.part'), 'half of it');
  for (const node of nodes) {
    mkdirSync(join(folder, 'hosts', node), { recursive: true });
    writeFileSync(join(folder, 'hosts', node, 'running'), '1.8.0 ?');
  }
  const backstop = (...words: readonly string[]) =>
    spawnSync(process.execPath, [cli, ...words], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: [join(folder, 'programs'), dirname(process.execPath), process.env['PATH']].join(delimiter),
        BACKSTOP_HOME: join(folder, 'home'),
        BACKSTOP_USER: 'maria',
      },
    });
  const versions = () => nodes.map(node => readFileSync(join(folder, `hosts/${node}/running`), 'utf8').split(' ')[0]);
  return { backstop, versions };
}

const skip = !existsSync(cli)
  ? 'npm run build first'
  : process.platform === 'win32'
    ? 'its scripts are for a POSIX shell'
    : false;

test('a folder of builds: the newest whole one is deployed, and its own log rolls it back', { skip }, context => {
  const { backstop, versions } = setWorkspace(context);
  const listed = backstop('builds', 'shop', '--json');
  assert.equal(listed.status, 0, listed.stderr);
  assert.deepEqual(listed.stdout.match(/\d\.\d\.\d/g), ['1.9.0', '1.8.1', '1.8.0']);
  const adopted = backstop('adopt', 'shop', '-e', 'production', '--version', '1.8.0', '--unchecked');
  assert.equal(adopted.status, 0, adopted.stderr);

  const run = backstop('run', 'shop');
  assert.equal(run.status, 1, run.stdout + run.stderr);
  assert.match(run.stdout, /1 new log event on 1 canary node/);
  assert.match(run.stdout, /Rolled back automatically to 1\.8\.0/);
  assert.deepEqual(versions(), ['1.8.0', '1.8.0', '1.8.0', '1.8.0']);

  const unknown = backstop('run', 'shop', '--version', '2.0.0');
  assert.equal(unknown.status, 3, unknown.stdout + unknown.stderr);
  assert.match(unknown.stderr, /Version 2\.0\.0 is not among the first 3 that this program lists/);
});
