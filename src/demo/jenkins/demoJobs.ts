// The jobs of the demo's Jenkins: `storefront` builds versions, `deploy` deploys one to nodes, `check` verifies them.
import type { JenkinsJob, Parameters, PastBuild } from './builds.ts';

export interface DemoJobsOptions {
  readonly nowMs: number;
  readonly sleep: (durationMs: number) => Promise<void>;
  /** Does the work of the `deploy` or `check` job; false: it failed. */
  readonly work: (action: 'deploy' | 'check', parameters: Parameters, log: (line: string) => void) => Promise<boolean>;
  /** How long a `storefront` build takes. */
  readonly buildMs?: number;
}

const versions: readonly (readonly [version: string, result: PastBuild['result']])[] = [
  ['2.13.0', 'SUCCESS'],
  ['2.13.1', 'SUCCESS'],
  ['2.13.2', 'FAILURE'],
  ['2.13.2', 'SUCCESS'],
  ['2.14.0', 'SUCCESS'],
];
const commits: Readonly<Record<string, readonly (readonly [id: string, message: string, author: string])[]>> = {
  '2.13.2': [['c17a9e04b2d6', 'Round prices the same everywhere', 'Lena Ott']],
  '2.14.0': [
    ['0c44d9a7e201', 'Drop the central reservation from the start page', 'Maria Lind'],
    ['b71c9ee0d512', 'Show the summary before the order is confirmed', 'Maria Lind'],
    ['3f9d01c27a41', 'Reserve stock by zone', 'Jonas Weber'],
  ],
};
const dayMs = 24 * 3_600_000;

export function demoJobs({ nowMs, sleep, work, buildMs = 3000 }: DemoJobsOptions): readonly JenkinsJob[] {
  const storefront: JenkinsJob = {
    name: 'storefront',
    description: 'Builds the storefront',
    parameters: [{ name: 'VERSION', description: 'Version to build', defaultValue: '2.14.0' }],
    displayName: parameters => parameters['VERSION']!,
    artifacts: parameters => ({
      [`target/storefront-${parameters['VERSION']}.txt`]: `storefront ${parameters['VERSION']}\n`,
    }),
    commits: ({ VERSION = '' }) => (commits[VERSION] ?? []).map(([id, message, author]) => ({ id, message, author })),
    run: async (parameters, log, signal) => {
      for (const line of buildLines(parameters['VERSION']!, 'SUCCESS')) {
        log(line);
        await sleep(buildMs / 5);
        if (signal.aborted) return 'NOT_BUILT';
      }
      return 'SUCCESS';
    },
    past: versions.map(([version, result], index) => ({
      parameters: { VERSION: version },
      result,
      startedAtMs: nowMs - (versions.length - index) * dayMs,
      durationMs: 95_000 + index * 1700,
      log: `${['Started by user ci', ...buildLines(version, result), `Finished: ${result}`].join('\n')}\n`,
    })),
  };
  return [
    storefront,
    ...['main', 'feature%2Finstalments'].map(branch => branchOf('checkout', branch, sleep)),
    nodesJob('deploy', 'Deploys a version of the storefront to nodes', work),
    nodesJob('check', 'Looks whether nodes run a version of the storefront', work),
  ];
}

function nodesJob(name: 'deploy' | 'check', description: string, work: DemoJobsOptions['work']): JenkinsJob {
  return {
    name,
    description,
    concurrent: true,
    parameters: [
      { name: 'VERSION', description: 'Version of the storefront', defaultValue: '' },
      { name: 'NODES', description: 'Names of the nodes, with commas between them', defaultValue: '' },
      { name: 'ENVIRONMENT', description: 'Where the nodes are', defaultValue: 'production' },
      { name: 'CONFIG_DIR', description: 'Folder with the run-time configuration', defaultValue: '' },
      { name: 'CONFIGURATION', description: 'Digest of the run-time configuration', defaultValue: '' },
      { name: 'BACKSTOP_RUN', description: 'Makes the build one of its own', defaultValue: '' },
    ],
    run: async (parameters, log) => ((await work(name, parameters, log)) ? 'SUCCESS' : 'FAILURE'),
  };
}

/** One branch of a multibranch Pipeline. */
function branchOf(parent: string, branch: string, sleep: DemoJobsOptions['sleep']): JenkinsJob {
  return {
    name: `${parent}/${branch}`,
    description: '',
    pipeline: true,
    parameters: [{ name: 'BACKSTOP_RUN', description: 'Makes the build one of its own', defaultValue: '' }],
    artifacts: () => ({ 'dist/checkout.tgz': `${parent} ${branch}\n` }),
    run: async (_, log, signal) => {
      for (const stage of ['Build', 'Test']) {
        for (const line of [
          '[Pipeline] stage',
          `[Pipeline] { (${stage})`,
          `+ make ${stage.toLowerCase()}`,
          '[Pipeline] }',
        ])
          log(line);
        await sleep(500);
        if (signal.aborted) return 'NOT_BUILT';
      }
      return 'SUCCESS';
    },
  };
}

function buildLines(version: string, result: PastBuild['result']): readonly string[] {
  return [
    'Building in workspace /var/jenkins_home/workspace/storefront',
    `[storefront] $ mvn -B -Drevision=${version} package`,
    '[INFO] Tests run: 412, Failures: 0, Errors: 0, Skipped: 3',
    result === 'SUCCESS'
      ? `[INFO] Building jar: target/storefront-${version}.jar`
      : '[ERROR] COMPILATION ERROR: Géocodeur.java:[41,17] cannot find symbol',
    `[INFO] BUILD ${result}`,
  ];
}
