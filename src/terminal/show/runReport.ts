// A complete run for `show`: the tree, then clusters, queries, the verification of the rollback, and the timeline.
import { stagesOf } from '../../model/runs/runState.ts';
import type { RunState, StageState } from '../../model/runs/runState.ts';
import type { ClusterReport, LogsCheck, QueryRecord } from '../../model/evidence/verdict.ts';
import { formatBytes } from '../../model/byteSize.ts';
import { joinParts, formatCount, formatDuration, formatNumber } from '../../protocol/words/format.ts';
import { plainLine, plainText } from '../../protocol/words/plainText.ts';
import { timingPhrase } from '../../protocol/words/sentences.ts';
import type { TimelineRow } from '../../protocol/report/rowParts.ts';
import { latestVerification } from '../../protocol/words/latestVerification.ts';
import { neededSentence, whatIfSentence } from '../../protocol/words/whatIfSentence.ts';
import { differenceLines } from './differenceLines.ts';
import { toned } from '../screen/line.ts';
import type { Line } from '../screen/line.ts';
import { rowLine } from './presenter.ts';
import { drawRun } from './runTree.ts';
import type { TreeContext, TreeLine } from './treeLine.ts';
import { checkLines } from './stageTree.ts';

const mostQueries = 6;
const mostSampleLines = 8;

export function reportLines(
  state: RunState,
  timeline: readonly TimelineRow[],
  context: TreeContext,
): readonly TreeLine[] {
  return [
    ...drawRun(state, context),
    ...stagesOf(state).flatMap(stage => [
      ...marginSection(stage),
      ...clusterSection(stage),
      ...rollbackSection(stage, context),
      ...querySection(stage),
    ]),
    ...titled(
      state.groups.flat().some(stage => stage.rollback) ? 'Timeline (+: since the decision to roll back)' : 'Timeline',
      timeline
        .filter(({ level }) => level !== 'detail')
        .map((row): TreeLine => ({ line: ['  ', ...rowLine(row)], indent: 12 })),
    ),
  ];
}

/** Shows risky clusters in full and only counts known ones. */
export function clusterLines({
  clusters,
  hiddenClusters,
}: Pick<LogsCheck, 'clusters' | 'hiddenClusters'>): readonly TreeLine[] {
  const risky = clusters.filter(cluster => cluster.class !== 'known');
  const known = clusters.length - risky.length + hiddenClusters;
  return [
    ...risky.flatMap(clusterBlock),
    ...(known > 0
      ? [
          {
            line: ['  ', toned('dim', `${risky.length ? 'and ' : ''}${formatCount(known, 'known log event')}`)],
            indent: 4,
          },
        ]
      : []),
  ];
}

function clusterBlock(cluster: ClusterReport): readonly TreeLine[] {
  const { severity, canaryCount, baselineCount, ratio, nodes, samples, nearest } = cluster;
  const what =
    cluster.class === 'unknown'
      ? 'unknown'
      : joinParts([
          cluster.direction === 'down' ? 'less frequent' : 'more frequent',
          ratio !== null && `${formatNumber(ratio)} times what was expected`,
        ]);
  const perNode = Object.entries(nodes)
    .map(([node, count]) => `${plainLine(node, 80)} ${formatNumber(count)}`)
    .join(', ');
  const sample =
    samples.canary[0] === undefined
      ? []
      : plainText(samples.canary[0]).slice(0, 4000).split('\n').slice(0, mostSampleLines);
  return [
    {
      line: [
        '  ',
        toned('bad', what),
        ` ${severity}, ${formatCount(canaryCount, 'canary line')}, ${formatNumber(baselineCount)} in the baseline`,
        toned('dim', perNode ? `  ${perNode}` : ''),
      ],
      indent: 4,
    },
    { line: ['    ', toned('strong', plainLine(cluster.template))], indent: 6 },
    ...(nearest
      ? [
          {
            line: [
              '    ',
              toned(
                'dim',
                `nearest known (similarity ${formatNumber(nearest.similarity)}): ${plainLine(nearest.template)}`,
              ),
            ],
            indent: 6,
          },
        ]
      : []),
    ...sample.map((text): TreeLine => ({ line: ['      ', toned('dim', text.trimEnd())], indent: 8 })),
  ];
}

