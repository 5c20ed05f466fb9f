// The answers of the health sources in words: reached or not, how long it took, and a sample as the mapping reads it.
import type { ConnectionTest } from '../model/inspection.ts';
import { formatCount, formatDuration, formatList, formatMeasure, formatTime } from '../protocol/format.ts';
import { plainLine } from '../protocol/plainText.ts';
import { failureSentence } from '../protocol/sentences.ts';

export function connectionText(answer: ConnectionTest): string {
  const title = `${plainLine(answer.source, 80)} (${plainLine(answer.connection, 80)}, ${plainLine(answer.url, 300)})`;
  const verdict = answer.failure
    ? `NOT READ: ${failureSentence(answer.failure)}${answer.failure.hint ? ` ${plainLine(answer.failure.hint, 300)}` : ''}`
    : answer.lines + answer.points === 0
      ? `Reached and authenticated in ${formatDuration(answer.tookMs)}, but nothing came back for ${formatList(answer.nodes.map(node => plainLine(node, 40)), 12)} between ${formatTime(answer.fromMs)} and ${formatTime(answer.toMs)}. Check the query and the attribute that bears the node's name.`
      : `Reached and authenticated in ${formatDuration(answer.tookMs)}: ${[answer.lines ? formatCount(answer.lines, 'log line') : '', answer.points ? formatCount(answer.points, 'measured value') : ''].filter(Boolean).join(', ')} between ${formatTime(answer.fromMs)} and ${formatTime(answer.toMs)}.`;
  return [
    title, '-'.repeat(Math.min(title.length, 100)), verdict,
    ...answer.samplePoints.map(({ metric, node, atMs, value }) => `  ${plainLine(metric, 80)} on ${plainLine(node, 40)} at ${formatTime(atMs)}: ${formatMeasure(value ?? 0)}`),
    ...answer.sampleLines.map(({ node, atMs, text }) => `  ${formatTime(atMs)} ${plainLine(node, 40)}: ${plainLine(text, 300)}`),
    ...(answer.queries.length ? ['  Asked:', ...answer.queries.map(query => `    ${plainLine(query, 1000)}`)] : []),
    '', '',
  ].join('\n');
}
