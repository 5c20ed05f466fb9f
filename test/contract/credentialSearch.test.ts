// No credential is anywhere after a whole story: not in the store, hook folders, output, exports, reports, snapshots,
// nor on any command line while it ran.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { openHistory } from '../../src/adapters/store/history.ts';
import { historyFile } from '../../src/adapters/store/home.ts';
import {
  credentialNames,
  changeConfiguration,
  goodVersion,
  newVersion,
  writeDemoWorkspace,
} from '../../src/demo/story/workspace.ts';
import { snapshotRun } from '../../src/protocol/snapshot/snapshot.ts';
import { commands } from '../../src/terminal/screen/terminal.ts';
import { root, startDemoProgram } from './demoServers.ts';

/** The forms in which a credential could be told: plain, in JSON, in an address, and in Basic at any offset. */
function formsOf(secret: string): readonly string[] {
  const inBase64 = [0, 1, 2].map(offset =>
    Buffer.from(`${'x'.repeat(offset)}${secret}`)
      .toString('base64')
      .slice(offset === 0 ? 0 : 4, -4),
  );
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...inBase64])];
}

function findIn(what: string, bytes: Uint8Array, secrets: readonly string[]): readonly string[] {
  const text = Buffer.from(bytes).toString('latin1');
  return secrets.flatMap(secret =>
    formsOf(secret).some(form => text.includes(Buffer.from(form).toString('latin1')))
      ? [`${what}: ${secret.slice(0, 4)}...`]
      : [],
  );
}

function searchFolder(folder: string, secrets: readonly string[]): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .flatMap(entry => {
      const path = join(entry.parentPath, entry.name);
      return findIn(relative(folder, path), readFileSync(path), secrets);
    });
}

/** Every value of every table; what is packed is unpacked. */
function searchStore(path: string, secrets: readonly string[]): readonly string[] {
  const store = new DatabaseSync(path, { readOnly: true });
  const tables = store
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
    .all()
    .map(row => String(row['name']));
  const found = tables.flatMap(table =>
    store
      .prepare(`SELECT * FROM ${table}`)
      .all()
      .flatMap(row =>
        Object.entries(row).flatMap(([column, value]) => {
          if (!(value instanceof Uint8Array)) return findIn(`${table}.${column}`, Buffer.from(String(value)), secrets);
          return findIn(`${table}.${column}`, unpack(value) ?? value, secrets);
        }),
      ),
  );
  store.close();
  return found;
}

function unpack(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return inflateRawSync(bytes);
  } catch {
    return undefined;
  }
}

/** All command lines of the machine, again and again. */
function watchCommandLines(
  context: TestContext,
  secrets: readonly string[],
): { readonly found: Set<string>; readonly looks: () => number } {
  const found = new Set<string>();
  let looks = 0;
  const timer = setInterval(() => {
    looks += 1;
    for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
      try {
        for (const one of findIn('a command line', readFileSync(`/proc/${pid}/cmdline`), secrets)) found.add(one);
      } catch {
        /* it has ended */
      }
    }
  }, 50);
  context.after(() => {
    clearInterval(timer);
  });
  return { found, looks: () => looks };
}

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

