// The Jenkins of the bench world: its jobs bring releases to the fleet, and it knows which builds of one call it ran.
import type { Faults } from '../../../src/demo/faults/faults.ts';
import type { Handler } from '../../../src/demo/servers/httpServer.ts';
import type { Parameters } from '../../../src/demo/jenkins/builds.ts';
import { demoJobs } from '../../../src/demo/jenkins/demoJobs.ts';
import { createJenkinsServer } from '../../../src/demo/jenkins/server.ts';
import type { DemoServers } from '../../../src/demo/servers/addresses.ts';
import { configurationContent } from '../../../src/demo/story/workspace.ts';
import type { Clock } from '../../../src/model/ports.ts';

export interface BenchJenkins {
  readonly handle: Handler;
  /** Calls that Jenkins ran once more although they ran or had succeeded, and builds that go on though nobody follows them. */
  findProblems(): readonly string[];
}

interface Ran {
  readonly call: string;
  readonly attempt: string;
  ending?: 'succeeded' | 'failed';
}

/** `fleet`: its own API. `newDigest`: of the configuration that goes with the new version. */
export function createBenchJenkins(
  access: DemoServers['jenkins'],
  {
    fleet,
    newDigest,
    clock,
    faults,
  }: { readonly fleet: Handler; readonly newDigest: string; readonly clock: Clock; readonly faults: Faults },
): BenchJenkins {
  const ran: Ran[] = [],
    problems: string[] = [];
  const sleep = (durationMs: number): Promise<void> => clock.sleep(durationMs);
  const work = async (action: 'deploy' | 'check', parameters: Parameters): Promise<boolean> => {
    const [, call = '', attempt = ''] = /^(.*)#(\d+)$/.exec(parameters['BACKSTOP_RUN']!) ?? [];
    const before = ran.find(one => one.call === call && one.ending !== 'failed');
    if (before)
      problems.push(
        `Jenkins ran ${call} as attempt ${attempt} although attempt ${before.attempt} ${before.ending ?? 'still ran'}.`,
      );
    const one: Ran = { call, attempt };
    ran.push(one);
    const done = await (action === 'deploy' ? deploy : check)(parameters);
    one.ending = done ? 'succeeded' : 'failed';
    return done;
  };
  const ask = (method: 'GET' | 'POST', path: string, query = '', body = ''): ReturnType<Handler> =>
    fleet({ method, path, query: new URLSearchParams(query), headers: {}, body });
  async function deploy({ NODES, VERSION, CONFIGURATION }: Parameters): Promise<boolean> {
    const configuration = configurationContent(CONFIGURATION === newDigest ? 'new' : 'old');
    const answers = await Promise.all(
      NODES!
        .split(',')
        .map(node => ask('POST', '/deploy', '', JSON.stringify({ node, version: VERSION, configuration }))),
    );
    return answers.every(({ status }) => status === 200);
  }
  async function check({ NODES, ENVIRONMENT, VERSION, CONFIGURATION }: Parameters): Promise<boolean> {
    const running = JSON.parse((await ask('GET', '/nodes', `environment=${ENVIRONMENT}`)).body) as {
      node: string;
      version: string;
      configuration: string;
    }[];
    return NODES!
      .split(',')
      .every(name =>
        running.some(
          ({ node, version, configuration }) => node === name && version === VERSION && configuration === CONFIGURATION,
        ),
      );
  }
  return {
    handle: createJenkinsServer({
      sleep,
      faults,
      user: access.user,
      token: access.token,
      jobs: demoJobs({ nowMs: clock.now(), sleep, work }),
    }).handle,
    findProblems: () => [
      ...problems,
      ...ran.filter(({ ending }) => ending === undefined).map(({ call }) => `Jenkins still runs ${call}.`),
      ...(ran.length === 0 ? ['Jenkins ran nothing.'] : []),
    ],
  };
}
