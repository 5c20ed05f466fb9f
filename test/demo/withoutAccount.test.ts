// A release is judged without any account: five small HTTP servers write log files and tell their counters, and the one
// that gets a bad release is rolled back because of its own log.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setInterval } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { root } from '../unit/documentSet.ts';

const cli = join(root, 'dist/cli.js');
const nodes = ['web-1', 'web-2', 'web-3', 'web-4', 'web-5'];

const pipeline = `version: 1
service: shop
environments:
  production: { nodes: [${nodes.join(', ')}] }
hooks:
  deploy: { command: [node, deploy.mjs] }
  check: { command: [node, check.mjs] }
healthSources:
  quality: { files: { logs: 'logs/{node}/*.log', delay: 1s } }
  performance:
    command:
      values: [node, metrics.mjs, '{node}']
      delay: 1s
      metrics:
        requests: { series: http_requests_total, kind: count, direction: either }
        errors: { series: 'http_requests_total{code=~"5.."}', kind: count, per: requests }
stages:
  - stage: Production
    environment: production
    canary:
      deploy: deploy
      rollback: deploy
      check: check
      phases:
        - { nodes: 1, settle: 1s }
        - { nodes: 5, settle: 1s }
    verification: { duration: 20s, interval: 1s, history: 1m, proof: 3s }
`;

/** Its version is that of the file beside it; release 2.0.0 refuses every third order. */
const server = `
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
const [node] = process.argv.slice(2);
const release = () => readFileSync(\`nodes/\${node}/release\`, 'utf8');
const log = line => appendFileSync(\`logs/\${node}/shop.log\`, \`\${new Date().toISOString()} \${line}\\n\`);
const counts = { 200: 0, 500: 0 };
let orders = 0;
createServer((request, response) => {
  if (request.url === '/release') return response.end(release());
  if (request.url === '/metrics')
    return response.end('# TYPE http_requests_total counter\\n' +
      Object.entries(counts).map(([code, count]) => \`http_requests_total{code="\${code}"} \${count}\\n\`).join(''));
  orders += 1;
  const isBad = release().startsWith('2.0.0') && orders % 3 === 0;
  counts[isBad ? 500 : 200] += 1;
  if (isBad) log(\`ERROR payment refused: no currency for order \${orders}\\n    at shop.Pay.charge(Pay.java:42)\`);
  else log(\`INFO order \${orders} placed in \${10 + orders % 7} ms\`);
  response.statusCode = isBad ? 500 : 200;
  response.end();
}).listen(0, '127.0.0.1', function () { writeFileSync(\`nodes/\${node}/port\`, String(this.address().port)); });
`;
const programs: Readonly<Record<string, string>> = {
  'server.mjs': server,
  'deploy.mjs': `import { writeFileSync } from 'node:fs';
const { BACKSTOP_NODES, BACKSTOP_VERSION, BACKSTOP_CONFIG_DIGEST } = process.env;
for (const node of BACKSTOP_NODES.split(','))
  writeFileSync(\`nodes/\${node}/release\`, \`\${BACKSTOP_VERSION} \${BACKSTOP_CONFIG_DIGEST}\`);
`,
  'check.mjs': `import { readFileSync } from 'node:fs';
const { BACKSTOP_NODES, BACKSTOP_VERSION, BACKSTOP_CONFIG_DIGEST } = process.env;
for (const node of BACKSTOP_NODES.split(',')) {
  const answer = await fetch(\`http://127.0.0.1:\${readFileSync(\`nodes/\${node}/port\`, 'utf8')}/release\`);
  if (await answer.text() !== \`\${BACKSTOP_VERSION} \${BACKSTOP_CONFIG_DIGEST}\`) process.exit(1);
}
`,
  'metrics.mjs': `import { readFileSync } from 'node:fs';
const port = readFileSync(\`nodes/\${process.argv[2]}/port\`, 'utf8');
console.log(await (await fetch(\`http://127.0.0.1:\${port}/metrics\`)).text());
`,
};

async function setStage(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'backstop-without-account-'));
  const ended = new AbortController();
  context.after(() => {
    ended.abort();
    rmSync(folder, { recursive: true, force: true });
  });
  mkdirSync(join(folder, '.backstop/pipelines'), { recursive: true });
  writeFileSync(join(folder, '.backstop/pipelines/shop.yaml'), pipeline);
  for (const [name, body] of Object.entries(programs)) writeFileSync(join(folder, name), body);
  for (const node of nodes) {
    for (const part of ['nodes', 'logs']) mkdirSync(join(folder, part, node), { recursive: true });
    writeFileSync(join(folder, 'nodes', node, 'release'), '1.0.0 -');
    spawn(process.execPath, ['server.mjs', node], { cwd: folder, stdio: 'inherit', signal: ended.signal }).on(
      'error',
      () => {},
    );
  }
  const portOf = (node: string): string => join(folder, 'nodes', node, 'port');
  for await (const _ of setInterval(20)) if (nodes.every(node => existsSync(portOf(node)))) break;
  const addresses = nodes.map(node => `http://127.0.0.1:${readFileSync(portOf(node), 'utf8')}/order`);
  void sendOrders(addresses, ended.signal);
  const backstop = async (...words: readonly string[]) => {
    const child = spawn(process.execPath, [cli, ...words], {
      cwd: folder,
      env: { ...process.env, BACKSTOP_HOME: join(folder, 'home'), BACKSTOP_USER: 'maria', BACKSTOP_GUARD: 'off' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const status = new Promise<number | null>(resolve => child.once('close', resolve));
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { status: await status, told: out + err };
  };
  return { folder, backstop };
}

async function sendOrders(addresses: readonly string[], signal: AbortSignal): Promise<void> {
  try {
    for await (const _ of setInterval(50, undefined, { signal }))
      await Promise.all(addresses.map(address => fetch(address, { signal })));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

test(
  'a bad release is rolled back by its own log files, without an account',
  { skip: existsSync(cli) ? false : 'npm run build first', timeout: 60_000 },
  async context => {
    const { folder, backstop } = await setStage(context);
    const adopted = await backstop('adopt', 'shop', '-e', 'production', '--version', '1.0.0', '--unchecked');
    assert.equal(adopted.status, 0, adopted.told);
    const checked = await backstop('check-sources', 'shop');
    assert.equal(checked.status, 0, checked.told);

    const run = await backstop('run', 'shop', '--version', '2.0.0');
    assert.equal(run.status, 1, run.told);
    assert.match(run.told, /1 log event never seen .* lines on 1 canary node/);
    assert.match(run.told, /verified healthy by \d checks, 1\.0\.0 and its configuration are restored/);
    assert.deepEqual(
      nodes.map(node => readFileSync(join(folder, 'nodes', node, 'release'), 'utf8').split(' ')[0]),
      nodes.map(() => '1.0.0'),
    );
  },
);
