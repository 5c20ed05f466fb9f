// A run whose log tries everything: markup, scripts, drawings, direction marks, terminal sequences, null bytes, lines
// of a megabyte.
import assert from 'node:assert/strict';
import { snapshotRun, type RunSnapshot } from '../../src/protocol/snapshot/snapshot.ts';
import { cluster, quality, rolledBackStory } from '../unit/terminal/stories.ts';

export const hostileText =
  '<img src=x onerror=alert(1)><script>alert(2)</script>\u0000\u001b[31m red \u202etxt.exe <svg ' +
  'onload=alert(3)></script><!--';

export function hostileSnapshot(): RunSnapshot {
  const events = rolledBackStory.map(event =>
    event.type !== 'verification-finished' || event.report.outcome !== 'fail'
      ? event
      : {
          ...event,
          report: {
            ...event.report,
            checks: [
              {
                ...quality('fail', 24),
                name: hostileText,
                clusters: [
                  cluster(hostileText, {
                    key: 'h',
                    nodes: { [hostileText]: 3 },
                    samples: { canary: [`${hostileText}\n${'x'.repeat(1_000_000)}`], baseline: [] },
                  }),
                  cluster('y'.repeat(5000), { key: 'long' }),
                ],
              },
            ],
          },
        },
  );
  const snapshot = snapshotRun('run', events, 0);
  assert.ok(snapshot);
  return snapshot;
}
