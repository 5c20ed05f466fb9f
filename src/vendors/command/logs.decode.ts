// Turns what a program printed into log lines.
import type { Decode, EvidencePage } from '../../model/evidence/analysis.ts';
import { fail, succeed } from '../../model/failure.ts';
import { readLogText } from '../transport/text/logText.decode.ts';

/** So much of the beginning of a line may name its node. */
const headLength = 500;

/**
 * Context: {source, program, zone, nowMs, fromMs, toMs}, and {node} or, for the output of all nodes, {nodePattern,
 * nodes: JSON list of names}. Output without any time fails: nobody could say of when it is.
 */
export const decodeCommandLines: Decode = (bytes, context) => {
  const { zone, nowMs, fromMs, toMs } = context;
  const text = new TextDecoder('utf-8').decode(bytes);
  const { lines, rows, dated } = readLogText(text, {
    clock: { zone: zone === 'utc' ? 'utc' : 'local', nowMs: Number(nowMs) },
    nodeOf: nodeReader(context),
    fromMs: Number(fromMs),
    toMs: Number(toMs),
  });
  // journalctl says in such a line that it has none.
  if (dated > 0 || /^\s*(?:-- .* --\s*)?$/.test(text.slice(0, headLength))) return succeed({ rows, lines });
  return fail(
    'bad-answer',
    `Health source "${context['source']}": no line that "${context['program']}" prints has a time.`,
    {
      hint:
        'Let it print the time of each line: `kubectl logs --timestamps`, `docker logs --timestamps`, ' +
        '`journalctl --output=short-iso`.',
    },
  );
};

function nodeReader({ node, nodePattern, nodes }: EvidencePage['context']): (line: string) => string | undefined {
  if (node !== undefined) return () => String(node);
  const known = new Set(JSON.parse(String(nodes)) as readonly string[]);
  const pattern = new RegExp(`^(?:${String(nodePattern)})`, 'u');
  return line => {
    const found = pattern.exec(line.slice(0, headLength))?.[1];
    return found !== undefined && known.has(found) ? found : undefined;
  };
}
