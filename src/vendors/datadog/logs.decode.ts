// Turns one page of Datadog's log events into log lines.
import type { Decode, EvidencePage } from '../../model/evidence/analysis.ts';
import type { LogLine } from '../../model/evidence/evidence.ts';
import { fail, succeed } from '../../model/failure.ts';
import { listMember, member, parseJson, textMember } from '../transport/decode/json.decode.ts';
import { withLevel } from '../transport/decode/logLine.decode.ts';

/**
 * Context: {node, fromMs, toMs}; `node` is `host`, a tag, or `@` with the path of an attribute. `rows` counts events.
 * Whether the vendor counts the end of a range to it does not matter: what is outside is left out.
 */
export const decodeDatadogLogs: Decode = (bytes, context) => {
  const answer = parseJson(bytes, 'Datadog');
  if (!answer.ok) return answer;
  const events = member(answer.value, 'data');
  if (!Array.isArray(events)) return fail('bad-answer', 'Datadog sent an answer without events.');
  if (textMember(member(answer.value, 'meta'), 'status') === 'timeout')
    return fail('timeout', 'Datadog ran out of time for the search.');
  return succeed({ rows: events.length, lines: events.flatMap(event => lineOf(event, context)) });
};

function lineOf(event: unknown, context: EvidencePage['context']): readonly LogLine[] {
  const attributes = member(event, 'attributes'),
    atMs = Date.parse(textMember(attributes, 'timestamp') ?? ''),
    text = textMember(attributes, 'message'),
    node = nodeOf(attributes, String(context.node)),
    id = textMember(event, 'id');
  if (!(atMs >= Number(context.fromMs) && atMs < Number(context.toMs)) || !text || !node || !id) return [];
  const status = textMember(attributes, 'status');
  return [{ atMs, node, text: withLevel(text, status === 'ok' ? 'info' : status), id }];
}

function nodeOf(attributes: unknown, name: string): string | undefined {
  if (name === 'host') return textMember(attributes, 'host');
  if (!name.startsWith('@'))
    return listMember(attributes, 'tags')
      .filter(tag => typeof tag === 'string')
      .find(tag => tag.startsWith(`${name}:`))
      ?.slice(name.length + 1);
  const found = name
    .slice(1)
    .split('.')
    .reduce<unknown>((value, part) => member(value, part), member(attributes, 'attributes'));
  return typeof found === 'string' ? found : undefined;
}
