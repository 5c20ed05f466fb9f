// A Jenkins with known jobs: `shop` has three builds to choose from, `deploy` works for a while and keeps count of what
// was started and what ended.
import type { TestContext } from 'node:test';
import type { JenkinsConnection } from '../../../src/vendors/jenkins/options.ts';
import type { BuildResult, JenkinsJob } from '../../../src/demo/jenkins/builds.ts';
import { createJenkinsServer } from '../../../src/demo/jenkins/server.ts';
import type { HookRequest } from '../../../src/model/ports.ts';
import { startVendor } from '../faults/vendors.ts';
import type { Transport, Vendors } from '../faults/vendors.ts';

export interface JenkinsStage {
  readonly vendors: Vendors;
  readonly connection: JenkinsConnection;
  readonly started: Record<string, string>[];
  readonly ended: string[];
  /** What hooks showed. */
  readonly output: string[];
  /** As somebody else, with the token. */
  post(path: string, form: Readonly<Record<string, string>>): Promise<unknown>;
}

export interface JenkinsStageOptions {
  readonly asPassword?: boolean;
  readonly consoleLines?: number;
  /** Builds that `deploy` has behind it. */
  readonly earlier?: number;
  /** Good builds of `shop` on top of the three. */
  readonly more?: number;
}

export async function jenkinsStage(
  context: TestContext,
  transport: Transport,
  { asPassword = false, consoleLines = 1, earlier = 0, more = 0 }: JenkinsStageOptions = {},
): Promise<JenkinsStage> {
  const started: Record<string, string>[] = [],
    ended: string[] = [],
    output: string[] = [];
  const vendors = await startVendor(context, 'jenkins', transport, parts => {
    const deploy: JenkinsJob['run'] = async (parameters, log, signal) => {
      started.push({ ...parameters });
      signal.addEventListener('abort', () => {
        ended.push('aborted');
      });
      log(
        Array.from({ length: consoleLines }, (_, index) => `Zeile ä ${index} of jenkinsTOKEN11 ${'.'.repeat(30)}`).join(
          '\n',
        ),
      );
      await parts.sleep(Number(parameters['MS'] || 3_000));
      return (parameters['RESULT'] || 'SUCCESS') as 'SUCCESS';
    };
    const declare = (...names: readonly string[]) => names.map(name => ({ name, description: '', defaultValue: '' }));
    const past = (...results: readonly BuildResult[]) =>
      results.map((result, index) => ({
        parameters: { N: String(index + 1) },
        result,
        startedAtMs: parts.now() - 3_600_000,
        durationMs: 1_000,
        log: '',
      }));
    const good = (count: number): readonly BuildResult[] => Array.from({ length: count }, () => 'SUCCESS');
    const shop = async ({ MS = '0' }: Readonly<Record<string, string>>): Promise<'SUCCESS'> => {
      await parts.sleep(Number(MS));
      return 'SUCCESS';
    };
    return createJenkinsServer({
      ...parts,
      user: 'robot',
      ...(asPassword ? { token: 'another', password: 'jenkinsTOKEN11' } : { token: 'jenkinsTOKEN11' }),
      jobs: [
        {
          name: 'shop',
          description: '',
          parameters: declare('N', 'MS'),
          artifacts: parameters => ({ [`out/${parameters['N']}.tgz`]: 'content' }),
          commits: ({ N = '' }) => [
            { id: `${N}a0ffee`, message: `Begin ${N}`, author: 'Lena' },
            { id: `${N}b0ffee`, message: `Finish ${N}`, author: 'Maria' },
          ],
          run: shop,
          past: past('SUCCESS', 'FAILURE', 'SUCCESS', ...good(more)),
        },
        {
          name: 'deploy',
          description: '',
          parameters: declare('VERSION', 'MS', 'RESULT', 'BACKSTOP_RUN'),
          concurrent: true,
          run: deploy,
          past: past(...good(earlier)),
        },
      ],
    }).handle;
  });
  const headers = {
    Authorization: `Basic ${Buffer.from('robot:jenkinsTOKEN11').toString('base64')}`,
    'Content-Type': 'application/x-www-form-urlencoded',
  };
  return {
    vendors,
    started,
    ended,
    output,
    connection: { vendor: 'jenkins', url: vendors.url, credential: 'jenkins' },
    post: (path, form) =>
      vendors.http.request({
        method: 'POST',
        url: `${vendors.url}${path}`,
        headers,
        timeoutMs: 1_000,
        body: new URLSearchParams(form).toString(),
      }),
  };
}

export function hookRequest(
  { connection, output }: JenkinsStage,
  parameters: Readonly<Record<string, string>> = { VERSION: '${BACKSTOP_VERSION}' },
): HookRequest {
  return {
    runId: 'run-1',
    variables: { BACKSTOP_VERSION: '1.2' },
    connections: { ci: connection },
    reattach: false,
    mayAct: () => true,
    onOutput: (_, text) => {
      output.push(text);
    },
    hook: {
      kind: 'job',
      vendor: 'jenkins',
      title: 'Jenkins',
      name: 'go',
      connection: 'ci',
      job: 'deploy',
      parameters,
      options: { expectResult: ['SUCCESS'] },
      nodes: 'together',
      timeoutMs: 600_000,
      retry: { attempts: 1, delayMs: 0, factor: 1, maxDelayMs: 0 },
    },
    call: {
      key: 'prod/1/deploy/go/prod-1#1',
      hook: 'go',
      purpose: 'deploy',
      stage: 'prod',
      environment: 'production',
      nodes: ['prod-1'],
      phase: 1,
      attempt: 1,
      release: 'r',
      version: '1.2',
      configurationDigest: 'd',
    },
  };
}
