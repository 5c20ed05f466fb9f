// What every answer to a search has: whether it is whole.
import { fail } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import { member, numberMember, parseJson } from '../transport/decode/json.decode.ts';

/** An answer that lacks the data of a shard fails as a whole: it looks like a drop. */
export function parseAnswer(bytes: Uint8Array): Result<unknown> {
  const answer = parseJson(bytes, 'OpenSearch');
  if (!answer.ok) return answer;
  if (member(answer.value, 'timed_out') === true) return fail('timeout', 'OpenSearch ran out of time for the search.');
  const failed = numberMember(member(answer.value, '_shards'), 'failed') ?? 0;
  if (failed > 0) return fail('unreachable', `OpenSearch could not search ${failed} of its shards.`);
  // Of a search across clusters: one that is not there is skipped without any other sign.
  const clusters = member(answer.value, '_clusters');
  const skipped = ['skipped', 'partial', 'failed'].reduce((sum, name) => sum + (numberMember(clusters, name) ?? 0), 0);
  return skipped > 0 ? fail('unreachable', `OpenSearch could not search ${skipped} of its clusters.`) : answer;
}

/** The only value, or the first of several. */
export function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? (value as readonly unknown[])[0] : value;
}

export function badAnswer(): Result<never> {
  return fail('bad-answer', 'OpenSearch sent an answer without a result.');
}
