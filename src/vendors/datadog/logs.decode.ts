// Turns one page of Datadog's log events into log lines.
import type { Decode, EvidencePage } from '../../model/evidence/analysis.ts';
import type { LogLine } from '../../model/evidence/evidence.ts';
import { fail, succeed } from '../../model/failure.ts';
import { listMember, member, parseJson, textMember } from '../transport/decode/json.decode.ts';
import { withLevel } from '../transport/decode/logLine.decode.ts';
import { createTagNames, isTag, valueOfTag } from './tags.decode.ts';

/**
 * Context: {node, nodes, fromMs, toMs}; `node` is `host`, a tag, or `@` with the path of an attribute, and `nodes` a
 * JSON list of those that were asked for. `rows` counts events.
 * Whether the vendor counts the end of a range to it does not matter: what is outside is left out.
 */
export const decodeDatadogLogs: Decode = (bytes, context) => {
  const answer = parseJson(bytes, 'Datadog');
  if (!answer.ok) return answer;
  const events = member(answer.value, 'data'),
    meta = member(answer.value, 'meta');
  if (!Array.isArray(events)) return fail('bad-answer', 'Datadog sent an answer without events.');
  if (textMember(meta, 'status') === 'timeout') return fail('timeout', 'Datadog ran out of time for the search.');
  const warnings = listMember(meta, 'warnings').flatMap(
    one => textMember(one, 'detail') ?? textMember(one, 'title') ?? [],
  );
  if (warnings.length > 0)
    return fail('bad-answer', 'Datadog found a part of the lines only.', { cause: warnings.join('; ').slice(0, 300) });
  const nodes = parseJson(String(context.nodes), 'The page');
  const asked = nodes.ok && Array.isArray(nodes.value) ? nodes.value.map(String) : [];
  const nameOf = createTagNames(String(context.node), asked);
  return succeed({ rows: events.length, lines: events.flatMap(event => lineOf(event, context, nameOf)) });
};

function lineOf(
  event: unknown,
  context: EvidencePage['context'],
  nameOf: (value: string) => string | undefined,
): readonly LogLine[] {
  const attributes = member(event, 'attributes'),
    atMs = Date.parse(textMember(attributes, 'timestamp') ?? ''),
    text = textMember(attributes, 'message'),
    value = nodeOf(attributes, String(context.node)),
    node = value && nameOf(value),
    id = textMember(event, 'id');
  if (!(atMs >= Number(context.fromMs) && atMs < Number(context.toMs)) || !text || !node || !id) return [];
  const status = textMember(attributes, 'status');
  return [{ atMs, node, text: withLevel(text, status === 'ok' ? 'info' : status), id }];
}

function nodeOf(attributes: unknown, name: string): string | undefined {
  if (name === 'host') return textMember(attributes, 'host');
  if (isTag(name)) return valueOfTag(listMember(attributes, 'tags'), name);
  const found = name
    .slice(1)
    .split('.')
    .reduce<unknown>((value, part) => member(value, part), member(attributes, 'attributes'));
  return typeof found === 'string' ? found : undefined;
}
