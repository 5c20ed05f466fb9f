// The pipeline and the releases of the world in worldFixture.ts.
import { configurationDigest, releaseId } from '../../../src/adapters/files/configurations.ts';
import type { CanaryStage, DeployStage, Pipeline, Stage } from '../../../src/model/pipeline.ts';
import type { Release } from '../../../src/model/release.ts';

export function release(version: string, settings: Readonly<Record<string, string>> = {}): Release {
  const digest = configurationDigest([], settings);
  return {
    id: releaseId('shop', { version }, digest),
    service: 'shop',
    artifact: { version },
    configuration: { digest, files: [], variables: settings },
    createdAt: 1,
  };
}
export const oldRelease = release('1.0', { mode: 'old' });
export const newRelease = release('2.0', { mode: 'new' });

const once = { attempts: 1, delayMs: 0, factor: 1, maxDelayMs: 0 };
export const canaryStage: CanaryStage = {
  kind: 'canary',
  name: 'Production',
  environment: 'production',
  deploy: 'deploy',
  rollback: 'rollback',
  check: 'check',
  timeoutMs: 3_600_000,
  watchMs: 0,
  phases: [
    { nodes: { share: 0.2 }, settleMs: 1_000, verify: { durationMs: 10_000, sensitivity: 'medium' } },
    { nodes: { share: 1 }, settleMs: 1_000, verify: { durationMs: 10_000, sensitivity: 'medium' } },
  ],
  verification: {
    sources: ['quality'],
    durationMs: 10_000,
    intervalMs: 1_000,
    sensitivity: 'medium',
    historyMs: 60_000,
    missingData: 'hold',
    holdForMs: 30_000,
    proofMs: 5_000,
  },
  onFailure: { kind: 'rollback' },
};
export const deployStage: DeployStage = {
  kind: 'deploy',
  name: 'Dev',
  environment: 'dev',
  steps: ['deploy', 'check'],
  check: 'check',
  rollback: 'rollback',
  retry: once,
  timeoutMs: 600_000,
  onFailure: { kind: 'stop' },
};

export function pipelineOf(...stages: readonly (Stage | readonly Stage[])[]): Pipeline {
  const hook = (name: string) => ({
    kind: 'command' as const,
    name,
    command: ['true'],
    shell: false,
    directory: '.',
    variables: {},
    timeoutMs: 60_000,
    retry: { ...once, attempts: 2, delayMs: 500 },
    nodes: 'each' as const,
  });
  return {
    name: 'shop',
    file: 'shop.yaml',
    service: 'shop',
    artifact: { kind: 'version' },
    inputs: [],
    configuration: { files: [], variables: {} },
    connections: {
      nr: { vendor: 'newRelic', url: 'http://127.0.0.1', credential: 'nr', marks: true },
      sumo: { vendor: 'sumoLogic', url: 'http://127.0.0.1', credential: 'sumo' },
    },
    environments: {
      production: {
        name: 'production',
        nodes: Array.from({ length: 10 }, (_, index) => `p${index + 1}`),
        whenBusy: 'queue',
      },
      dev: { name: 'dev', nodes: ['d1'], whenBusy: 'refuse' },
      test: { name: 'test', nodes: ['t1'], whenBusy: 'queue' },
    },
    hooks: { deploy: hook('deploy'), rollback: hook('rollback'), check: hook('check') },
    healthSources: {
      quality: {
        kind: 'logs',
        vendor: 'sumoLogic',
        name: 'quality',
        connection: 'sumo',
        options: { query: '*' },
        nodeAttribute: '_sourcehost',
        delayMs: 0,
      },
    },
    stages: stages.map(group => (Array.isArray(group) ? (group as Stage[]) : [group as Stage])),
  };
}
