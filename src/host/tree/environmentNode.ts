// What runs in an environment: version, configuration, the release's status, since when, and on which nodes.
import type { NodeState } from '../../model/history.ts';
import { adoptedRunId, findLastWorking, type LedgerEntry, type Release } from '../../model/release.ts';
import { joinParts, formatCount, formatList, formatMoment, shortId } from '../../protocol/words/format.ts';
import { formatAge } from '../age.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import type { Target } from '../workspace/target.ts';
import type { Translate } from '../../protocol/words/translate.ts';
import { standingWord } from '../../protocol/words/words.ts';
import { unverifiedIcon, type NodeIcon, type TreeNode } from './treeNode.ts';

const earlierShown = 10;

export interface EnvironmentFacts {
  readonly target: Target;
  readonly name: string;
  readonly nodes: readonly NodeState[];
  /** Oldest entry first. */
  readonly ledger: readonly LedgerEntry[];
  readonly release: (id: string) => Release | undefined;
}

export function environmentNode(facts: EnvironmentFacts, nowMs: number, t: Translate): TreeNode {
  const { target, name, nodes, ledger, release } = facts;
  const groups = [...Map.groupBy(nodes, node => node.release)].sort((left, right) => right[1].length - left[1].length);
  const main = groups[0]?.[0] ?? null;
  const current = main === null ? undefined : release(main);
  const sinceMs = groups[0] && Math.max(...groups[0][1].map(node => node.sinceMs));
  const back = findLastWorking(ledger, main ?? undefined);
  const { icon, word, short = word, coming } = situationOf(facts, main, t);
  const version = current && plainLine(current.artifact.version, 40);
  return {
    id: `environment/${target.folder ?? ''}/${target.file ?? ''}/${name}`,
    label: plainLine(name, 80),
    // What a narrow side bar truncates, the tooltip has.
    description: [
      version === undefined ? (word ? '' : t('nothing known')) : coming ? `${version} → ${coming}` : version,
      version !== undefined && coming ? '' : short,
      current && sinceMs !== undefined ? formatAge(nowMs - sinceMs, t) : '',
      groups.length > 1 ? t('{0} releases', groups.length) : '',
    ]
      .filter(Boolean)
      .join(' · '),
    ...(current &&
      sinceMs !== undefined && {
        tooltip: [
          joinParts([`${plainLine(name, 80)}: ${version}`, word]),
          t('configuration {0}', shortId(current.configuration.digest)),
          t('since {0}', formatMoment(sinceMs)),
        ].join('\n'),
      }),
    icon,
    state: word,
    shortState: short,
    facts: ['environment', ...(current ? ['deployed'] : []), ...(back !== undefined ? ['reversible'] : [])],
    target: { ...target, environment: name, ...(current && { release: current.id }) },
    ...(groups.length > 0 && {
      children: () => [
        ...groups.map(([id, ofRelease]) => groupNode(facts, id, ofRelease, t)),
        ...earlierNodes(facts, new Set(groups.map(([id]) => id)), t),
      ],
    }),
  };
}

/** The nodes that run one release. */
function groupNode(
  { target, name, ledger, release }: EnvironmentFacts,
  id: string | null,
  nodes: readonly NodeState[],
  t: Translate,
): TreeNode {
  const found = id === null ? undefined : release(id);
  const entry = ledger.findLast(one => one.release === id);
  const since = formatMoment(Math.max(...nodes.map(node => node.sinceMs)));
  return {
    id: `environment/${target.folder ?? ''}/${target.file ?? ''}/${name}/${id ?? 'unknown'}`,
    label: found ? plainLine(found.artifact.version, 40) : t('Not known'),
    description: [
      formatList(
        nodes.map(({ node }) => plainLine(node, 40)),
        5,
      ),
      found ? t('configuration {0}', shortId(found.configuration.digest)) : '',
      t('since {0}', since),
    ]
      .filter(Boolean)
      .join(' · '),
    tooltip: found
      ? [
          t('Release {0}', shortId(found.id)),
          entry ? entryWord(entry, t) : '',
          formatCount(found.configuration.files.length, 'file'),
          formatCount(Object.keys(found.configuration.variables).length, 'variable'),
        ]
          .filter(Boolean)
          .join('\n')
      : t('A deployment was in progress when this was last updated.'),
    icon: iconOf(entry),
    ...(entry && { state: entryWord(entry, t) }),
    facts: ['release', found ? 'known' : 'unknown'],
    target: { ...target, environment: name, ...(found && { release: found.id }) },
  };
}

