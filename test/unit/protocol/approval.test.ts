// The card of an approver: each fact is from the run's journal or the ledger, and what is not known is not said.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import { isToHost } from '../../../src/protocol/runPanel.ts';
import { snapshotRun, type RunSnapshot, type SnapshotSources } from '../../../src/protocol/snapshot/snapshot.ts';
import { approvalEnvironment } from '../../../src/protocol/snapshot/approval/approvalSubject.ts';
import { createSnapshots } from '../../../src/protocol/snapshot/snapshot.ts';
import { releasesThere } from '../../../src/protocol/snapshot/storedSnapshot.ts';
import { approvalSources, approvalStory, readPipeline } from '../../panel/approvalStory.ts';
import { canaryNodes, newRelease, oldRelease, startMs } from '../terminal/stories.ts';

function cardOf(events: readonly RunEvent[], sources: SnapshotSources): RunSnapshot {
  const snapshot = snapshotRun('run', events, startMs + 178_000, sources);
  assert.ok(snapshot);
  return snapshot;
}

/** The same run with another pipeline in its journal. */
function withPipeline(change: (pipeline: ReturnType<typeof readPipeline>) => ReturnType<typeof readPipeline>) {
  return approvalStory.map(event =>
    event.type === 'run-started' ? { ...event, fixed: change(readPipeline()) } : event,
  );
}

