// The states in which the panel is tested, each as the messages of its host; and the pictures of them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { layOutRun } from '../../src/plan/layOut.ts';
import type { RunSummary } from '../../src/model/history.ts';
import type { RunEvent } from '../../src/model/runs/runEvents.ts';
import { wouldBeSentence } from '../../src/protocol/words/feedbackSentences.ts';
import type { ToPanel } from '../../src/protocol/runPanel.ts';
import { snapshotRun, type RunSnapshot, type SnapshotSources } from '../../src/protocol/snapshot/snapshot.ts';
import { snapshotPipeline } from '../../src/protocol/snapshot/snapshotPipeline.ts';
import { playStory } from '../bench/demo/demoWorld.ts';
import { heldStory, maria, oldRelease, rolledBackStory, startMs } from '../unit/terminal/stories.ts';
import { approvalSources, approvalStory, changedKeys, readPipeline } from './approvalStory.ts';
import { askedStory, silentStory } from './askingStories.ts';
import { judged, logsCheck, metricChecks, stagesTook, tooFewIntervals, steadyRise, withEvidence } from './fixtures.ts';
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
  'superseded',
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

const older: RunSummary = {
    id: 'older',
    number: 127,
    pipeline: 'storefront',
    service: 'storefront',
    by: maria,
    version: '2.13.2',
    inputs: {},
    startedAtMs: startMs - 86_400_000,
    outcome: 'promoted',
  },
  newer: RunSummary = { ...older, id: 'newer', number: 129, version: '2.14.1' };
const neighbours = { previous: older, next: newer, latest: newer };

type Tell = (data: unknown) => void;

/** `tell` is called with everything the states are made from. */
export async function playStates(tell: Tell = () => {}): Promise<Readonly<Record<StateName, ToPanel>>> {
  const [demo, healthy] = await Promise.all([playStory('quality-regression', 5), playStory('healthy', 5)]);
  tell([demo.events, [...demo.checks.values()], healthy.events, [...healthy.checks.values()]]);
  return {
    ...writtenStates(tell),
    healthy: shown(healthy.events, 0, { ...sources, checks: key => healthy.checks.get(key) }),
    demo: shown(demo.events, 0, { checks: key => demo.checks.get(key) }),
  };
}

/** Those that need no engine: each is a run's events up to a moment. */
export function writtenStates(
  tell: Tell = () => {},
): Readonly<Record<Exclude<StateName, 'demo' | 'healthy'>, ToPanel>> {
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
      logsCheck('pass', evidence, 0),
      ...metricChecks('pass', startMs + 919_000).map(check =>
        check.name === 'error rate' ? tooFewIntervals(check) : check,
      ),
    ],
  );
  const decision = askedStory([logsCheck('fail', 24.6, 4), ...metricChecks('pass', startMs + 684_200)], {});
  tell([
    failed,
    live,
    held,
    decision,
    silentStory,
    approvalStory,
    changedKeys,
    approvalSources.read?.('old'),
    approvalSources.read?.('new'),
    judged,
    stagesTook,
    oldRelease,
    neighbours,
  ]);
  return {
    failed: shown(failed),
    live: shown(
      upTo(live, event => event.type === 'verification-finished'),
      6_000,
    ),
    held: shown(
      upTo(held, event => event.type === 'question-closed' && event.question === 'q2'),
      60_000,
    ),
    waiting: shown(approvalStory, 65_000, { ...sources, ...approvalSources }),
    decision: shown(decision, 8_000),
    'no-data': shown(silentStory, 1_000),
    superseded: shown(failed, 0, { ...sources, neighbours }),
    judged: shown(failed, 0, { ...sources, entries: judged, feedback: { wouldBe: wouldBeSentence('pass') } }),
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
  const pipeline = readPipeline();
  return { type: 'pipeline', pipeline: snapshotPipeline(pipeline, layOutRun(pipeline), pipeline.file) };
}

export async function takePicture({ page }: OpenPanel, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
