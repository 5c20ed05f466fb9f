// The findings of `backstop doctor` as lines.
import { formatBytes } from '../../model/byteSize.ts';
import type { Diagnosis } from '../../model/diagnosis.ts';
import { describeFailure } from '../../model/failure.ts';
import type { StoreOverview } from '../../model/storeTools.ts';
import { formatCount, formatDuration, formatMoment } from '../../protocol/words/format.ts';
import { plainLine } from '../../protocol/words/plainText.ts';

export function diagnosisLines(diagnosis: Diagnosis, version: string): readonly string[] {
  const { node, platform, settings, credentials, memoryBytes, eventLoop, store, overview } = diagnosis;
  return [
    `backstop ${version}, Node ${node}, ${platform}`,
    ...Object.entries(settings).map(([name, value]) => `${name}=${plainLine(value, 200)}`),
    `Credentials: ${credentials.length === 0 ? 'none in the environment' : credentials.join(', ')}`,
    `This process: ${formatBytes(memoryBytes)} of memory; timers were ${eventLoop.meanMs} ms late on average and ` +
      `${eventLoop.maxMs} ms at most in ${formatDuration(eventLoop.measuredMs)}.`,
    ...(overview ? storeLines(store, overview) : []),
  ];
}

function storeLines(path: string, overview: StoreOverview): readonly string[] {
  const { sizes, runs, leases, unfinished, guards, failures } = overview;
  return [
    `Store ${path}: ${formatBytes(sizes.database)}, ${formatCount(runs, 'run')}; ` +
      `${formatBytes(sizes.journals)} of journals, ${formatBytes(sizes.hooks)} of hook output.`,
    ...leases.map(
      lease =>
        `Held: ${plainLine(lease.environment, 120)} by process ${plainLine(lease.process, 120)}, ` +
        (lease.isDead ? 'which has ended' : `renewed ${formatMoment(lease.renewedAtMs)}`),
    ),
    ...(unfinished.length > 0 ? [`Not ended: ${unfinished.map(number => `#${number}`).join(', ')}`] : []),
    ...guards.map(({ run, process, act, afterMs, dueAtMs }) =>
      dueAtMs === undefined
        ? `Guarded: #${run}, ${act} once no process has run it for ${formatDuration(afterMs)} (process ${process})`
        : `Guarded: #${run}, ${act} at ${formatMoment(dueAtMs)} unless it is resumed (process ${process})`,
    ),
    ...failures.map(
      ({ run, atMs, failure }) => `${formatMoment(atMs)}  #${run}  ${plainLine(describeFailure(failure), 300)}`,
    ),
  ];
}
