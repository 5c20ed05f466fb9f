// A process that writes to the store as fast as it can and says on stdout what is written: the victim of the crash
// tests. Arguments: file, run id, number of events, milliseconds for which it waits for a store that is busy or full.
// Each line: word, last seq that is surely stored.
import { writeSync } from 'node:fs';
import { openHistory } from '../../../../src/adapters/store/history.ts';
import { configurationDigest, releaseId } from '../../../../src/adapters/store/releaseId.ts';
import type { RunEvent } from '../../../../src/model/runs/runEvents.ts';

const [path, runId, count, patienceMs = '30000'] = process.argv.slice(2);
const opened = openHistory(path!, Date.now, { patienceMs: Number(patienceMs) });
if (!opened.ok) throw new Error(opened.failure.message, { cause: opened.failure });
const history = opened.value;
if (!history.findRun(runId!)) {
  history.createRun({
    id: runId!,
    pipeline: 'shop',
    service: 'shop',
    by: { name: 'Ann', via: 'cli' },
    version: '1',
    inputs: {},
    startedAtMs: Date.now(),
  });
}
const lease = history.acquireLease(`environment of ${runId}`, runId!, 3_600_000);
writeSync(1, `lease ${lease.held ? 1 : 0}\n`);

for (let seq = (history.events(runId!).at(-1)?.seq ?? 0) + 1; seq <= Number(count); seq += 3) {
  const batch: RunEvent[] = [0, 1, 2].map(i => ({
    type: 'stage-started',
    stage: `stage ${seq + i} ${'x'.repeat(seq % 500)}`,
    seq: seq + i,
    at: Date.now(),
  }));
  history.append(runId!, batch);
  writeSync(1, `event ${seq + 2}\n`);
  const digest = configurationDigest([], {});
  const release = releaseId(runId!, { version: String(seq) }, digest);
  history.saveRelease({
    id: release,
    service: runId!,
    artifact: { version: String(seq) },
    configuration: { digest, files: [], variables: {} },
    createdAt: seq,
  });
  history.record({
    service: runId!,
    environment: 'production',
    release,
    standing: 'deploying',
    runId: runId!,
    at: seq,
  });
  writeSync(1, `release ${seq}\n`);
}
