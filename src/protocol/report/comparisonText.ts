// What a pipeline would compare, in words, for the end of check-sources and of Test Connections.
import type { PlannedComparison } from '../../model/runs/plan.ts';
import { formatDuration, formatList } from '../words/format.ts';
import { plainLine } from '../words/plainText.ts';
import { failureSentence, forecastSentence } from '../words/sentences.ts';
import { t } from '../words/translate.ts';

export interface ComparisonText {
  readonly title: string;
  /** What the comparison can detect, metric by metric; `isWeak`: less than the check requires. */
  readonly forecast: readonly { readonly text: string; readonly isWeak: boolean }[];
}

const shownNodes = 10;

export function describeComparison(comparison: PlannedComparison): ComparisonText {
  const { stage, phase, of, canaryNodes, baselineNodes, durationMs, sources } = comparison;
  const listed = (names: readonly string[]): string =>
    formatList(
      names.map(name => plainLine(name, 60)),
      shownNodes,
    );
  return {
    title: t(
      '{0}, phase {1} of {2}, verified for {3} by {4}: compares {5} with {6}',
      plainLine(stage, 80),
      phase,
      of,
      formatDuration(durationMs),
      listed(sources),
      // By weight, the hook decides which nodes have the new release.
      canaryNodes.length > 0 ? listed(canaryNodes) : t('the new release'),
      baselineNodes.length > 0 ? listed(baselineNodes) : t('the time before, since no node keeps the old release'),
    ),
    forecast: forecastTexts(comparison),
  };
}

function forecastTexts({ forecast }: PlannedComparison): ComparisonText['forecast'] {
  if (!forecast) return [];
  const { metrics, failure } = forecast;
  if (failure) return [{ text: t('no forecast: {0}', failureSentence(failure)), isWeak: true }];
  if (metrics.length === 0)
    return [{ text: t('no forecast: the values of its metrics before now are not known'), isWeak: false }];
  return metrics.map(({ metric, ...told }) => ({
    text: forecastSentence(metric, told),
    isWeak: (told.smallestChange ?? Infinity) > told.change,
  }));
}
