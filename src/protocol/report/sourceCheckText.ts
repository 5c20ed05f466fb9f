// The result of checking a source, in words: for check-sources and plan in a terminal, and Test Connections in the
// editor.
import type { MetricPoint } from '../../model/evidence/evidence.ts';
import type { ScanEstimate, SeenNodes, SourceCheck, SourceProblem } from '../../model/evidence/sourceCheck.ts';
import { joinParts, formatDuration, formatList, formatMeasure, formatSize, formatTime } from '../words/format.ts';
import { plainLine } from '../words/plainText.ts';
import { failureSentence } from '../words/sentences.ts';
import { t } from '../words/translate.ts';

export interface SourceCheckText {
  readonly title: string;
  /** The most serious kind of problem, or `good` if there is none. */
  readonly standing: SourceProblem['kind'] | 'good';
  /** One sentence for each problem. */
  readonly problems: readonly string[];
  readonly found: readonly string[];
  readonly asked: readonly string[];
}

const shownNodes = 20;

export function describeSourceCheck(check: SourceCheck): SourceCheckText {
  const { problems } = check;
  const place = joinParts(
    [kindName(check), plainLine(check.connection ?? '', 80), plainLine(check.url ?? '', 300)],
    ', ',
  );
  return {
    title: `${plainLine(check.name, 80)} (${place}), ${formatDuration(check.tookMs)}`,
    standing:
      (['missing', 'unknown', 'notice'] as const).find(kind => problems.some(problem => problem.kind === kind)) ??
      'good',
    problems: problems.map(describeProblem),
    found: [
      ...(check.scan ? [describeScan(check.scan)] : []),
      ...check.nodes.map(describeNodes),
      ...pointsByMetric(check.samplePoints),
      ...check.sampleLines.map(
        ({ atMs, node, text }) => `${formatTime(atMs)} ${plainLine(node, 40)}: ${plainLine(text, 300)}`,
      ),
    ],
    asked: check.queries.map(query => plainLine(query, 1000)),
  };
}

function describeProblem({ kind, failure }: SourceProblem): string {
  const said = failureSentence(failure);
  return joinParts(
    [kind === 'unknown' ? t('Could not check: {0}', said) : said, plainLine(failure.hint ?? '', 500)],
    ' ',
  );
}

/** Lists the data tiers, unless all data is in the one that has no extra cost. */
function describeScan({ lookBytes, verificationBytes, tiers }: ScanEstimate): string {
  const scanned = Object.entries(tiers).filter(([, bytes]) => bytes > 0);
  const byTier = scanned.some(([tier]) => tier !== 'Continuous')
    ? ` (${scanned.map(([tier, bytes]) => `${plainLine(tier, 40)} ${formatSize(bytes)}`).join(', ')})`
    : '';
  const total = t(
    'Scans about {0} for one evaluation, {1} for a whole verification',
    formatSize(lookBytes),
    formatSize(verificationBytes),
  );
  return total + byTier;
}

function kindName({ kind, title = '' }: SourceCheck): string {
  return {
    metrics: t('metrics'),
    logs: t('logs'),
    measurement: t('measurement'),
    job: t('{0} job', title),
    entity: t('entity for markers'),
    hook: t('hook'),
    nodes: t('command that lists nodes'),
    versions: t('command that lists versions'),
  }[kind];
}

function describeNodes({ environment, found, missing }: SeenNodes): string {
  const shown = (nodes: readonly string[]): string =>
    formatList(
      nodes.map(node => plainLine(node, 40)),
      shownNodes,
    );
  const total = found.length + missing.length;
  const seen = t('{0}: {1} of {2} nodes seen', plainLine(environment, 80), found.length, total);
  return joinParts(
    [found.length > 0 ? `${seen} (${shown(found)})` : seen, missing.length > 0 && t('not seen: {0}', shown(missing))],
    '; ',
  );
}

/** One line for each metric, with its newest value on each node. */
function pointsByMetric(points: readonly MetricPoint[]): readonly string[] {
  return [...Map.groupBy(points, ({ metric }) => metric)].map(
    ([metric, ofMetric]) =>
      `${plainLine(metric, 80)}: ${formatList(
        ofMetric.map(({ node, value, atMs }) =>
          t('{0} {1} at {2}', plainLine(node, 40), formatMeasure(value ?? 0), formatTime(atMs)),
        ),
        shownNodes,
      )}`,
  );
}
