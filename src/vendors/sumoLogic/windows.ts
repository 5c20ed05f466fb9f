// Cuts a window that holds more messages than one search job gives: asks how many fall into each slice of it, and cuts
// between slices.
import { fail, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import { listMember, member, parseJson } from '../transport/decode/json.decode.ts';
import { messagesPerJob, runSearchJob } from './searchJob.ts';
import type { SearchDeps, SearchJob } from './searchJob.ts';

export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Windows are not cut below this. */
export const shortestWindowMs = 1_000;
/** Lines still arrive while we count and read. */
const roomFor = 0.9 * messagesPerJob;
const mostSlices = 300;
const slices: readonly (readonly [name: string, ms: number])[] = [
  ['1s', 1_000],
  ['5s', 5_000],
  ['15s', 15_000],
  ['1m', 60_000],
  ['5m', 300_000],
  ['15m', 900_000],
  ['1h', 3_600_000],
];

/** The query whose records are the counts; undefined where the window is too short for it. */
export function countingQuery(query: string, { fromMs, toMs }: Window): string | undefined {
  const slice = slices.find(([, ms]) => (toMs - fromMs) / ms <= mostSlices) ?? slices.at(-1)!;
  return slice[1] * 2 > toMs - fromMs ? undefined : `${query} | timeslice ${slice[0]} | count by _timeslice`;
}

/**
 * Windows that each fit, oldest last. Fails as `invalid` where the query cannot be counted, since it aggregates itself.
 */
export async function countAndCut(
  deps: Pick<SearchDeps, 'call' | 'clock'>,
  job: SearchJob,
  signal: AbortSignal,
): Promise<Result<readonly Window[]>> {
  const counts = new Map<number, number>();
  const deliver = async (bytes: Uint8Array<ArrayBuffer>): Promise<Result<{ rows: number }>> => {
    const page = parseJson(bytes, 'Sumo Logic');
    if (!page.ok) return page;
    const records = member(page.value, 'records');
    if (!Array.isArray(records)) return fail('bad-answer', 'Sumo Logic sent a page without records.');
    for (const record of listMember(page.value, 'records')) {
      const map = member(record, 'map');
      const atMs = Number(member(map, '_timeslice')),
        count = Number(member(map, '_count'));
      if (Number.isFinite(atMs) && Number.isFinite(count)) counts.set(atMs, count);
    }
    return succeed({ rows: records.length });
  };
  const counted = await runSearchJob({ ...deps, deliver }, { ...job, wants: 'records' }, signal);
  return counted.ok ? succeed(cutBetween(job, [...counts])) : counted;
}

export function cutInHalves({ fromMs, toMs }: Window): readonly Window[] {
  const middleMs = Math.floor((fromMs + toMs) / 2);
  return [
    { fromMs, toMs: middleMs },
    { fromMs: middleMs, toMs },
  ];
}

/** A slice that alone holds too many becomes a window of its own, to be cut more finely. */
export function cutBetween(
  { fromMs, toMs }: Window,
  counts: readonly (readonly [atMs: number, count: number])[],
): readonly Window[] {
  const cuts = [fromMs];
  let held = 0;
  for (const [atMs, count] of [...counts].sort(([one], [other]) => one - other)) {
    if (held > 0 && held + count > roomFor && atMs > cuts.at(-1)! && atMs < toMs) {
      cuts.push(atMs);
      held = 0;
    }
    held += count;
  }
  return cuts.map((cutMs, index) => ({ fromMs: cutMs, toMs: cuts[index + 1] ?? toMs }));
}
