// Reads the pages of a window of log lines that come in the order of their times: each begins with the moment of the
// last line of the one before, or skips what came of that moment where a page has lines of one moment only.
import type { QueryRecord } from '../../model/evidence/verdict.ts';
import { succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Stamps } from './stamps.ts';

export interface Place {
  /** Nanoseconds since 1970, inclusive. */
  readonly fromNs: bigint;
  /** So many of the first lines from there on came already. */
  readonly skip: number;
}

export async function readInOrder(
  fromNs: bigint,
  linesPerPage: number,
  read: (place: Place) => Promise<Result<{ readonly record: QueryRecord; readonly seen: Stamps }>>,
): Promise<Result<readonly QueryRecord[]>> {
  const queries: QueryRecord[] = [];
  for (let place: Place = { fromNs, skip: 0 }; ;) {
    const page = await read(place);
    if (!page.ok) return page;
    const { record, seen } = page.value;
    queries.push(record);
    if (seen.lines < linesPerPage) return succeed(queries);
    place =
      seen.newestNs > place.fromNs
        ? { fromNs: seen.newestNs, skip: 0 }
        : { fromNs: place.fromNs, skip: place.skip + seen.lines };
  }
}

/**
 * What tells equal lines apart is how many came before them in their page; of the moment with which a page begins,
 * those that it skipped come before as well.
 */
export function contextOfPlace({ fromNs, skip }: Place) {
  return { moment: String(fromNs), skipped: skip };
}
