// The nodes of the trees: what they say, and the facts that menus hang on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import type { RunSummary } from '../../../src/model/history.ts';
import { reduceRun } from '../../../src/model/runs/reduceRun.ts';
import { dayNodes } from '../../../src/host/tree/dayNode.ts';
import { pipelineNode } from '../../../src/host/tree/pipelineNode.ts';
import { runNode } from '../../../src/host/tree/runNode.ts';
import { spokenLabel, type TreeNode } from '../../../src/host/tree/treeNode.ts';
import { expectedState } from '../../../src/host/runs/sentInstructions.ts';
import { plainEnglish } from '../../../src/protocol/words/translate.ts';
import { heldStory, maria, promotedStory, rolledBackStory, startMs, waitingStory } from '../terminal/stories.ts';

const nowMs = startMs + 3_600_000;

function runOf(events: readonly RunEvent[], number = 7): RunNode {
  const state = reduceRun('run-1', events)!;
  const run: RunSummary = {
    id: 'run-1',
    number,
    pipeline: 'storefront',
    service: 'storefront',
    by: maria,
    version: '2.14.0',
    inputs: {},
    startedAtMs: startMs,
    ...(state.outcome && { outcome: state.outcome, finishedAtMs: state.finishedAtMs! }),
  };
  return { run, node: runNode(run, () => state, nowMs, plainEnglish) };
}
interface RunNode {
  readonly run: RunSummary;
  readonly node: TreeNode;
}

function all(node: TreeNode): readonly TreeNode[] {
  return [node, ...(node.children?.() ?? []).flatMap(all)];
}

test('a run that waits bears the facts that show Approve and Reject', () => {
  const { node } = runOf(waitingStory);
  for (const fact of ['run', 'open', 'waiting', 'approval']) assert.ok(node.facts.includes(fact), fact);
  assert.match(node.description ?? '', /^waiting for you · [\d:]+ · maria/);
  const question = all(node).find(one => one.facts[0] === 'question');
  assert.deepEqual(question?.facts, ['question', 'approval', 'waiting']);
  assert.equal(question?.target.runId, 'run-1');
});

test('a run that was rolled back can be run again from its stage, and its failed check says why', () => {
  const { node } = runOf(rolledBackStory);
  assert.ok(node.facts.includes('ended') && !node.facts.includes('open'));
  const nodes = all(node);
  const production = nodes.find(one => one.label === 'Production');
  assert.ok(production?.facts.includes('repeatable'));
  assert.equal(production?.target.stage, 'Production');
  assert.ok(
    nodes.some(
      one =>
        one.facts[0] === 'check' && one.facts.includes('fail') && /4 new exceptions on/.test(one.description ?? ''),
    ),
    'the failed check',
  );
  assert.equal(
    nodes.find(one => one.label === 'p95 latency')?.description,
    '212 ms against 208 ms (+1.9 %, 10 % allowed)',
    'beside its name it is not named again',
  );
  assert.ok(
    nodes.some(one => one.facts[0] === 'step' && one.facts.includes('logs')),
    'steps have logs',
  );
});

