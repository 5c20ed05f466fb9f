// Who is compared with whom in one source: nodes, or versions where it tells its sides apart by those.
import type { AnalysisSettings } from '../model/evidence/analysis.ts';
import type { KeptLogs, LogLine, Role } from '../model/evidence/evidence.ts';

type Sided = AnalysisSettings['sources'][number];

/**
 * The settings as this source sees them. One version stands for all of its nodes, so its share of the traffic is
 * theirs.
 */
export function settingsOf(settings: AnalysisSettings, source: Sided): AnalysisSettings {
  const { versions } = source;
  if (!versions) return settings;
  const { canaryNodes, baselineNodes, trafficWeight } = settings;
  return {
    ...settings,
    canaryNodes: versions.canary,
    baselineNodes: versions.baseline,
    earlierNodes: versions.before,
    ...(versions.baseline.length > 0 &&
      baselineNodes.length > 0 && {
        trafficWeight:
          (trafficWeight * canaryNodes.length * versions.baseline.length) /
          (baselineNodes.length * versions.canary.length),
      }),
  };
}

/** Every name that evidence may bear. */
export function namesOf({ canaryNodes, baselineNodes, earlierNodes = [] }: AnalysisSettings): readonly string[] {
  return [...new Set([...canaryNodes, ...baselineNodes, ...earlierNodes])];
}

/** Why the sides of a source cannot be told apart; undefined when they can. */
export function findBlur(source: Sided, { earlier }: Pick<AnalysisSettings, 'earlier'>): string | undefined {
  const { versions } = source;
  if (!versions) return undefined;
  const { canary, baseline, before } = versions;
  if (canary.length === 0)
    return 'It is not known which version the nodes run, and this source tells them apart by version.';
  const both = canary.find(version => baseline.includes(version));
  if (both !== undefined) return `Both sides run version ${both}, and this source tells them apart by version.`;
  if (baseline.length === 0 && before.length === 0 && !earlier)
    return 'It is not known which version ran before, and this source tells the sides apart by version.';
  return undefined;
}

/** Canary traffic over baseline traffic; against the same nodes' own past it is one. */
export function trafficRatio(
  { canaryNodes, baselineNodes, trafficWeight }: AnalysisSettings,
  earlier: KeptLogs | undefined,
): number {
  return earlier
    ? canaryNodes.length / earlier.nodes
    : baselineNodes.length === 0
      ? 1
      : (trafficWeight * canaryNodes.length) / baselineNodes.length;
}

/** The lines of the compared nodes, by the side and the time that they tell of. Earlier nodes have a past only. */
export function sortByRole(lines: readonly LogLine[], settings: AnalysisSettings): Map<Role, LogLine[]> {
  const canary = new Set(settings.canaryNodes),
    baseline = new Set(settings.baselineNodes),
    earlier = new Set(settings.earlierNodes);
  const sorted = new Map<Role, LogLine[]>();
  for (const line of lines) {
    const isCanary = canary.has(line.node),
      isBaseline = baseline.has(line.node);
    if (!isCanary && !isBaseline && !earlier.has(line.node)) continue;
    const role =
      line.atMs >= settings.canarySinceMs
        ? isCanary
          ? 'canary'
          : isBaseline
            ? 'baseline'
            : undefined
        : line.atMs >= settings.beforeFromMs && line.atMs < settings.beforeToMs
          ? 'before'
          : undefined;
    if (!role) continue;
    const those = sorted.get(role);
    if (those) those.push(line);
    else sorted.set(role, [line]);
  }
  return sorted;
}
