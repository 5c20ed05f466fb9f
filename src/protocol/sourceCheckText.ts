// What a look at a source found, in words: for the terminal's check-sources and plan, and the editor's Test Connections.
import { formatBytes } from '../model/byteSize.ts';
import type { MetricPoint } from '../model/evidence.ts';
import type { ScanEstimate, SeenNodes, SourceCheck, SourceProblem } from '../model/sourceCheck.ts';
import { formatDuration, formatList, formatMeasure, formatTime } from './format.ts';
import { plainLine } from './plainText.ts';
import { failureSentence } from './sentences.ts';

export interface SourceCheckText {
  readonly title: string;
  /** Its gravest problem; `good` where there is none. */
  readonly standing: SourceProblem['kind'] | 'good';
  /** One sentence each. */
  readonly problems: readonly string[];
  readonly found: readonly string[];
  readonly asked: readonly string[];
}

const shownNodes = 20;
const kinds: Readonly<Record<SourceCheck['kind'], string>> = { metrics: 'metrics', logs: 'logs', job: 'Jenkins job', entity: 'entity for markers' };

export function describeSourceCheck(check: SourceCheck): SourceCheckText {
  const { problems } = check;
  return {
    title: `${plainLine(check.name, 80)} (${kinds[check.kind]}, ${plainLine(check.connection, 80)}, ${plainLine(check.url, 300)}), ${formatDuration(check.tookMs)}`,
    standing: (['missing', 'unknown', 'notice'] as const).find(kind => problems.some(problem => problem.kind === kind)) ?? 'good',
    problems: problems.map(({ kind, failure }) => `${kind === 'unknown' ? 'Could not be asked: ' : ''}${failureSentence(failure)}${failure.hint ? ` ${plainLine(failure.hint, 500)}` : ''}`),
    found: [
      ...(check.scan ? [describeScan(check.scan)] : []),
      ...check.nodes.map(describeNodes), ...pointsByMetric(check.samplePoints),
      ...check.sampleLines.map(({ atMs, node, text }) => `${formatTime(atMs)} ${plainLine(node, 40)}: ${plainLine(text, 300)}`),
    ],
    asked: check.queries.map(query => plainLine(query, 1000)),
  };
}

/** By tier where it is not all of one that costs nothing more. */
function describeScan({ lookBytes, verificationBytes, tiers }: ScanEstimate): string {
  const scanned = Object.entries(tiers).filter(([, bytes]) => bytes > 0);
  const byTier = scanned.some(([tier]) => tier !== 'Continuous') ? ` (${scanned.map(([tier, bytes]) => `${plainLine(tier, 40)} ${formatBytes(bytes)}`).join(', ')})` : '';
  return `Scans about ${formatBytes(lookBytes)} for one look, ${formatBytes(verificationBytes)} for a whole verification${byTier}`;
}

function describeNodes({ environment, found, missing }: SeenNodes): string {
  const shown = (nodes: readonly string[]): string => formatList(nodes.map(node => plainLine(node, 40)), shownNodes);
  const seen = `${plainLine(environment, 80)}: ${found.length} of ${found.length + missing.length} nodes seen${found.length > 0 ? ` (${shown(found)})` : ''}`;
  return missing.length === 0 ? seen : `${seen}; not seen: ${shown(missing)}`;
}

/** One line for each metric, with its newest value on each node. */
function pointsByMetric(points: readonly MetricPoint[]): readonly string[] {
  return [...Map.groupBy(points, ({ metric }) => metric)].map(([metric, ofMetric]) =>
    `${plainLine(metric, 80)}: ${formatList(ofMetric.map(({ node, value, atMs }) => `${plainLine(node, 40)} ${formatMeasure(value ?? 0)} at ${formatTime(atMs)}`), shownNodes)}`);
}
