// A shop's run that waits for an approval: its pipeline is in its journal, three keys of its configuration change, and
// check hooks have passed in five stages.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePipeline } from '../../src/definition/parsePipeline.ts';
import type { Pipeline } from '../../src/model/pipeline.ts';
import type { Release } from '../../src/model/release.ts';
import type { RunEvent, RunEventBody } from '../../src/model/runs/runEvents.ts';
import { layOutRun } from '../../src/plan/layOut.ts';
import type { SnapshotSources } from '../../src/protocol/snapshot/snapshot.ts';
import { call, newRelease, oldRelease, waitingStory } from '../unit/terminal/stories.ts';

const file = '.backstop/pipelines/storefront.yaml';

export function readPipeline(): Pipeline {
  const { pipeline } = parsePipeline(
    readFileSync(join(import.meta.dirname, '../fixtures/panel/storefront.yaml'), 'utf8'),
    file,
  );
  if (!pipeline) throw new Error('The pipeline of the panel has a mistake.');
  return pipeline;
}

const path = 'config/storefront.json',
  common = Object.fromEntries(Array.from({ length: 38 }, (_, index) => [`limit${index}`, index]));
const contents: Readonly<Record<string, string>> = {
  old: JSON.stringify({
    checkout: { confirmation: 'summary' },
    inventory: { reservation: 'central' },
    cache: { format: 2 },
    ...common,
  }),
  new: JSON.stringify({
    checkout: { confirmation: 'summary-v2' },
    inventory: { reservation: 'zoned' },
    cache: { format: 3 },
    ...common,
  }),
};

/** As the panel names them. */
export const changedKeys: readonly string[] = ['checkout.confirmation', 'inventory.reservation', 'cache.format'];

function withFile(release: Release, digest: string): Release {
  return {
    ...release,
    configuration: {
      ...release.configuration,
      variables: {},
      files: [{ path, digest, sizeBytes: contents[digest]?.length ?? 0 }],
    },
  };
}

const asked = withFile(
  {
    ...newRelease,
    artifact: {
      ...newRelease.artifact,
      build: { job: 'storefront/main', number: 4417, url: 'https://jenkins.example.com/job/storefront/4417/' },
    },
  },
  'new',
);
const running = withFile(
  {
    ...oldRelease,
    artifact: {
      ...oldRelease.artifact,
      build: { job: 'storefront/main', number: 4409, url: 'https://jenkins.example.com/job/storefront/4409/' },
    },
  },
  'old',
);
const printed: Readonly<Record<string, string>> = {
  Dev: 'runs 2.14.0, smoke test',
  Test: 'runs 2.14.0, 212 API tests',
  Edu: 'runs 2.14.0, smoke test',
  Sandbox: 'runs 2.14.0, smoke test',
  Staging: 'runs 2.14.0, checkout test',
};

/** Each stage that ended has a check hook, which printed a line. */
export const approvalStory: readonly RunEvent[] = waitingStory
  .flatMap((event): readonly (RunEventBody & { readonly at: number })[] => {
    if (event.type === 'run-started')
      return [{ ...event, artifact: asked.artifact, release: asked, fixed: readPipeline() }];
    const detail = event.type === 'stage-finished' ? printed[event.stage] : undefined;
    if (event.type !== 'stage-finished' || detail === undefined) return [event];
    const check = call(event.stage, 'check', [`${event.stage.toLowerCase()}-01`], { purpose: 'check' });
    return [
      { type: 'hook-intended', call: check, at: event.at - 2_000 },
      {
        type: 'hook-finished',
        key: check.key,
        outcome: { kind: 'succeeded', durationMs: 2_000, detail },
        at: event.at,
      },
      event,
    ];
  })
  .map((event, seq) => ({ ...event, seq }));

/** What the store knows beside it. */
export const approvalSources: SnapshotSources = {
  working: running,
  running,
  layOut: layOutRun,
  read: digest => contents[digest],
  commits: {
    commits: [
      { id: '3f9d01c27a41', subject: 'Reserve stock by zone', author: 'Jonas Weber' },
      { id: 'b71c9ee0d512', subject: 'Show the summary before the order is confirmed', author: 'Maria Lind' },
      { id: '88a0c54be3f9', subject: 'Raise the format of the cache to 3', author: 'Jonas Weber' },
      { id: '5d2e7f10bb46', subject: 'Name the zone in the log of a reservation', author: 'Lena Ott' },
      { id: '0c44d9a7e201', subject: 'Drop the central reservation from the start page', author: 'Maria Lind' },
      { id: '91be03f6ac7d', subject: 'Correct a spelling mistake', author: 'Lena Ott' },
    ],
    more: 6,
    isWhole: true,
  },
};
