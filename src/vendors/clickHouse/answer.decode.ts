// What every answer of ClickHouse has: whether the query came to its end.
import { fail } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import { parseJson, textMember } from '../transport/decode/json.decode.ts';

const longestCause = 300;

/** A query that fails half-way is answered with HTTP 200, the rows so far and what went wrong: it looks like a drop. */
export function parseAnswer(bytes: Uint8Array): Result<unknown> {
  const answer = parseJson(bytes, 'ClickHouse');
  const cause = answer.ok ? textMember(answer.value, 'exception') : undefined;
  return cause === undefined
    ? answer
    : fail('unreachable', 'ClickHouse ended the query half-way.', { cause: cause.slice(0, longestCause) });
}