suite('what an approver reads', () => {
  test('version, configuration, build, nodes, time and the way back; keys, phases, hooks and people', () => {
    const { header, comparison, approval } = cardOf(approvalStory, {
      ...approvalSources,
      expectedMs: stage => (stage === 'Production' ? 1_910_000 : undefined),
    });
    assert.deepEqual(
      header.facts.map(({ name, value, more }) => [name, value, more ?? ''].join('|')),
      [
        'Version|2.13.2 → 2.14.0|',
        'Configuration|3 settings differ|',
        'Build|storefront/main #4417|',
        'Production|10 nodes|in 3 phases',
        'Expected|about 31:50|as in earlier runs',
        'If it fails|2.13.2|automatically',
      ],
    );
    assert.deepEqual(header.actions, ['approve', 'reject', 'view-diff']);
    assert.deepEqual(comparison?.files, [
      {
        name: 'config/storefront.json',
        change: 'changed',
        settings: [
          { name: 'checkout.confirmation', from: '"summary"', to: '"summary-v2"' },
          { name: 'inventory.reservation', from: '"central"', to: '"zoned"' },
          { name: 'cache.format', from: '2', to: '3' },
        ],
        sameKeys: 38,
      },
    ]);
    const [production] = approval?.stages ?? [];
    assert.deepEqual(
      production?.phases.map(({ label, nodes, what, took }) => [label, nodes.length, what, took].join('|')),
      [
        '20 %|2|verify against 8 other nodes|11:00',
        '50 %|3|verify against 5 other nodes|11:00',
        '100 %|5|verify against the time before|10:00',
      ],
    );
    assert.deepEqual(
      approval?.checks.map(({ stage, passed, what, nodes }) => [stage, passed, what, nodes].join('|')),
      [
        'Dev|true|runs 2.14.0, smoke test|1 of 1',
        'Test|true|runs 2.14.0, 212 API tests|1 of 1',
        'Edu|true|runs 2.14.0, smoke test|1 of 1',
        'Sandbox|true|runs 2.14.0, smoke test|1 of 1',
        'Staging|true|runs 2.14.0, checkout test|1 of 1',
      ],
    );
    assert.deepEqual(
      [...(approval?.commits?.shown ?? []).map(({ id, author }) => `${id} ${author}`), approval?.commits?.more],
      [
        '3f9d01c2 Jonas Weber',
        'b71c9ee0 Maria Lind',
        '88a0c54b Jonas Weber',
        '5d2e7f10 Lena Ott',
        '0c44d9a7 Maria Lind',
        '7 more commits',
      ],
    );
    assert.equal(approval?.verifiedLater, true);
    assert.deepEqual(
      approval?.people.map(({ name, note, may }) => [name, note, may].join('|')),
      ['jonas|asked 1:05 ago|true', 'lena|asked 1:05 ago|true', 'maria|started this run and cannot approve it|false'],
    );
  });

  test('what is not known is left out or said to be unknown', () => {
    const { header, comparison, approval } = cardOf(
      approvalStory.map(event =>
        event.type === 'run-started' ? { ...event, artifact: newRelease.artifact, release: newRelease } : event,
      ),
      { layOut: approvalSources.layOut! },
    );
    assert.deepEqual(
      header.facts.map(({ name, value, more }) => [name, value, more ?? ''].join('|')),
      [
        'Version|2.14.0|what runs there now is unknown',
        'Production|10 nodes|in 3 phases',
        'Expected|at least 32:00|as planned',
        'If it fails|no earlier release|nothing to roll back to',
      ],
    );
    assert.deepEqual([comparison, approval?.build], [null, undefined]);
  });

  test('an approval between two phases is about the phases after it', () => {
    const phase = {
      message: 'Go on?',
      approvers: [],
      minimum: 1,
      starterMayApprove: true,
      commentRequired: true,
      inputs: [],
      timeoutMs: 1_000,
      onTimeout: 'rollback',
    } as const;
    const events = withPipeline(pipeline => ({
      ...pipeline,
      stages: pipeline.stages.map(group =>
        group.map(stage =>
          stage.kind === 'canary'
            ? { ...stage, phases: stage.phases.map(one => ({ ...one, approval: phase })) }
            : stage,
        ),
      ),
    }));
    const at = events.at(-1)!.at;
    const { approval, header } = cardOf(
      [
        ...events,
        { seq: 90, at, type: 'question-closed', question: 'q1', result: 'approved' },
        { seq: 91, at, type: 'stage-finished', stage: 'Approval', outcome: 'passed' },
        { seq: 92, at, type: 'stage-started', stage: 'Production', environment: 'production' },
        {
          seq: 93,
          at,
          type: 'phase-started',
          stage: 'Production',
          phase: 1,
          of: 3,
          nodes: canaryNodes,
          canaryNodes,
          baselineNodes: [],
        },
        {
          seq: 94,
          at,
          type: 'asked',
          question: {
            id: 'Production/1/approval',
            kind: 'approval',
            stage: 'Production',
            message: 'Go on?',
            approvers: [],
            minimum: 1,
            starterMayAnswer: true,
            commentRequired: true,
            deadlineMs: at + 1_000,
            otherwise: 'rollback',
          },
        },
      ],
      approvalSources,
    );
    assert.deepEqual(
      [
        approval?.question,
        approval?.commentRequired,
        approval?.stages[0]?.phases.map(({ label }) => label),
        approval?.stages[0]?.rows.find(({ name }) => name === 'If rejected')?.value,
        approval?.people.map(({ name }) => name),
        header.facts.find(({ name }) => name === 'Expected')?.value,
      ],
      [
        'Production/1/approval',
        true,
        ['50 %', '100 %'],
        'rolls back to 2.13.2 and its configuration',
        ['Anyone'],
        'at least 21:00',
      ],
    );
  });

  test('what runs in the environment that is approved is compared, not what runs where the run was last', () => {
    const snapshots = createSnapshots('run');
    snapshots.add(approvalStory);
    const { state, pipeline } = snapshots;
    assert.ok(state);
    assert.equal(approvalEnvironment(state, pipeline), 'production');
    const asked: string[] = [];
    const history = (releases: readonly (string | null)[]) => ({
      ledger: (_: string, environment?: string) => {
        asked.push(`ledger of ${environment}`);
        return [];
      },
      nodes: (_: string, environment: string) => {
        asked.push(`nodes of ${environment}`);
        return releases.map((release, index) => ({ node: `prod-${index}`, release, sinceMs: 0 }));
      },
      release: (id: string) => (id === oldRelease.id ? oldRelease : undefined),
    });
    assert.deepEqual(releasesThere(history([oldRelease.id, oldRelease.id]), state, pipeline), { running: oldRelease });
    assert.deepEqual(releasesThere(history([oldRelease.id, 'other']), state, pipeline), {});
    assert.deepEqual(releasesThere(history([oldRelease.id, null]), state, pipeline), {});
    assert.deepEqual([...new Set(asked)], ['ledger of production', 'nodes of production']);
  });

  test('an answer from the panel has a question and a bounded comment', () => {
    const answer = { type: 'answer', answer: 'approve', question: 'q1', comment: '' };
    assert.deepEqual(
      [
        answer,
        { ...answer, answer: 'hold' },
        { ...answer, question: 7 },
        { ...answer, comment: undefined },
        { ...answer, comment: 'x'.repeat(501) },
      ].map(isToHost),
      [true, false, false, false, false],
    );
  });
});
