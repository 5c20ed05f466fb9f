// What runs in an environment: version, configuration, the release's status, since when, and on which nodes.
import type { NodeState } from '../../model/history.ts';
import { findLastWorking, type LedgerEntry, type Release } from '../../model/release.ts';
import { joinParts, formatCount, formatList, formatMoment, formatSince, shortId } from '../../protocol/words/format.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import type { Target } from '../workspace/target.ts';
import type { Translate } from '../../protocol/words/translate.ts';
import { standingWord } from '../../protocol/words/words.ts';
import type { NodeIcon, TreeNode } from './treeNode.ts';

export interface EnvironmentFacts {
  readonly target: Target;
  readonly name: string;
  /** Absent if there is only one service. */
  readonly service?: string;
  readonly nodes: readonly NodeState[];
  /** Oldest entry first. */
  readonly ledger: readonly LedgerEntry[];
  readonly release: (id: string) => Release | undefined;
}

export function environmentNode(facts: EnvironmentFacts, nowMs: number, t: Translate): TreeNode {
  const { target, name, service, nodes, ledger, release } = facts;
  const groups = [...Map.groupBy(nodes, node => node.release)].sort((left, right) => right[1].length - left[1].length);
  const main = groups[0]?.[0] ?? null;
  const entry = ledger.findLast(one => one.release === main);
  const current = main === null ? undefined : release(main);
  const sinceMs = groups[0] && Math.max(...groups[0][1].map(node => node.sinceMs));
  const back = findLastWorking(ledger, main ?? undefined);
  return {
    id: `environment/${target.folder ?? ''}/${target.file ?? ''}/${name}`,
    label: plainLine(name, 80),
    // The icon shows the release's status, so its words come last, where a narrow side bar cuts them off.
    description: [
      service ? plainLine(service, 40) : '',
      groups.length > 1 ? t('{0} releases', groups.length) : '',
      current ? plainLine(current.artifact.version, 40) : t('nothing known'),
      current && sinceMs !== undefined ? formatSince(sinceMs, nowMs) : '',
      entry ? standingWord(entry.standing) : '',
    ]
      .filter(Boolean)
      .join(' · '),
    ...(current &&
      sinceMs !== undefined && {
        tooltip: [
          joinParts([
            `${plainLine(name, 80)}: ${plainLine(current.artifact.version, 40)}`,
            entry && standingWord(entry.standing),
          ]),
          t('configuration {0}', shortId(current.configuration.digest)),
          t('since {0}', formatMoment(sinceMs)),
        ].join('\n'),
      }),
    icon: iconOf(entry),
    facts: ['environment', ...(current ? ['deployed'] : []), ...(back !== undefined ? ['reversible'] : [])],
    target: { ...target, environment: name, ...(current && { release: current.id }) },
    ...(groups.length > 0 && { children: () => groups.map(([id, ofRelease]) => groupNode(facts, id, ofRelease, t)) }),
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
          entry ? standingWord(entry.standing) : '',
          formatCount(found.configuration.files.length, 'file'),
          formatCount(Object.keys(found.configuration.variables).length, 'variable'),
        ]
          .filter(Boolean)
          .join('\n')
      : t('A deployment was in progress when this was last updated.'),
    icon: iconOf(entry),
    facts: ['release', found ? 'known' : 'unknown'],
    target: { ...target, environment: name, ...(found && { release: found.id }) },
  };
}

function iconOf(entry: LedgerEntry | undefined): NodeIcon {
  if (!entry) return { name: 'server-environment' };
  switch (entry.standing) {
    case 'verified':
    case 'promoted-by-hand':
      return { name: 'verified', color: 'testing.iconPassed' };
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
      return { name: 'unverified', color: 'list.warningForeground' };
    default:
      return entry.standing satisfies never;
  }
}