test(
  'after a whole story no credential is found, wherever something was written, printed or shown',
  { skip: process.platform === 'linux' ? false : 'it reads /proc' },
  async context => {
    const servers = await startDemoProgram(context);
    const folder = mkdtempSync(join(tmpdir(), 'backstop-search-'));
    context.after(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const home = join(folder, 'home'),
      workspace = join(folder, 'storefront'),
      said = join(folder, 'said');
    mkdirSync(said);
    writeDemoWorkspace(workspace, servers, {
      configuration: 'old',
      nodePath: process.execPath,
      demoPath: join(root, 'dist', 'demo.js'),
      forOnePerson: true,
    });
    const { newRelic, sumoLogic, jenkins } = servers;
    const deployToken = 'dt-"ä&5c0ffee%7/+hookTOKEN';
    // A hook that is told a secret and shows all it knows, and a build whose console shows it too.
    const file = join(workspace, '.backstop', 'pipelines', 'storefront.yaml');
    writeFileSync(
      file,
      readFileSync(file, 'utf8')
        .replace(
          'connections:\n',
          `connections:\n  ci: { jenkins: { url: ${JSON.stringify(jenkins.url)}, credential: jenkins } }\n`,
        )
        .replace(
          'hooks:\n',
          `hooks:\n  tell: { command: 'env; echo "token: $TOKEN"; echo "$TOKEN" >&2; sleep 0.3', shell: true, ` +
            `variables: { TOKEN: '\${credential:deploy-token}' } }\n  build: { jenkins: { connection: ci, job: ` +
            `deploy, parameters: { VERSION: '\${BACKSTOP_VERSION}', NODES: '\${BACKSTOP_NODES}', ENVIRONMENT: dev, ` +
            `CONFIG_DIR: '\${BACKSTOP_CONFIG_DIR}', CONFIGURATION: '\${BACKSTOP_CONFIG_DIGEST}' } }, timeout: ` +
            `30s }\n`,
        )
        .replace('steps: [deploy]', 'steps: [deploy, tell, build]'),
    );
    const secrets = [newRelic.apiKey, sumoLogic.accessKey, sumoLogic.accessId, jenkins.token, deployToken];
    const env: NodeJS.ProcessEnv = {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BACKSTOP_'))),
      BACKSTOP_HOME: home,
      BACKSTOP_USER: 'maria',
      BACKSTOP_DEBUG: '1',
      [variableOf(credentialNames.newRelic)]: newRelic.apiKey,
      [variableOf(credentialNames.sumoLogic)]: `${sumoLogic.accessId}:${sumoLogic.accessKey}`,
      [variableOf('jenkins')]: `${jenkins.user}:${jenkins.token}`,
      [variableOf('deploy-token')]: deployToken,
    };
    const watched = watchCommandLines(context, secrets);
    const backstop = (...words: readonly string[]): Promise<Ended> =>
      new Promise(resolve => {
        const program = spawn(process.execPath, [join(root, 'dist', 'cli.js'), ...words], {
          cwd: workspace,
          env,
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let out = '',
          err = '';
        program.stdout.on('data', more => {
          out += String(more);
        });
        program.stderr.on('data', more => {
          err += String(more);
        });
        program.on('close', status => {
          writeFileSync(join(said, `${words.slice(0, 3).join(' ').replaceAll('/', '_')}.txt`), `${out}\n${err}`);
          resolve({ status, out, err });
        });
      });
    const environments = ['dev', 'test', 'edu', 'sandbox', 'staging', 'production'].flatMap(name => [
      '--environment',
      name,
    ]);
    const adopted = await backstop('adopt', 'storefront', '--version', goodVersion, ...environments);
    assert.equal(adopted.status, 0, adopted.err);
    changeConfiguration(workspace, 'new');
    await fetch(`${servers.fleet.url}/scenario`, {
      method: 'POST',
      body: JSON.stringify({ name: 'quality-regression', seed: 1 }),
    });
    assert.equal((await backstop('check-sources', '--json')).status, 0);
    const run = await backstop(
      'run',
      'storefront',
      '--version',
      newVersion,
      '--input',
      'change=CHG-4711',
      '--approve',
      '--json',
    );
    assert.equal(run.status, 1, run.err);
    for (const words of [
      ['show', 'last', '--json'],
      ['show', 'last'],
      ['runs', '--json'],
      ['releases', '--json'],
      ['stats', '--json'],
      ['plan', 'storefront', '--version', newVersion, '--input', 'change=CHG-4711', '--json'],
    ])
      await backstop(...words);
    if (commands.some(({ name }) => name === 'report'))
      assert.equal((await backstop('report', 'last', '--out', join(said, 'report.html'))).status, 0);
    // A credential that is refused is told of, not told.
    env[variableOf(credentialNames.newRelic)] = `${newRelic.apiKey}X`;
    env[variableOf('jenkins')] = `${jenkins.user}:${jenkins.token}X`;
    assert.equal((await backstop('check-sources')).status, 3);

    const opened = openHistory(historyFile(home));
    assert.ok(opened.ok);
    const { id } = opened.value.runs({ limit: 1 })[0]!;
    const events = opened.value.events(id);
    assert.ok(
      events.some(event => event.type === 'run-finished' && event.outcome === 'rolled-back'),
      run.out.slice(-500),
    );
    assert.ok(
      events.some(
        event =>
          event.type === 'hook-finished' &&
          event.outcome.kind === 'succeeded' &&
          /^build \d+ SUCCESS$/.test(event.outcome.detail ?? ''),
      ),
      'the Jenkins build succeeded',
    );
    writeFileSync(join(said, 'export.json'), JSON.stringify({ run: opened.value.findRun(id), events }, null, 2));
    writeFileSync(join(said, 'snapshot.json'), JSON.stringify(snapshotRun(id, events, Date.now())));
    opened.value.close();

    const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
    const outputs = files
      .filter(({ name }) => name === 'output.log')
      .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    assert.ok(
      outputs.some(text => text.includes('token: [redacted]')),
      'the hook showed its token, and it was taken out',
    );
    assert.ok(watched.looks() > 100 && files.length > 10 && statSync(join(said, 'snapshot.json')).size > 10_000);
    assert.deepEqual(
      [...searchFolder(folder, secrets), ...searchStore(historyFile(home), secrets), ...watched.found],
      [],
    );
  },
);

function variableOf(credential: string): string {
  return `BACKSTOP_CREDENTIAL_${credential.toUpperCase().replaceAll('-', '_')}`;
}

test('the search finds a credential in a file, packed in a store, and in every form', context => {
  const folder = mkdtempSync(join(tmpdir(), 'backstop-search-'));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  const secret = 's3cret/+"key-of-mine';
  for (const [index, form] of [
    secret,
    JSON.stringify({ secret }),
    encodeURIComponent(secret),
    Buffer.from(`user:${secret}`).toString('base64'),
    Buffer.from(`u:${secret}:x`).toString('base64'),
    Buffer.from(`us:${secret}`).toString('base64'),
  ].entries()) {
    writeFileSync(join(folder, `${index}`), `before ${form} after`);
  }
  assert.equal(searchFolder(folder, [secret]).length, 6);
  assert.deepEqual(searchFolder(folder, ['another secret']), []);
});
