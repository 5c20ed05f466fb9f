// Says what a source knows where it knows none of the nodes: the values of the node's label, or the labels that there
// are.
import type { Outside } from '../../model/outside.ts';
import { listMember, textMember } from '../transport/decode/json.decode.ts';
import { listed } from '../transport/text/listed.ts';
import { askForJson } from '../transport/ownServer.ts';
import { selectorOf } from './logQl.ts';
import { whatOf, type LokiRequest } from './logs.ts';

const withinMs = 10_000;

/** Asks for the streams of the selector; a label that the query extracts cannot be looked up. */
export async function hintOfLokiNodes(
  deps: Outside,
  { source, connection }: LokiRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (source.options.nodeIn === 'line') return undefined;
  const label = source.nodeAttribute,
    selector = selectorOf(source.options.query);
  const deadlineMs = deps.clock.now() + withinMs;
  const found = await askForJson(
    deps,
    connection,
    {
      method: 'GET',
      path: '/loki/api/v1/series',
      parameters: { 'match[]': selector },
      what: whatOf({ source }),
      deadlineMs,
    },
    signal,
  );
  if (!found.ok) return undefined;
  const streams = listMember(found.value, 'data');
  const values = [...new Set(streams.flatMap(stream => textMember(stream, label) ?? []))];
  if (values.length > 0) return `\`${label}\` has ${listed(values)}. Check \`node\` and \`nodePattern\`.`;
  return streams.length === 0
    ? `No stream of the last hours fits ${selector}.`
    : `The streams of ${selector} have no label \`${label}\`, ` +
        `but ${listed([...new Set(streams.flatMap(stream => Object.keys((stream ?? {}) as object)))])}. ` +
        'Where the query extracts it from the line, say `nodeIn: line`.';
}
