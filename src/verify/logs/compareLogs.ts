// Two sets of log lines, no pipeline: the same analysis as a canary's, over files whose lines need not bear times.
import type { CompareLogsRequest } from '../../model/runs/engine.ts';
import type { LogLine, Role } from '../../model/evidence/evidence.ts';
import { succeed, type Result } from '../../model/failure.ts';
import type { LogsCheck } from '../../model/evidence/verdict.ts';
import { createLogAnalysis, type LogAnalysis } from './logAnalysis.ts';

/**
 * Where lines bear no time, those of a side are taken to come evenly, in their order; both sides are taken to cover the
 * same time.
 */
export async function compareLogs({
  baseline,
  canary,
  sensitivity,
  trafficRatio,
  values,
}: CompareLogsRequest): Promise<Result<LogsCheck>> {
  const analysis = createLogAnalysis({
    sensitivity,
    trafficRatio,
    baselineKind: 'existing',
    ...(values && { values }),
  });
  const lastMs = Math.max(await addAll(analysis, baseline, 'baseline'), await addAll(analysis, canary, 'canary'));
  return succeed(analysis.assess({ name: 'logs', source: 'files', atMs: lastMs, canarySinceMs: 0, minimumMs: 0 }));
}

const apartMs = 1000;

/** Returns the time of the last line. */
async function addAll(analysis: LogAnalysis, pages: AsyncIterable<readonly LogLine[]>, role: Role): Promise<number> {
  let countedMs = 0,
    lastMs = 0;
  for await (const page of pages) {
    analysis.add(
      page.map(({ node, text, atMs }) => ({ node, text, atMs: (lastMs = atMs > 0 ? atMs : (countedMs += apartMs)) })),
      role,
    );
  }
  return lastMs;
}
