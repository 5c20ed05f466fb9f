// Real logs of many products against themselves: both sides are healthy, so nothing may fail and little may hold.
import type { LogsCheck } from '../../../src/model/evidence/verdict.ts';
import type { BenchResult } from '../bench.ts';
import { compareSides, readRealLogs } from './realLogs.ts';

export async function run(data: string | undefined): Promise<BenchResult> {
  const judged: { name: string; check: LogsCheck }[] = [];
  for (const log of readRealLogs(data)) judged.push({ name: log.name, check: await compareSides(log) });
  const named = (outcome: 'fail' | 'inconclusive'): string[] =>
    judged.flatMap(({ name, check }) => (check.outcome === outcome ? [name] : []));
  const failed = named('fail'),
    held = named('inconclusive');
  process.stderr.write(`Fail: ${failed.join(', ') || 'none'}\nHold: ${held.join(', ') || 'none'}\n`);
  for (const { name, check } of judged)
    if (check.outcome !== 'pass')
      for (const { class: kind, template, canaryCount, baselineCount } of check.clusters)
        if (kind !== 'known')
          process.stderr.write(`  ${name}: ${kind}, ${canaryCount} : ${baselineCount}, ${template.slice(0, 160)}\n`);
  return {
    name: 'real',
    figures: {
      logs: judged.length,
      passed: judged.length - failed.length - held.length,
      held: held.length,
      failed: failed.length,
    },
    targets: {
      failed: { op: '<=', value: 1 },
      held: { op: '<=', value: Math.floor(judged.length / 10) },
    },
  };
}
