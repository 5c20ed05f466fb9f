// Lets Elasticsearch count log lines, where there are too many to read them. OpenSearch groups no lines by their text.
import type { NodePace } from '../../model/evidence/counts.ts';
import { fail, succeed, type Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { CountRequest, LineCounter } from '../../model/ports.ts';
import { countLines, probeLines, type CountQuestion } from '../transport/countLines.ts';
import { listMember, member, numberMember } from '../transport/decode/json.decode.ts';
import { parseAnswer } from './answer.decode.ts';
import { mostGroups, widen, writeCount, writeProbe } from './countSearch.ts';
import { rangeOf, whatOf, type LogsRequest } from './logs.ts';
import { callOf } from './search.ts';

export function createElasticsearchCounter(deps: Outside): LineCounter {
  return {
    async probe(request, signal) {
      const asked = request as LogsRequest,
        { source, connection } = asked;
      if (connection.options.product === 'openSearch')
        return fail('invalid', `${whatOf(asked)}: OpenSearch does not group lines by their text.`);
      return probeLines(deps, request, questionOf(asked, writeProbe(source, rangeOf(asked))), pacesOf, signal);
    },
    count(request, deliver, signal) {
      const sliceMs = widen(request),
        asked = { ...request, sliceMs } as LogsRequest & CountRequest,
        { source } = asked,
        question = questionOf(asked, writeCount(source, rangeOf(asked), asked)),
        context = { message: source.options.message, most: mostGroups };
      return countLines(deps, asked, question, { decoder: 'openSearchCounts', context }, deliver, signal);
    },
  };
}

function questionOf(request: LogsRequest, text: string): CountQuestion {
  const { source, connection } = request,
    path = `/${encodeURIComponent(source.options.index)}/_search`,
    call = { method: 'POST', path, body: text, what: whatOf(request) } as const;
  return { connection, text, call: deadlineMs => callOf(connection, { ...call, deadlineMs }) };
}

function pacesOf(bytes: Uint8Array): Result<readonly NodePace[]> {
  const answer = parseAnswer(bytes);
  if (!answer.ok) return answer;
  return succeed(listMember(member(member(answer.value, 'aggregations'), 'nodes'), 'buckets').flatMap(paceOf));
}

function paceOf(bucket: unknown): readonly NodePace[] {
  const lines = numberMember(bucket, 'doc_count'),
    [firstMs, newestMs] = ['first', 'newest'].map(name => numberMember(member(bucket, name), 'value'));
  return lines === undefined || firstMs === undefined || newestMs === undefined
    ? []
    : [{ node: String(member(bucket, 'key')), lines, firstMs, newestMs }];
}
