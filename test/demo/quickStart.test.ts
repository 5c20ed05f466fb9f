// The quick start as a reader types it: its commands are those of the page, and a bad release is rolled back, once by
// its log and once by its metrics, without any account.
import assert from 'node:assert/strict';
import { execFile, type ExecFileException } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { blocksOf, read, root } from '../unit/documentSet.ts';

const cli = join(root, 'dist/cli.js');
const page = read('media/docs/quick-start.md');
/** Of the page; a whole minute a phase is longer than a test needs. */
const [copy = '', init = '', look = '', ...runs] = blocksOf(page, 'sh');
const start = blocksOf(page, 'text').find(block => block.startsWith('start() {')) ?? '';

interface Reader {
  /** In the shell of the reader, in the folder. */
  type(commands: string): Promise<{ readonly status: number; readonly told: string }>;
  readonly folder: string;
}

async function sitDown(context: TestContext): Promise<Reader> {
  const home = mkdtempSync(join(tmpdir(), 'backstop-quick-start-'));
  const folder = join(home, 'shop');
  const port = await freePorts();
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
    ...{ HOME: home, BACKSTOP_HOME: join(home, 'store'), BACKSTOP_USER: 'maria', BACKSTOP_GUARD: 'off' },
  };
  const type: Reader['type'] = commands =>
    new Promise(resolve => {
      const text = commands
        .replace('8081..8085', `${port}..${port + 4}`)
        .replace('./start.sh', `./start.sh ${port}`)
        .replace('--duration 60', '--duration 10');
      const script = `backstop() { '${process.execPath}' '${cli}' "$@"; }\nset -e\n${text}`;
      const cwd = existsSync(folder) ? folder : root;
      execFile('/bin/sh', ['-c', script], { cwd, env }, (error: ExecFileException | null, out, err) =>
        resolve({ status: error === null ? 0 : Number(error.code), told: out + err }),
      );
    });
  context.after(async () => {
    await type('./stop.sh');
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });
  return { type, folder };
}

/** The first of five. */
async function freePorts(): Promise<number> {
  const listen = (port: number): Promise<Server | undefined> =>
    new Promise(resolve => {
      const server = createServer();
      server.once('error', () => resolve(undefined)).listen(port, '127.0.0.1', () => resolve(server));
    });
  for (;;) {
    const first = await listen(0);
    const port = (first?.address() as AddressInfo).port;
    const servers = [first, ...(await Promise.all([1, 2, 3, 4].map(more => listen(port + more))))];
    await Promise.all(servers.map(server => new Promise(resolve => (server ? server.close(resolve) : resolve(0)))));
    if (servers.every(Boolean)) return port;
  }
}

const skip = existsSync(cli) && process.platform !== 'win32' ? false : 'npm run build first; it is written for a shell';

test('the quick start ends with bad releases that are rolled back', { skip, timeout: 300_000 }, async context => {
  const { type, folder } = await sitDown(context);
  const expect = async (commands: string, status: number, ...told: readonly RegExp[]): Promise<void> => {
    const answer = await type(commands);
    assert.equal(answer.status, status, answer.told);
    for (const one of told) assert.match(answer.told, one);
  };
  await expect(copy, 0);
  await expect(init, 0, /requests: http_requests_total/, /Next: fill in scripts\/deploy\.sh, then/);
  const script = join(folder, 'scripts/deploy.sh');
  writeFileSync(
    script,
    readFileSync(script, 'utf8').replace(/start\(\) \{[\s\S]*?\nexit 1\n/, () => start),
  );
  await expect(look, 0, /5 of 5 nodes seen/, /phase 1 of 3.*: compares web-1 with web-2, web-3/);
  const [byLog = '', byMetrics = ''] = runs;
  await expect(byLog, 1, /1 new log event on 1 canary node/, /verified healthy by \d checks, 1\.8\.0/);
  await expect(
    byMetrics,
    1,
    /Verification failed: errors [\d.]+ % against 0 %/,
    /Rolled back automatically to 1\.8\.0/,
  );
  await expect('cat run/web-1/release', 0, /^1\.8\.0 /);
});
