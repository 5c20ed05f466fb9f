// What runs where: the rows of the view Environments.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adoptedRunId, type LedgerEntry } from '../../../src/model/release.ts';
import { environmentNode } from '../../../src/host/tree/environmentNode.ts';
import { spokenLabel, type TreeNode } from '../../../src/host/tree/treeNode.ts';
import { plainEnglish } from '../../../src/protocol/words/translate.ts';
import { newRelease, oldRelease, startMs } from '../terminal/stories.ts';

const nowMs = startMs + 3_600_000;

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
  assert.match(node.description ?? '', /^2\.13\.2 → 2\.14\.0 · \d+ d · 2 releases$/);
  assert.deepEqual(node.icon, { name: 'loading~spin' });
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
    assert.match(node.description ?? '', /^2\.14\.0 · not verified · /);
    assert.match(node.tooltip ?? '', /^dev: 2\.14\.0, deployed, not verified\n/);
    assert.match(spokenLabel(node), /^dev, 2\.14\.0, deployed, not verified, /);
    assert.deepEqual(node.icon, { name: 'unverified', color: 'list.warningForeground' });
  }
});

test('an environment says which release was rolled back until the next deployment, and what was only adopted', () => {
  const entry = { service: 'storefront', environment: 'production', runId: 'r2' };
  const node = (ledger: readonly LedgerEntry[], ageMs = 370_000): TreeNode =>
    environmentNode(
      {
        target: {},
        name: 'production',
        release: id => [oldRelease, newRelease].find(one => one.id === id),
        nodes: [{ node: 'prod-01', release: oldRelease.id, sinceMs: nowMs - ageMs }],
        ledger,
      },
      nowMs,
      plainEnglish,
    );
  const adopted: LedgerEntry = {
    ...entry,
    release: oldRelease.id,
    standing: 'promoted-by-hand',
    runId: adoptedRunId,
    at: 1,
  };
  assert.equal(node([adopted]).description, '2.13.2 · adopted · 6 min');
  assert.equal(node([adopted], 20_000).description, '2.13.2 · adopted');
  assert.equal(node([{ ...adopted, runId: 'r1' }]).description, '2.13.2 · by hand · 6 min');
  const back = node([adopted, { ...entry, release: newRelease.id, standing: 'rolled-back', at: 2 }]);
  assert.equal(back.description, '2.13.2 · rolled back · 6 min');
  assert.match(back.tooltip ?? '', /^production: 2\.13\.2, rolled back from 2\.14\.0\n/);
  assert.equal(spokenLabel(back), 'production, 2.13.2, rolled back from 2.14.0, 6 min');
});

test('an environment that nobody has deployed to offers neither rollback nor comparison', () => {
  const node = environmentNode(
    { target: {}, name: 'dev', release: () => undefined, nodes: [], ledger: [] },
    nowMs,
    plainEnglish,
  );
  assert.deepEqual(node.facts, ['environment']);
});
