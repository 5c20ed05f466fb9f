// Two recipes against the real thing on 127.0.0.1: OpenSSH's server, and HAProxy with traffic through it.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { read } from '../../unit/documentSet.ts';
import { setRecipe, writeProgram, type RecipeStage } from './stage.ts';

const sshd = ['/usr/sbin/sshd', '/usr/bin/sshd'].find(existsSync);
const haproxy = ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy'].find(existsSync);

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function start(context: TestContext, program: string, words: readonly string[]): ChildProcess {
  const child = spawn(program, words, { stdio: 'ignore' });
  context.after(() => child.kill());
  return child;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setTimeout(50);
}

/** A host `web-1`, to which `ssh` and `scp` of the stage sign in with a key. */
async function startSsh(context: TestContext, { folder, programs }: RecipeStage): Promise<void> {
  const at = (name: string): string => join(folder, 'ssh', name);
  const port = await freePort();
  mkdirSync(at('programs'), { recursive: true });
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  for (const name of ['host', 'user']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
  writeProgram(at('programs/sudo'), 'exec "$@"');
  writeProgram(at('programs/systemctl'), `[ "$1" = restart ] || cat '${folder}/srv/current/shop' > /dev/null`);
  const server = [
    ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${at('host')}`, `AuthorizedKeysFile ${at('user.pub')}`],
    ...['StrictModes no', 'UsePAM no', 'PermitRootLogin yes', 'PidFile none', 'Subsystem sftp internal-sftp'],
    `SetEnv PATH=${at('programs')}:/usr/bin:/bin`,
  ];
  const client = [
    ...['Host *', 'HostName 127.0.0.1', `Port ${port}`, `IdentityFile ${at('user')}`, 'IdentitiesOnly yes'],
    ...['UserKnownHostsFile /dev/null', 'StrictHostKeyChecking no', 'LogLevel ERROR', `ControlPath ${at('one')}`],
  ];
  writeFileSync(at('server.conf'), `${server.join('\n')}\n`);
  writeFileSync(at('client.conf'), `${client.join('\n')}\n`);
  for (const name of ['ssh', 'scp'])
    writeProgram(join(programs, name), `exec /usr/bin/${name} -F '${at('client.conf')}' "$@"`);
  start(context, sshd!, ['-D', '-f', at('server.conf')]);
  await until(() => spawnSync(join(programs, 'ssh'), ['web-1', 'true']).status === 0);
  // One connection for all: signing in takes most of the time.
  start(context, '/usr/bin/ssh', ['-F', at('client.conf'), '-M', '-N', 'web-1']);
  await until(() => existsSync(at('one')));
}

test(
  'systemd over SSH: a host gets a release, tells it, and gets the old one with its configuration back',
  { skip: sshd ? false : 'needs the server of OpenSSH', timeout: 60_000 },
  async context => {
    const stage = setRecipe(context, 'systemd-over-ssh', {
      variables: folder => ({ SHOP_FOLDER: join(folder, 'srv') }),
    });
    const { folder } = stage;
    mkdirSync(join(folder, 'artifacts'));
    for (const version of ['1.8.0', '1.9.0']) {
      writeFileSync(join(folder, 'shop'), `shop ${version}`);
      execFileSync('tar', ['-czf', `artifacts/shop-${version}.tar.gz`, 'shop'], { cwd: folder });
    }
    await startSsh(context, stage);
    const run = async (script: 'deploy' | 'check', version: string, currency: string): Promise<number> =>
      (await stage.run(script, { version, nodes: ['web-1'], configuration: `CURRENCY=${currency}\n` })).status;
    const running = (): readonly string[] =>
      ['shop', 'shop.env'].map(name => readFileSync(join(folder, 'srv/current', name), 'utf8').trim());

    const release = async (version: string, currency: string): Promise<readonly number[]> => [
      await run('deploy', version, currency),
      await run('check', version, currency),
    ];
    assert.deepEqual(await release('1.8.0', 'EUR'), [0, 0]);
    assert.deepEqual(await release('1.9.0', 'USD'), [0, 0]);
    assert.deepEqual([running(), await run('check', '1.8.0', 'EUR')], [['shop 1.9.0', 'CURRENCY=USD'], 1]);
    assert.deepEqual(await release('1.8.0', 'EUR'), [0, 0]);
    assert.deepEqual(running(), ['shop 1.8.0', 'CURRENCY=EUR']);
    assert.notEqual(await run('deploy', '9.9.9', 'EUR'), 0, 'there is no such artifact');
  },
);

test(
  'Docker Compose behind HAProxy: a node is upgraded and rolled back while no request is lost',
  { skip: haproxy ? false : 'needs HAProxy', timeout: 60_000 },
  async context => {
    const [front, blue, green, admin, exporter] = await Promise.all(Array.from({ length: 5 }, freePort));
    const stage = setRecipe(context, 'compose-haproxy', {
      standIns: ['docker'],
      variables: () => ({
        ...{ BLUE_PORT: String(blue), GREEN_PORT: String(green), HAPROXY_ADMIN: `127.0.0.1:${admin}` },
      }),
    });
    context.after(() => {
      for (const { pid } of Object.values(stage.deployed()) as unknown as { pid: number }[]) process.kill(pid);
    });
    const ports = { 8080: front, 8081: blue, 8082: green, 9999: admin, 8405: exporter };
    const configuration = read('media/recipes/compose-haproxy/haproxy.cfg').replaceAll(
      /127\.0\.0\.1:(\d+)/g,
      (_, port: string) => `127.0.0.1:${ports[Number(port) as keyof typeof ports]}`,
    );
    writeFileSync(join(stage.folder, 'haproxy.cfg'), configuration);
    start(context, haproxy!, ['-db', '-q', '-f', join(stage.folder, 'haproxy.cfg')]);
    const run = async (script: 'deploy' | 'check', version: string, ...nodes: readonly string[]): Promise<void> => {
      const answer = await stage.run(script, { version, nodes, configuration: `RELEASE=${version}\n` });
      assert.equal(answer.status, 0, answer.told);
    };
    const ask = async (): Promise<string> => {
      const answer = await fetch(`http://127.0.0.1:${front}/order`);
      return answer.ok ? answer.text() : `status ${answer.status}`;
    };
    await until(() => fetch(`http://127.0.0.1:${exporter}/metrics`).then(Boolean, () => false));
    await run('deploy', '1.8.0', 'shop-blue', 'shop-green');

    const answers = new Set<string>();
    let isOver = false;
    const traffic = (async () => {
      while (!isOver) answers.add(await ask());
    })();
    await run('deploy', '1.9.0', 'shop-blue');
    await run('check', '1.9.0', 'shop-blue');
    await run('check', '1.8.0', 'shop-green');
    await until(() => answers.size > 1);
    await run('deploy', '1.8.0', 'shop-blue');
    isOver = true;
    await traffic;
    assert.deepEqual([...answers].sort(), ['1.8.0', '1.9.0']);
    const counted = await (await fetch(`http://127.0.0.1:${exporter}/metrics`)).text();
    assert.match(counted, /haproxy_server_http_responses_total\{proxy="shop",server="shop-green",code="2xx"\} [1-9]/);
  },
);
