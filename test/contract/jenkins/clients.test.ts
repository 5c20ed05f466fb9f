// Clients that were not written for it work against the local Jenkins, as `npm run demo:servers` starts it: npm's
// `jenkins` and Debian's python3-jenkins.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { startDemoProgram } from '../demoServers.ts';

/**
 * What is used of npm's `jenkins`, which has no types of its own. A job is its name, or the list of its folders and its
 * name.
 */
type JobName = string | readonly string[];
interface Client {
  info(): Promise<{ readonly mode: string; readonly jobs: readonly { readonly name: string }[] }>;
  readonly job: {
    get(
      name: JobName,
    ): Promise<{ readonly buildable: boolean; readonly lastSuccessfulBuild: { readonly number: number } }>;
    exists(name: JobName): Promise<boolean>;
    copy(from: string, name: string): Promise<void>;
    build(options: {
      readonly name: JobName;
      readonly parameters?: Readonly<Record<string, string>>;
      readonly delay?: string;
    }): Promise<number>;
  };
  readonly queue: {
    item(
      id: number,
    ): Promise<{ readonly cancelled?: boolean; readonly executable?: { readonly number: number } | null }>;
    list(): Promise<readonly { readonly id: number }[]>;
    cancel(id: number): Promise<void>;
  };
  readonly build: {
    get(
      name: JobName,
      number: number,
    ): Promise<{
      readonly result: string | null;
      readonly displayName: string;
      readonly artifacts: readonly { readonly relativePath: string }[];
    }>;
    stop(name: JobName, number: number): Promise<void>;
    logStream(name: JobName, number: number, options: { readonly delay: number }): NodeJS.EventEmitter;
  };
}
const Jenkins = createRequire(import.meta.url)('jenkins') as new (options: {
  readonly baseUrl: string;
  readonly crumbIssuer: boolean;
}) => Client;

test(
  'npm jenkins: information, jobs, a build with parameters from queue to end, ' +
    'its log as a stream, stop and cancel',
  async context => {
    const {
      jenkins: { url, user, token },
    } = await startDemoProgram(context);
    const address = new URL(url);
    [address.username, address.password] = [user, token];
    const client = new Jenkins({ baseUrl: address.href.replace(/\/$/, ''), crumbIssuer: true });
    const info = await client.info();
    assert.deepEqual(
      [info.mode, info.jobs.map(({ name }) => name)],
      ['NORMAL', ['storefront', 'checkout', 'deploy', 'check']],
    );
    const job = await client.job.get('storefront');
    assert.deepEqual(
      [
        job.buildable,
        job.lastSuccessfulBuild.number,
        await client.job.exists('storefront'),
        await client.job.exists('nope'),
      ],
      [true, 5, true, false],
    );
    await assert.rejects(client.job.get('nope'), /not found/);
    await assert.rejects(client.job.copy('storefront', 'copied'), /Job\/Create permission/);

    const item = await client.job.build({ name: 'storefront', parameters: { VERSION: '3.0.0' } });
    const number = await untilFound(async () => (await client.queue.item(item)).executable?.number);
    assert.equal(number, 6);
    const waiting = await client.job.build({ name: 'storefront', parameters: { VERSION: '3.0.1' }, delay: '600sec' });
    assert.deepEqual(
      (await client.queue.list()).map(({ id }) => id),
      [waiting],
    );
    await client.queue.cancel(waiting);
    assert.equal((await client.queue.item(waiting)).cancelled, true);
    const { promise: whole, resolve } = Promise.withResolvers<string>();
    let text = '';
    client.build
      .logStream('storefront', number, { delay: 100 })
      .on('data', (more: string) => {
        text += more;
      })
      .on('end', () => resolve(text));
    assert.match(await whole, /^Started by user demo\n(?:.+\n)+Finished: SUCCESS\n$/);
    const build = await client.build.get('storefront', number);
    assert.deepEqual(
      [build.result, build.displayName, build.artifacts.map(({ relativePath }) => relativePath)],
      ['SUCCESS', '3.0.0', ['target/storefront-3.0.0.txt']],
    );

    const branch = ['checkout', 'feature%2Finstalments'];
    const second = await client.job.build({ name: branch, parameters: {} });
    const running = await untilFound(async () => (await client.queue.item(second)).executable?.number);
    await client.build.stop(branch, running);
    assert.equal((await client.build.get(branch, running)).result, 'ABORTED');
  },
);

