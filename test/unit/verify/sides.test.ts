// Sides by version: what stands for whom, how much traffic it bears, and when the sides cannot be told apart.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnalysisSettings, VersionSides } from '../../../src/model/evidence/analysis.ts';
import { fail, succeed } from '../../../src/model/failure.ts';
import { createRedactor } from '../../../src/model/redact.ts';
import { createEvidenceSession } from '../../../src/verify/session.ts';
import { findBlur, namesOf, settingsOf } from '../../../src/verify/sides.ts';

const sinceMs = 600_000;
const source = (versions?: VersionSides): AnalysisSettings['sources'][number] => ({
  kind: 'metrics',
  name: 'apm',
  delayMs: 0,
  metrics: [{ name: 'requests', options: { select: '', from: '' }, kind: 'count', direction: 'decrease', unit: '' }],
  ...(versions && { versions }),
});
const settingsWith = (
  versions: VersionSides | undefined,
  baselineNodes: readonly string[] = ['n3', 'n4', 'n5', 'n6'],
): AnalysisSettings => ({
  sensitivity: 'medium',
  canaryNodes: ['n1', 'n2'],
  baselineNodes,
  baselineKind: 'existing',
  canarySinceMs: sinceMs,
  beforeFromMs: 0,
  beforeToMs: 500_000,
  intervalMs: 10_000,
  durationMs: 120_000,
  trafficWeight: 1,
  sources: [source(versions)],
});
const both: VersionSides = { canary: ['2.0'], baseline: ['1.9'], before: [] };

test('one version bears the traffic of its nodes', () => {
  const settings = settingsWith(both);
  const own = settingsOf(settings, settings.sources[0]!);
  assert.deepEqual(
    [own.canaryNodes, own.baselineNodes, own.trafficWeight, namesOf(own)],
    [['2.0'], ['1.9'], 0.5, ['2.0', '1.9']],
  );
  assert.deepEqual(namesOf(settingsOf(settings, source())), ['n1', 'n2', 'n3', 'n4', 'n5', 'n6']);
});

test('without a baseline the version that ran before stands for it', () => {
  const settings = settingsWith({ canary: ['2.0'], baseline: [], before: ['1.9'] }, []);
  const session = createEvidenceSession(
    settings,
    {
      newRelicSeries: () =>
        succeed({
          rows: 1,
          points: Array.from({ length: 72 }, (_, index) => ({
            metric: 'requests',
            node: index < 50 ? '1.9' : '2.0',
            atMs: index * 10_000,
            value: 100 + (index % 3),
          })),
        }),
      newRelicLogs: () => fail('invalid', 'unused'),
      sumoMessages: () => fail('invalid', 'unused'),
      sumoMetrics: () => fail('invalid', 'unused'),
    },
    createRedactor([]),
  );
  assert.ok(session.ingest({ source: 'apm', decoder: 'newRelicSeries', bytes: new Uint8Array(), context: {} }).ok);
  const [check] = session.look({ atMs: sinceMs + 120_000, unread: {}, partial: {}, final: true }).checks;
  assert.ok(check?.kind === 'metric');
  assert.ok(
    Math.abs(check.baseline! - check.canary!) / check.baseline! < 0.05,
    JSON.stringify([check.canary, check.baseline]),
  );
  assert.equal(check.outcome, 'pass', JSON.stringify(check.reasons));
});

test('sides that cannot be told apart are said so', () => {
  assert.equal(findBlur(source(), {}), undefined);
  assert.equal(findBlur(source(both), {}), undefined);
  assert.match(
    findBlur(source({ canary: ['2.0'], baseline: ['1.9', '2.0'], before: [] }), {})!,
    /^Both sides run version 2\.0,/,
  );
  assert.match(
    findBlur(source({ canary: [], baseline: ['1.9'], before: [] }), {})!,
    /^It is not known which version the nodes run/,
  );
  assert.match(
    findBlur(source({ canary: ['2.0'], baseline: [], before: [] }), {})!,
    /^It is not known which version ran before/,
  );
});
