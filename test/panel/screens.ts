// The states in which the panel is tested, each as the messages of its host; and the pictures of them.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePipeline } from '../../src/definition/parsePipeline.ts';
import { layOutRun } from '../../src/plan/layOut.ts';
import type { RunEvent } from '../../src/model/runs/runEvents.ts';
import { wouldBeSentence } from '../../src/protocol/words/feedbackSentences.ts';
import type { ToPanel } from '../../src/protocol/runPanel.ts';
import { snapshotRun, type RunSnapshot, type SnapshotSources } from '../../src/protocol/snapshot/snapshot.ts';
import { snapshotPipeline } from '../../src/protocol/snapshot/snapshotPipeline.ts';
import { playStory } from '../bench/demo/demoWorld.ts';
import { heldStory, oldRelease, rolledBackStory, startMs, waitingStory } from '../unit/terminal/stories.ts';
import { askedStory, silentStory } from './askingStories.ts';
import { judged, logsCheck, metricChecks, stagesTook, steadyRise, withEvidence } from './fixtures.ts';
import type { OpenPanel } from './stage.ts';

export const widths = [600, 700, 1000, 1600] as const;
export const folder = join(import.meta.dirname, '../../dist/screens');
export const stateNames = [
  'failed',
  'live',
  'held',
  'healthy',
  'waiting',
  'decision',
  'no-data',
  'judged',
  'demo',
  'empty',
] as const;
export type StateName = (typeof stateNames)[number];

const key = 'Production/1/verify';
const sources: SnapshotSources = {
  number: 128,
  working: oldRelease,
  expectedMs: stage => stagesTook[stage],
  pageOf: ({ connection, text }) => ({
    vendor: 'Example Logs',
    url: `${connection.url}/search?query=${encodeURIComponent(text)}`,
  }),
};

/** Each state is a run's events up to a moment. `tell` is called with everything they are made from. */
export async function playStates(
  tell: (data: unknown) => void = () => {},
): Promise<Readonly<Record<StateName, ToPanel>>> {
  const failed = withEvidence(rolledBackStory, key, steadyRise, evidence => [
    logsCheck('fail', evidence, 4),
    ...metricChecks('pass', startMs + 684_200),
  ]);
  const live = withEvidence(rolledBackStory, key, steadyRise.slice(0, 7), evidence => [
    logsCheck('inconclusive', evidence, 3, {
      neededMs: 310_000,
      whatIf: [
        { code: 'sensitivity', outcome: 'fail', sensitivity: 'high' },
        { code: 'more-lines', outcome: 'fail', lines: 3 },
      ],
    }),
    ...metricChecks('inconclusive', startMs + 624_000, { neededMs: 310_000 }),
  ]);
  const held = withEvidence(
    heldStory,
    key,
    [
      [330, 1],
      [500, 1],
      [919, 1],
    ],
    evidence => [
      logsCheck('inconclusive', evidence, 0, {
        canaryLines: 0,
        clusters: [],
        whatIf: [],
        reasons: [{ code: 'could-not-read', values: { source: 'Sumo Logic', failure: 'no answer within 30 s' } }],
      }),
      ...metricChecks('pass', startMs + 919_000),
    ],
  );
  const decision = askedStory([logsCheck('fail', 24.6, 4), ...metricChecks('pass', startMs + 684_200)], {});
  const [demo, healthy] = await Promise.all([playStory('quality-regression', 5), playStory('healthy', 5)]);
  tell([
    failed,
    live,
    held,
    decision,
    silentStory,
    waitingStory,
    judged,
    demo.events,
    [...demo.checks.values()],
    healthy.events,
    [...healthy.checks.values()],
    stagesTook,
    oldRelease,
  ]);
  return {
    failed: shown(failed),
    live: shown(
      upTo(live, event => event.type === 'verification-finished'),
      6_000,
    ),
    healthy: shown(healthy.events, 0, { ...sources, checks: key => healthy.checks.get(key) }),
    held: shown(
      upTo(held, event => event.type === 'question-closed' && event.question === 'q2'),
      60_000,
    ),
    waiting: shown(waitingStory, 65_000),
    decision: shown(decision, 8_000),
    'no-data': shown(silentStory, 1_000),
    judged: shown(failed, 0, { ...sources, entries: judged, feedback: { wouldBe: wouldBeSentence('pass') } }),
    demo: shown(demo.events, 0, { checks: key => demo.checks.get(key) }),
    empty: emptyState(),
  };
}

/** What the panel shows just after the last of these events. */
export function shown(
  events: readonly RunEvent[],
  laterMs = 400,
  beside: SnapshotSources = sources,
): ToPanel & { readonly snapshot: RunSnapshot } {
  const snapshot = snapshotRun('run', events, (events.at(-1)?.at ?? 0) + laterMs, beside);
  if (!snapshot) throw new Error('The story did not begin.');
  return { type: 'snapshot', number: 1, snapshot };
}

/** The first event that ends the state is not part of it. */
function upTo(events: readonly RunEvent[], isEnd: (event: RunEvent) => boolean): readonly RunEvent[] {
  const end = events.findIndex(isEnd);
  return end < 0 ? events : events.slice(0, end);
}

function emptyState(): ToPanel {
  const file = '.backstop/pipelines/storefront.yaml';
  const { pipeline } = parsePipeline(
    readFileSync(join(import.meta.dirname, '../fixtures/panel/storefront.yaml'), 'utf8'),
    file,
  );
  if (!pipeline) throw new Error('The pipeline of the empty state has a mistake.');
  return { type: 'pipeline', pipeline: snapshotPipeline(pipeline, layOutRun(pipeline), file) };
}

export async function takePicture({ page }: OpenPanel, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