/** Asks until there is an answer; the servers' time is real. */
async function untilFound<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 100; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error('it did not come');
}

const debianPython = '/usr/bin/python3';
const missing =
  process.platform !== 'linux'
    ? 'python3-jenkins is a package of Debian'
    : spawnSync(debianPython, ['-c', 'import jenkins']).status === 0
      ? false
      : 'python3-jenkins is not installed';

const program = `
import hashlib, json, os, time, jenkins, requests
server = jenkins.Jenkins(os.environ['URL'], username=os.environ['NAME'], password=os.environ['TOKEN'], timeout=10)
def until(look):
    for _ in range(100):
        found = look()
        if found: return found
        time.sleep(0.05)
    raise Exception('it did not come')
# Only a request that needs it makes this client log in.
told = {'who': server.get_whoami()['id'], 'ready': server.wait_for_normal_op(10),
  'version': server.get_version(), 'jobs': [job['fullname'] for job in server.get_all_jobs()]}
told['exists'] = [bool(server.job_exists(name)) for name in ('storefront', 'nope', 'checkout/main')]
told['last'] = server.get_job_info('storefront')['lastCompletedBuild']['number']
item = server.build_job('storefront', {'VERSION': '4.0.0 ä'})
number = until(lambda: (server.get_queue_item(item).get('executable') or {}).get('number'))
told['number'] = number
waiting = server.build_job('storefront', {'VERSION': '4.0.1'})
told['queue'] = [one['why'] for one in server.get_queue_info()]
server.cancel_queue(waiting)
told['cancelled'] = server.get_queue_item(waiting)['cancelled']
until(lambda: not server.get_build_info('storefront', number)['building'])
info = server.get_build_info('storefront', number)
told['build'] = [info['result'], info['displayName'], [one['relativePath'] for one in info['artifacts']]]
told['console'] = server.get_build_console_output('storefront', number).splitlines()[-1]
path = info['url'] + 'artifact/' + info['artifacts'][0]['relativePath']
artifact = server.jenkins_request(requests.Request('GET', path)).content
told['fingerprint'] = hashlib.md5(artifact).hexdigest() == info['fingerprint'][0]['hash']
item = server.build_job('checkout/main', {'BACKSTOP_RUN': 'x'})
number = until(lambda: (server.get_queue_item(item).get('executable') or {}).get('number'))
server.stop_build('checkout/main', number)
told['stopped'] = server.get_build_info('checkout/main', number)['result']
try: server.create_job('new', jenkins.EMPTY_CONFIG_XML)
except jenkins.JenkinsException as error: told['create'] = '403' in str(error)
print(json.dumps(told))
`;

test(
  'python3-jenkins: information, jobs, a build with parameters from queue to end, its console and artifact, ' +
    'stop and cancel',
  { skip: missing },
  async context => {
    const {
      jenkins: { url, user, token },
    } = await startDemoProgram(context);
    const { promise, resolve } = Promise.withResolvers<{ status: number | null; text: string; complaint: string }>();
    const python = spawn(debianPython, ['-W', 'error::DeprecationWarning:__main__', '-c', program], {
      env: { URL: url, NAME: user, TOKEN: token, PATH: process.env['PATH'] ?? '' },
    });
    let text = '',
      complaint = '';
    python.stdout.on('data', more => {
      text += String(more);
    });
    python.stderr.on('data', more => {
      complaint += String(more);
    });
    python.on('close', status => resolve({ status, text, complaint }));
    const ended = await promise;
    assert.equal(ended.status, 0, ended.complaint);
    assert.deepEqual(JSON.parse(ended.text), {
      ready: true,
      version: '2.462.3',
      who: 'demo',
      jobs: ['storefront', 'checkout', 'deploy', 'check', 'checkout/main', 'checkout/feature%2Finstalments'],
      exists: [true, false, true],
      last: 5,
      number: 6,
      queue: ['In the quiet period. Expires soon'],
      cancelled: true,
      build: ['SUCCESS', '4.0.0 ä', ['target/storefront-4.0.0 ä.txt']],
      console: 'Finished: SUCCESS',
      fingerprint: true,
      stopped: 'ABORTED',
      create: true,
    });
  },
);
