// Reads page after page, each asked for with the token that the one before it gave.
import type { ReadSummary } from '../../model/evidence/analysis.ts';
import type { QueryRecord } from '../../model/evidence/verdict.ts';
import { fail, succeed, type Result } from '../../model/failure.ts';

/** `seen`: the token of the next page; undefined on the last one. */
interface ReadPage {
  readonly record: QueryRecord;
  readonly seen: string | undefined;
}

/** `what`: begins the failure of a server whose token stays the same, which would never end. */
export async function readByToken(
  what: string,
  askPage: (token: string | undefined) => Promise<Result<ReadPage>>,
): Promise<Result<ReadSummary>> {
  const queries: QueryRecord[] = [];
  for (let token: string | undefined; ;) {
    const page = await askPage(token);
    if (!page.ok) return page;
    const { record, seen } = page.value;
    queries.push(record);
    if (seen === undefined) return succeed({ queries });
    if (seen === token) return fail('bad-answer', `${what}: the token of the next page does not move.`);
    token = seen;
  }
}
