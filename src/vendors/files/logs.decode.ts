// Turns a part of a node's log file into log lines.
import type { Decode } from '../../model/evidence/analysis.ts';
import type { LogLine } from '../../model/evidence/evidence.ts';
import { succeed } from '../../model/failure.ts';
import { eachLine, readLogText } from '../transport/text/logText.decode.ts';

/**
 * Context: {node}, and either {fromMs, toMs, zone, nowMs} for lines that tell their times, or {atMs, id, offset}: all
 * of them were seen first at that time, and are known by the file and their place in it.
 */
export const decodeFileLines: Decode = (bytes, context) => {
  const text = new TextDecoder('utf-8').decode(bytes);
  const node = String(context['node']);
  if (context['atMs'] !== undefined) return succeed(undatedLines(text, node, context));
  const { lines, rows } = readLogText(text, {
    clock: { zone: context['zone'] === 'utc' ? 'utc' : 'local', nowMs: Number(context['nowMs']) },
    nodeOf: () => node,
    fromMs: Number(context['fromMs']),
    toMs: Number(context['toMs']),
  });
  return succeed({ rows, lines });
};

function undatedLines(
  text: string,
  node: string,
  { atMs, id, offset }: Readonly<Record<string, string | number>>,
): { readonly rows: number; readonly lines: readonly LogLine[] } {
  const all = [...eachLine(text)];
  const lines = all.flatMap((line, k) =>
    line === '' ? [] : [{ atMs: Number(atMs), node, text: line, id: `${id}/${offset}/${k}` }],
  );
  return { rows: all.length, lines };
}
