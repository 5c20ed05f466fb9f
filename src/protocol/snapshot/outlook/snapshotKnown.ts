// Without data: what each health source has of each node, and since when which node has sent nothing.
import type { RunState, StageState } from '../../../model/runs/runState.ts';
import type { Check, MetricCheck } from '../../../model/evidence/verdict.ts';
import { formatCount, formatDuration } from '../../words/format.ts';
import { latestVerification } from '../../words/latestVerification.ts';
import { plainLine } from '../../words/plainText.ts';
import { readers } from '../../words/reasonSentences.ts';
import { t } from '../../words/translate.ts';
import type { CheckSnapshot } from '../snapshotChecks.ts';
import { snapshotLanes, type LanesSnapshot } from './snapshotLanes.ts';

export interface KnownSnapshot {
  /** Heads of the columns after the first: canary nodes, then all other nodes in one. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly source: string; readonly cells: readonly KnownCell[] }[];
  /** When the nodes of each column sent data. */
  readonly lanes?: LanesSnapshot;
  /** What it says about the sources, if anything. */
  readonly meaning?: string;
}

/** Without a tone, nobody asked. */
export interface KnownCell {
  readonly tone?: 'good' | 'warn';
  readonly text: string;
}

/** The nodes of a column. */
interface Column {
  readonly head: string;
  readonly nodes: readonly string[];
  readonly side: 'canary' | 'baseline';
}
type Phase = NonNullable<StageState['phase']>;

/** More canary nodes than this stand together, after the silent ones. */
const mostColumns = 4;

/** As of the latest evaluation; undefined before the first. */
export function snapshotKnown(
  state: RunState,
  stage: StageState,
  shown: readonly CheckSnapshot[],
  nowMs: number,
): KnownSnapshot | undefined {
  const checks = latestVerification(stage)?.report?.checks.filter(({ kind }) => kind !== 'measurement') ?? [];
  if (!stage.phase || checks.length === 0) return undefined;
  const sources = [...new Set(checks.map(({ source }) => source))].map(source =>
    silenceIn(source, checks, stage.phase!),
  );
  const columns = columnsOf(stage.phase, new Set(sources.flatMap(({ since }) => [...since.keys()])));
  const hook = hookCells(state, stage, columns),
    lanes = lanesOf(sources, checks, shown, columns, nowMs),
    meaning = meaningOf(sources, stage.phase);
  return {
    columns: columns.map(({ head }) => head),
    rows: [
      ...sources.map(found => ({
        source: plainLine(found.source, 80),
        cells: columns.map(column => cellOf(found, column, nowMs)),
      })),
      ...(hook ? [{ source: t('Check hook'), cells: hook }] : []),
    ],
    ...(lanes && { lanes }),
    ...(meaning !== undefined && { meaning }),
  };
}

interface SourceSilence {
  readonly source: string;
  /** Silent nodes with the time of their newest event; undefined: they never sent any. */
  readonly since: ReadonlyMap<string, number | undefined>;
  readonly side?: string;
  readonly isUnread: boolean;
}

/** A source that several checks ask is silent if it is for one of them. */
function silenceIn(source: string, all: readonly Check[], phase: Phase): SourceSilence {
  const reasons = all.filter(check => check.source === source).flatMap(check => check.reasons);
  const silence = reasons.find(({ code }) => code === 'silent'),
    isUnread = reasons.some(({ code }) => code === 'could-not-read');
  if (!silence) {
    const isNothing = reasons.some(({ code }) => code === 'no-canary-data');
    return { source, since: new Map(isNothing ? phase.canaryNodes.map(node => [node, undefined]) : []), isUnread };
  }
  const { number, text } = readers(silence),
    side = text('side'),
    named = text('nodes').split(', '),
    // Reports of older versions have one time for all.
    times = typeof silence.values['eachSinceMs'] === 'string' ? silence.values['eachSinceMs'].split(', ') : [];
  const timeOf = (node: string): number | undefined => {
    const time = times[named.indexOf(node)];
    return time === '' ? undefined : Number(time ?? number('sinceMs'));
  };
  const sides = { canary: phase.canaryNodes, baseline: phase.baselineNodes },
    affected =
      side === 'every' ? [...sides.canary, ...sides.baseline] : side === 'baseline' ? sides.baseline : sides.canary;
  // The names in a reason are cut; as many as a side has are all of it.
  const silent = number('count') >= affected.length ? affected : named;
  return { source, since: new Map(silent.map(node => [node, timeOf(node)])), side, isUnread };
}

