// The sides of a comparison in one source: nodes or, if the source distinguishes its sides by version, versions.
import type { AnalysisSettings } from '../model/evidence/analysis.ts';
import type { KeptLogs, LogLine, Role } from '../model/evidence/evidence.ts';

type Sided = AnalysisSettings['sources'][number];

/**
 * The settings in the terms of this source. One version stands for all of its nodes, so it has their share of the
 * traffic.
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

/** Every name that evidence may have. */
export function namesOf({ canaryNodes, baselineNodes, earlierNodes = [] }: AnalysisSettings): readonly string[] {
  return [...new Set([...canaryNodes, ...baselineNodes, ...earlierNodes])];
}

/** The reason why the sides of a source cannot be distinguished; undefined if they can. */
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

/** Canary traffic over baseline traffic; 1 if compared with the past of the same nodes. */
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

/** The lines of the compared nodes, by side and time. Earlier nodes only have a past. */
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
