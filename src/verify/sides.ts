// Who is compared with whom in one source: nodes, or versions where it tells its sides apart by those.
import type { AnalysisSettings } from '../model/evidence/analysis.ts';

type Sided = AnalysisSettings['sources'][number];

/**
 * The settings as this source sees them. One version stands for all of its nodes, so its share of the traffic is
 * theirs.
 */
export function settingsOf(settings: AnalysisSettings, source: Sided): AnalysisSettings {
  const versions = source.kind === 'metrics' ? source.versions : undefined;
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
  const versions = source.kind === 'metrics' ? source.versions : undefined;
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