/** One column for each canary node, the silent ones first if there are too many; then one for the others. */
function columnsOf({ canaryNodes, baselineNodes }: Phase, silent: ReadonlySet<string>): readonly Column[] {
  const isMany = canaryNodes.length > mostColumns,
    ordered = isMany
      ? [...canaryNodes].sort((one, other) => Number(silent.has(other)) - Number(silent.has(one)))
      : canaryNodes;
  const alone = isMany ? ordered.slice(0, mostColumns - 1) : ordered,
    together = ordered.slice(alone.length);
  return [
    ...alone.map((node): Column => ({ head: plainLine(node, 80), nodes: [node], side: 'canary' })),
    ...(together.length
      ? [{ head: formatCount(together.length, 'more canary node'), nodes: together, side: 'canary' } as const]
      : []),
    ...(baselineNodes.length
      ? [{ head: formatCount(baselineNodes.length, 'other node'), nodes: baselineNodes, side: 'baseline' } as const]
      : []),
  ];
}

function cellOf({ since, isUnread }: SourceSilence, { nodes }: Column, nowMs: number): KnownCell {
  if (isUnread) return { tone: 'warn', text: t('could not be read') };
  const silent = nodes.filter(node => since.has(node));
  if (silent.length === 0) return { tone: 'good', text: t('sends data') };
  if (silent.length < nodes.length) return { tone: 'warn', text: t('{0} of {1} silent', silent.length, nodes.length) };
  const lastMs = lastOf(since, silent);
  if (lastMs === undefined) return { tone: 'warn', text: t('nothing so far') };
  return { tone: 'warn', text: t('silent for {0}', formatDuration(nowMs - lastMs)) };
}

function lastOf(since: SourceSilence['since'], nodes: readonly string[]): number | undefined {
  const times = nodes.flatMap(node => since.get(node) ?? []);
  return times.length ? Math.max(...times) : undefined;
}

/** Of a silent source: a metric of which more is better tells best whether a node works, such as a throughput. */
function lanesOf(
  sources: readonly SourceSilence[],
  checks: readonly Check[],
  shown: readonly CheckSnapshot[],
  columns: readonly Column[],
  nowMs: number,
): LanesSnapshot | undefined {
  const rank = (check: MetricCheck): number => Number(check.allowed?.direction === 'decrease');
  const silent = sources.filter(({ since }) => since.size > 0),
    metrics = checks.filter(
      (check): check is MetricCheck => check.kind === 'metric' && silent.some(({ source }) => source === check.source),
    );
  const [metric] = metrics.toSorted((one, other) => rank(other) - rank(one)),
    check = shown.find(({ id }) => metric && id.endsWith(`/${metric.source}/${metric.name}`)),
    since = silent.find(({ source }) => source === metric?.source)?.since ?? new Map<string, number>();
  return (
    check &&
    snapshotLanes(
      check,
      columns.map(({ head, nodes, side }) => {
        const silentSinceMs = nodes.every(node => since.has(node)) ? lastOf(since, nodes) : undefined;
        return { head, nodes, side, ...(silentSinceMs !== undefined && { silentSinceMs }) };
      }),
      nowMs,
    )
  );
}

/** What the check hook of this phase confirmed; undefined if none has been asked about these nodes. */
function hookCells(state: RunState, { phase, steps, nodes }: StageState, columns: readonly Column[]) {
  const calls = steps.filter(step => step.purpose === 'check' && step.phase === phase?.number);
  if (calls.length === 0) return undefined;
  const version = plainLine(state.artifact.version, 80);
  return columns.map((column): KnownCell => {
    const asked = column.nodes.map(node => calls.findLast(call => call.nodes.includes(node)));
    if (asked.some(call => call?.status === 'failed')) return { tone: 'warn', text: t('did not confirm') };
    return column.nodes.every((node, at) => asked[at]?.status === 'succeeded' && nodes[node] === state.release.id)
      ? { tone: 'good', text: t('runs {0}', version) }
      : { text: t('not asked') };
  });
}

function meaningOf(sources: readonly SourceSilence[], { baselineNodes }: Phase): string | undefined {
  const silent = sources.filter(({ since }) => since.size > 0);
  if (silent.some(({ side }) => side === 'every'))
    return t('No node sends data, so the source itself may be late or down.');
  return baselineNodes.length > 0 && silent.length > 0 && silent.every(({ side }) => side === 'canary')
    ? t('The other nodes still send data, so the sources work.')
    : undefined;
}
