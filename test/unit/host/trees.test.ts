// The nodes of the trees: what they say, and the facts that menus hang on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import type { RunSummary } from '../../../src/model/history.ts';
import { reduceRun } from '../../../src/model/runs/reduceRun.ts';
import { dayNodes } from '../../../src/host/tree/dayNode.ts';
import { environmentNode } from '../../../src/host/tree/environmentNode.ts';
import { pipelineNode } from '../../../src/host/tree/pipelineNode.ts';
import { runNode } from '../../../src/host/tree/runNode.ts';
import type { TreeNode } from '../../../src/host/tree/treeNode.ts';
import { plainEnglish } from '../../../src/protocol/words/translate.ts';
import {
  heldStory,
  maria,
  newRelease,
  oldRelease,
  promotedStory,
  rolledBackStory,
  startMs,
  waitingStory,
} from '../terminal/stories.ts';

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
  assert.match(node.description ?? '', /waiting for you · maria/);
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
        one.facts[0] === 'check' && one.facts.includes('fail') && /4 exceptions never seen/.test(one.description ?? ''),
    ),
    'the failed check',
  );
  assert.ok(
    nodes.some(one => one.facts[0] === 'step' && one.facts.includes('logs')),
    'steps have logs',
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

test('an environment in the middle of a deployment shows both releases and can go back', () => {
  const node = environmentNode(
    {
      target: { folder: '/shop', service: 'storefront' },
      name: 'production',
      release: id => [oldRelease, newRelease].find(one => one.id === id),
      nodes: [
        { node: 'prod-01', release: newRelease.id, sinceMs: startMs },
        { node: 'prod-02', release: oldRelease.id, sinceMs: 0 },
        { node: 'prod-03', release: oldRelease.id, sinceMs: 0 },
      ],
      ledger: [
        {
          service: 'storefront',
          environment: 'production',
          release: 'older',
          standing: 'verified',
          runId: 'r0',
          at: 0,
        },
        {
          service: 'storefront',
          environment: 'production',
          release: oldRelease.id,
          standing: 'verified',
          runId: 'r1',
          at: 1,
        },
        {
          service: 'storefront',
          environment: 'production',
          release: newRelease.id,
          standing: 'deploying',
          runId: 'r2',
          at: 2,
        },
      ],
    },
    nowMs,
    plainEnglish,
  );
  assert.match(node.description ?? '', /2 releases · 2\.13\.2 · 1970-01-01 · verified/);
  assert.deepEqual(node.facts, ['environment', 'deployed', 'reversible']);
  assert.deepEqual(
    node.children?.().map(({ label, description }) => [label, description?.split(' · ')[0]]),
    [
      ['2.13.2', 'prod-02 and prod-03'],
      ['2.14.0', 'prod-01'],
    ],
  );
});

test('an environment whose release nothing verified says so, in amber', () => {
  for (const standing of ['deployed', 'unverified'] as const) {
    const entry = { service: 'storefront', environment: 'dev', release: newRelease.id, standing, runId: 'r', at: 1 };
    const node = environmentNode(
      {
        target: { folder: '/shop', service: 'storefront' },
        name: 'dev',
        release: () => newRelease,
        nodes: [{ node: 'dev-01', release: newRelease.id, sinceMs: 1 }],
        ledger: [entry],
      },
      nowMs,
      plainEnglish,
    );
    assert.match(node.description ?? '', / · deployed, not verified$/);
    assert.deepEqual(node.icon, { name: 'unverified', color: 'list.warningForeground' });
  }
});

test('an environment that nobody has deployed to offers neither rollback nor comparison', () => {
  const node = environmentNode(
    { target: {}, name: 'dev', release: () => undefined, nodes: [], ledger: [] },
    nowMs,
    plainEnglish,
  );
  assert.deepEqual(node.facts, ['environment']);
});