/** What would change a check's verdict, and how much more time it needs. */
function marginSection(stage: StageState): readonly TreeLine[] {
  const verification = latestVerification(stage);
  const lines = (verification?.report?.checks ?? []).flatMap((check): TreeLine[] => {
    const needed = verification?.status === 'running' ? neededSentence(check) : undefined;
    const told = [...(check.whatIf ?? []).map(whatIfSentence), ...(needed === undefined ? [] : [`needs ${needed}`])];
    return told.length === 0
      ? []
      : [{ line: ['  ', plainLine(check.name, 80), toned('dim', `  ${told.join('; ')}`)], indent: 4 }];
  });
  return lines.length === 0 ? [] : titled(`What would change the checks of ${stage.name}`, lines);
}

function clusterSection(stage: StageState): readonly TreeLine[] {
  const checks = latestVerification(stage)?.report?.checks.filter(check => check.kind === 'logs') ?? [];
  return checks.flatMap(check => titled(`Log events of ${stage.name}, ${check.name}`, clusterLines(check)));
}

function rollbackSection({ name, rollback, verifications }: StageState, { glyphs }: TreeContext): readonly TreeLine[] {
  if (!rollback) return [];
  const proof = verifications.findLast(one => one.purpose === 'proof')?.report;
  return titled(`Rollback of ${name}`, [
    ...differenceLines(rollback.difference, rollback).map((line): TreeLine => ({ line: ['  ', ...line], indent: 4 })),
    ...(proof
      ? [
          { line: ['  ', toned('dim', 'verified by the same checks:')], indent: 4 },
          ...checkLines(proof.checks, glyphs, false),
        ]
      : []),
  ]);
}

function querySection({ name, verifications }: StageState): readonly TreeLine[] {
  const bySource = Map.groupBy(
    verifications.flatMap(one => one.queries),
    query => query.source,
  );
  return bySource.size === 0
    ? []
    : titled(
        `Queries of ${name}`,
        [...bySource].flatMap(([source, queries]) => sourceLines(source, queries, verifications)),
      );
}

function sourceLines(
  source: string,
  queries: readonly QueryRecord[],
  verifications: StageState['verifications'],
): readonly TreeLine[] {
  const checked = verifications
    .findLast(one => one.report?.checks.some(check => check.source === source && check.timing))
    ?.report?.checks.find(check => check.source === source);
  const mean = (of: (query: QueryRecord) => number): number =>
    queries.reduce((sum, query) => sum + of(query), 0) / queries.length;
  const texts = [...new Set(queries.map(({ text }) => text))];
  const each = `${formatDuration(mean(one => one.durationMs))} and ${formatBytes(Math.round(mean(one => one.bytes)))}`;
  const timing = checked ? timingPhrase(checked) : '';
  const heading: Line = [
    '  ',
    source,
    toned('dim', `  ${formatCount(queries.length, 'query')}, ${each} each${timing}`),
  ];
  const warnings = [...new Set(queries.flatMap(query => query.warnings ?? []))];
  return [
    { line: heading, indent: 4 },
    ...texts
      .slice(0, mostQueries)
      .map((text): TreeLine => ({ line: ['    ', toned('dim', plainLine(text))], indent: 6 })),
    ...warnings
      .slice(0, mostQueries)
      .map((warning): TreeLine => ({ line: ['    ', toned('warn', `! ${plainLine(warning, 400)}`)], indent: 6 })),
    ...(texts.length > mostQueries
      ? [{ line: ['    ', toned('dim', `and ${texts.length - mostQueries} more (--json has all)`)], indent: 6 }]
      : []),
  ];
}

function titled(title: string, lines: readonly TreeLine[]): readonly TreeLine[] {
  return [{ line: [], indent: 0 }, { line: [toned('strong', plainLine(title, 200))], indent: 2 }, ...lines];
}
