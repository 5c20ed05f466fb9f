// Turns one page of CloudWatch's log events into log lines.
import type { Decode } from '../../model/evidence/analysis.ts';
import type { LogLine } from '../../model/evidence/evidence.ts';
import { fail, succeed } from '../../model/failure.ts';
import { member, numberMember, parseJson, textMember } from '../transport/decode/json.decode.ts';
import { createNodeNames } from '../transport/decode/nodeNames.decode.ts';

/** Context: {nodes: a JSON list, nodePattern?}. `rows` counts events, also those of other log streams. */
export const decodeCloudWatchEvents: Decode = (bytes, context) => {
  const answer = parseJson(bytes, 'CloudWatch');
  if (!answer.ok) return answer;
  const events = member(answer.value, 'events');
  if (!Array.isArray(events)) return fail('bad-answer', 'CloudWatch sent an answer without events.');
  const nodes = parseJson(String(context.nodes), 'The page');
  const nameOf = createNodeNames(
    nodes.ok && Array.isArray(nodes.value) ? nodes.value.map(String) : [],
    context.nodePattern === undefined ? undefined : String(context.nodePattern),
  );
  return succeed({
    rows: events.length,
    lines: events.flatMap((event): readonly LogLine[] => {
      const stream = textMember(event, 'logStreamName') ?? '',
        node = nameOf(stream),
        atMs = numberMember(event, 'timestamp'),
        text = textMember(event, 'message')?.trimEnd(),
        id = textMember(event, 'eventId');
      return node && atMs !== undefined && text && id ? [{ atMs, node, text, id: `${stream}/${id}` }] : [];
    }),
  });
};
