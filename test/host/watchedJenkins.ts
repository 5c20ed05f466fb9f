// A Jenkins whose job `shop` is watched. It has one good build; the suite starts more, and reads at `/looks` how often
// the builds were listed.
import { setTimeout as wait } from 'node:timers/promises';
import { createFaults } from '../../src/demo/faults/faults.ts';
import { listen, textResponse } from '../../src/demo/servers/httpServer.ts';
import { createJenkinsServer } from '../../src/demo/jenkins/server.ts';

export interface WatchedJenkins {
  readonly url: string;
  /** What the extension host needs to reach it. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const user = 'robot',
  token = 'watchedTOKEN';

export async function startWatchedJenkins(): Promise<WatchedJenkins> {
  let looks = 0;
  const parameters = ['VERSION', 'RESULT'].map(name => ({ name, description: '', defaultValue: '' }));
  const { handle } = createJenkinsServer({
    user,
    token,
    faults: createFaults(Date.now),
    sleep: async durationMs => {
      await wait(durationMs, undefined, { ref: false });
    },
    jobs: [
      {
        name: 'shop',
        description: '',
        parameters,
        displayName: given => given['VERSION']!,
        run: given => Promise.resolve(given['RESULT'] as 'SUCCESS' | 'FAILURE'),
        past: [
          {
            parameters: { VERSION: '2.9.0', RESULT: 'SUCCESS' },
            result: 'SUCCESS',
            startedAtMs: Date.now() - 3_600_000,
            durationMs: 1_000,
            log: '',
          },
        ],
      },
    ],
  });
  const { url, close } = await listen(async request => {
    if (request.path === '/looks') return textResponse(200, String(looks));
    const answer = await handle(request);
    if (request.method === 'GET' && request.path === '/job/shop/api/json' && answer.status === 200) looks += 1;
    return answer;
  });
  return {
    url,
    close,
    environment: { BACKSTOP_CREDENTIAL_WATCHED_JENKINS: `${user}:${token}`, BACKSTOP_TEST_JENKINS: url },
  };
}