test('a row of a run says result and time first within a side bar of the usual width, the tooltip all of it', () => {
  for (const [events, result] of [
    [rolledBackStory, 'rolled back'],
    [promotedStory, 'promoted'],
    [heldStory, 'held'],
    [waitingStory, 'waiting for you'],
  ] as const) {
    const { label, description = '', tooltip = '' } = runOf(events).node;
    const [said, time = '', person] = description.split(' · ');
    assert.deepEqual([label, said, person], ['#7 2.14.0', result, 'maria']);
    assert.match(time, /^[\d:]+$/);
    assert.ok(`${label} ${said} · ${time}`.length <= 35, 'in a wide font the time is still seen');
    assert.match(tooltip, /^#7 storefront 2\.14\.0\n/);
    assert.match(tooltip, /maria · \d{4}-\d\d-\d\d \d\d:\d\d · /);
  }
  const { run } = runOf(rolledBackStory);
  assert.equal(
    runNode(run, () => undefined, nowMs, plainEnglish, { isNamed: true }).label,
    '#7 storefront 2.14.0',
    'beside runs of other pipelines it names its own',
  );
});

test('every node of a tree has an id of its own, the same at every look', () => {
  for (const events of [waitingStory, rolledBackStory, promotedStory, heldStory]) {
    const ids = all(runOf(events).node).map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(
      all(runOf(events).node).map(({ id }) => id),
      ids,
    );
  }
});

test('no text of a node holds a line break or a control character, whatever a run was called', () => {
  const hostile = waitingStory.map(event =>
    event.type === 'run-started'
      ? { ...event, service: 'shop\u001b[2J\nnext', artifact: { version: '1\u202e0' } }
      : event,
  );
  for (const { label, description = '' } of all(runOf(hostile).node))
    assert.doesNotMatch(label + description, /[\u0000-\u001f\u202e]/);
});

test('runs are put together by day, the newest day open', () => {
  const dayMs = 24 * 3_600_000;
  const runs = [0, 0, 1, 40].map((days, index): RunSummary => ({
    ...runOf(promotedStory).run,
    id: `run-${index}`,
    startedAtMs: nowMs - days * dayMs,
  }));
  const days = dayNodes(runs, nowMs, plainEnglish, run => ({
    id: run.id,
    label: run.id,
    icon: { name: 'pass' },
    facts: [],
    target: {},
  }));
  assert.deepEqual(days.map(({ label, description, expanded }) => [label, description, expanded]).slice(0, 2), [
    ['Today', '2', true],
    ['Yesterday', '1', false],
  ]);
  assert.match(days[2]?.label ?? '', /^\d{4}-\d{2}-\d{2}$/);
});

test('a pipeline that cannot be read says so and offers nothing to deploy', () => {
  const node = pipelineNode(
    { folder: '/shop', file: '.backstop/pipelines/a.yaml', errors: 2 },
    undefined,
    nowMs,
    plainEnglish,
  );
  assert.deepEqual(node.facts, ['pipeline', 'broken']);
  assert.equal(node.description, '2 problems');
});

test('a run that nothing verified is amber and says so, in both views of runs', () => {
  const { run } = runOf(promotedStory);
  const node = runNode(run, () => undefined, nowMs, plainEnglish, { isUnverified: true });
  assert.match(node.description ?? '', /^not verified · \d\d:\d\d · maria/);
  assert.match(spokenLabel(node), /^#7 2\.14\.0, deployed, not verified, \d\d:\d\d, maria/);
  assert.deepEqual(node.icon, { name: 'unverified', color: 'list.warningForeground' });
  const unchecked = reduceRun(
    'run-1',
    promotedStory.filter(event => event.type !== 'verification-finished'),
  )!;
  const pipeline = pipelineNode(
    { folder: '/shop', file: 'a.yaml', errors: 0 },
    { run, state: unchecked },
    nowMs,
    plainEnglish,
  );
  assert.equal(pipeline.state, 'deployed, not verified');
});

test('a screen reader hears the state that the icon shows, once', () => {
  const spoken = all(runOf(rolledBackStory).node).map(spokenLabel);
  assert.match(spoken[0] ?? '', /^#7 2\.14\.0, rolled back, \d\d:\d\d, maria$/);
  assert.ok(
    spoken.some(label => /^Dev, passed, \d/.test(label)),
    spoken.join('\n'),
  );
  for (const label of spoken) assert.doesNotMatch(label, /(rolled back|failed|passed), \1/);
});

test('a click on a run, a stage or a check opens the panel, and on a step its log', () => {
  for (const { facts, opens } of all(runOf(rolledBackStory).node))
    assert.equal(opens, facts[0] === 'step' ? 'backstop.showLogs' : 'backstop.openRun', facts.join(' '));
});

test('what a person has just told a run shows at once, and what was answered is not asked again', () => {
  const state = reduceRun('run-1', waitingStory)!;
  const { run } = runOf(waitingStory);
  const told = runNode(run, () => expectedState(state, 'approve'), nowMs, plainEnglish, { sent: 'approve' });
  assert.match(told.description ?? '', /^approving… · [\d:]+ · maria/);
  assert.deepEqual(told.icon, { name: 'loading~spin' });
  assert.ok(!told.facts.includes('waiting') && !told.facts.includes('approval'));
  const two = {
    ...state,
    questions: state.questions.map(one => ({ ...one, question: { ...one.question, minimum: 2 } })),
  };
  assert.equal(expectedState(two, 'approve'), two, 'another person must approve too');
  assert.equal(expectedState(state, 'hold'), state);
});