/** Releases that the environment had before, newest first; they can be deployed again. */
function earlierNodes(
  { target, name, ledger, release }: EnvironmentFacts,
  running: ReadonlySet<string | null>,
  t: Translate,
): readonly TreeNode[] {
  const latest = new Map(ledger.map(entry => [entry.release, entry]));
  return [...latest.values()]
    .filter(entry => !running.has(entry.release) && entry.standing !== 'deploying')
    .sort((left, right) => right.at - left.at)
    .slice(0, earlierShown)
    .flatMap((entry): readonly TreeNode[] => {
      const found = release(entry.release);
      if (!found) return [];
      return [
        {
          id: `environment/${target.folder ?? ''}/${target.file ?? ''}/${name}/earlier/${entry.release}`,
          label: plainLine(found.artifact.version, 40),
          description: `${entryWord(entry, t)} · ${formatMoment(entry.at)}`,
          icon: { name: 'history' },
          state: entryWord(entry, t),
          facts: ['release', 'known', 'earlier'],
          target: { ...target, environment: name, release: found.id },
        },
      ];
    });
}

interface Situation {
  readonly icon: NodeIcon;
  readonly word: string;
  /** Shown in a row instead of a long `word`. */
  readonly short?: string;
  /** The version that is being deployed. */
  readonly coming?: string;
}

/** A current or recent activity is shown instead of the status of the release. */
function situationOf({ ledger, release }: EnvironmentFacts, main: string | null, t: Translate): Situation {
  const entry = ledger.findLast(one => one.release === main);
  const other = ledger.findLast(one => one.release !== main);
  const isLater = other && (!entry || other.at >= entry.at || other.runId === entry.runId);
  const version = plainLine((other && release(other.release)?.artifact.version) ?? '', 40);
  if (isLater && other.standing === 'deploying')
    return { icon: { name: 'loading~spin' }, word: t('deploying {0}', version), coming: version };
  if (isLater && other.standing === 'rolled-back')
    return {
      icon: { name: 'discard', color: 'list.warningForeground' },
      word: t('rolled back from {0}', version),
      short: standingWord('rolled-back'),
    };
  const short = entry && shortWord(entry, t);
  return { icon: iconOf(entry), word: entry ? entryWord(entry, t) : '', ...(short !== undefined && { short }) };
}

/** For the two that are too long for a row. */
function shortWord({ standing, runId }: LedgerEntry, t: Translate): string | undefined {
  if (standing === 'promoted-by-hand' && runId !== adoptedRunId) return t('by hand');
  return standing === 'deployed' || standing === 'unverified' ? t('not verified') : undefined;
}

function entryWord({ standing, runId }: LedgerEntry, t: Translate): string {
  return runId === adoptedRunId ? t('adopted') : standingWord(standing);
}

function iconOf(entry: LedgerEntry | undefined): NodeIcon {
  if (!entry) return { name: 'server-environment' };
  switch (entry.standing) {
    case 'verified':
      return { name: 'verified', color: 'testing.iconPassed' };
    case 'promoted-by-hand':
      return { name: 'account', color: 'testing.iconPassed' };
    case 'failed':
      return { name: 'error', color: 'testing.iconFailed' };
    case 'rolled-back':
      return { name: 'discard', color: 'testing.iconFailed' };
    case 'held':
      return { name: 'debug-pause', color: 'list.warningForeground' };
    case 'deploying':
      return { name: 'loading~spin' };
    case 'deployed':
    case 'unverified':
      return unverifiedIcon;
    default:
      return entry.standing satisfies never;
  }
}
