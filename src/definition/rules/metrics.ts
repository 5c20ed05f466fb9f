// Rules on health sources: each has metrics or logs, a share refers to a count that exists, and no range is empty.
import { errorAt, spanOf } from '../../model/file/drafts.ts';
import { suggest } from '../../model/file/nearMiss.ts';
import { parsePercent } from '../../model/file/durations.ts';
import type { Entry, Place } from '../../model/file/place.ts';
import { child, entriesOf, entryOf, headOf, itemsOf, numberOf, textOf } from '../../model/file/place.ts';
import type { Outline } from './outline.ts';

export function checkMetrics(outline: Outline): void {
  for (const { value } of entriesOf(child(outline.root, 'healthSources'))) {
    const vendor = outline.vendors.find(one => one.source && entryOf(value, one.kind));
    const source = vendor && entryOf(value, vendor.kind);
    if (!vendor?.source || source?.value.kind !== 'map') continue;
    vendor.source.check?.(source, outline.report);
    const metrics = entryOf(source.value, 'metrics');
    if (metrics?.value.kind !== 'map') continue;
    const entries = entriesOf(metrics.value);
    if (entries.length === 0)
      outline.report(
        errorAt(
          headOf(metrics.value),
          'no-metric',
          'This health source queries nothing. Give it at least one metric.',
          { found: 'an empty map' },
        ),
      );
    const given = (vendor.source.countsOf?.(source.value) ?? []).filter(
      name => !entries.some(entry => entry.key === name),
    );
    for (const metric of entries) {
      checkHistogram(outline, metric);
      checkShare(outline, metric, entries, given);
      checkPercents(outline, metric);
      checkRange(outline, metric, 'limit', ['above', 'below']);
      checkRange(outline, metric, 'ignore', ['to', 'from']);
    }
  }
}

/** The bounds must ascend, and keys without a meaning for a histogram are mistakes. */
function checkHistogram({ report }: Outline, metric: Entry): void {
  const isHistogram = textOf(child(metric.value, 'kind')) === 'histogram';
  const bounds = entryOf(metric.value, 'bounds');
  if (isHistogram && !bounds)
    report(
      errorAt(
        metric.keySpan,
        'missing-bounds',
        'A histogram needs `bounds`: the values above which requests are counted, such as `[0.1, 0.25, 0.5, 1]`.',
      ),
    );
  for (const key of isHistogram ? ['floor', 'rollup'] : ['bounds', 'percentile']) {
    const entry = entryOf(metric.value, key);
    if (entry)
      report(
        errorAt(
          entry.keySpan,
          'key-does-not-fit',
          `\`${key}\` ` +
            `${isHistogram ? 'does not belong to a histogram' : 'belongs to a histogram; add `kind: histogram`'}. ` +
            'Take it away.',
          { found: key },
        ),
      );
  }
  const values = itemsOf(bounds?.value).map(numberOf);
  const wrong = values.findIndex(
    (value, k) => k > 0 && value !== undefined && values[k - 1] !== undefined && value <= values[k - 1]!,
  );
  if (bounds && wrong > 0)
    report(
      errorAt(
        bounds.keySpan,
        'bounds-not-ascending',
        `Bounds must ascend: ${values[wrong]} follows ${values[wrong - 1]}.`,
        { found: String(values[wrong]) },
      ),
    );
}

function amountOf(place: Place | undefined): number | undefined {
  return numberOf(place) ?? parsePercent(textOf(place) ?? '');
}

/** Percentages are allowed only for a share, that is, with `per`. */
function checkPercents({ report }: Outline, metric: Entry): void {
  if (entryOf(metric.value, 'per')) return;
  const amounts = [
    child(metric.value, 'floor'),
    ...[...entriesOf(child(metric.value, 'limit')), ...entriesOf(child(metric.value, 'ignore'))].map(one => one.value),
  ];
  for (const amount of amounts)
    if (amount && parsePercent(textOf(amount) ?? '') !== undefined)
      report(
        errorAt(
          spanOf(amount),
          'percent-of-no-share',
          `\`${metric.key}\` is not a share, so a percentage has no meaning. ` +
            'Write the number in its unit, or name the count that it is a share of with `per`.',
          { found: textOf(amount) ?? '' },
        ),
      );
}

/** A range needs at least one end, and the upper end must be above the lower one. */
function checkRange(
  { report }: Outline,
  metric: Entry,
  key: 'limit' | 'ignore',
  [high, low]: readonly [string, string],
): void {
  const range = entryOf(metric.value, key);
  if (range?.value.kind !== 'map') return;
  const [upper, lower] = [amountOf(child(range.value, high)), amountOf(child(range.value, low))];
  if (!entryOf(range.value, high) && !entryOf(range.value, low)) {
    report(
      errorAt(range.keySpan, 'empty-range', `\`${key}\` is empty. Give it \`${high}\`, \`${low}\` or both.`, {
        allowed: [high, low],
      }),
    );
  } else if (upper !== undefined && lower !== undefined && upper <= lower) {
    report(
      errorAt(
        range.keySpan,
        'empty-range',
        `There is nothing between \`${low}: ${lower}\` and \`${high}: ${upper}\`. \`${high}\` must be the larger one.`,
        { found: `${lower}, ${upper}` },
      ),
    );
  }
}

function checkShare({ report }: Outline, metric: Entry, entries: readonly Entry[], given: readonly string[]): void {
  const per = child(metric.value, 'per');
  const name = textOf(per);
  if (!per || name === undefined) return;
  const counts = [
    ...given,
    ...entries
      .filter(entry => isCount(entry) && entry !== metric && !child(entry.value, 'per'))
      .map(entry => entry.key),
  ];
  const more = { found: name, allowed: counts };
  const target = entries.find(entry => entry.key === name);
  if (!isCount(metric))
    report(
      errorAt(spanOf(per), 'share-of-gauge', 'Only a count can be a share of another count; add `kind: count` here.', {
        found: name,
      }),
    );
  if (given.includes(name)) return;
  if (!target)
    report(
      errorAt(
        spanOf(per),
        'unknown-metric',
        `There is no metric \`${name.slice(0, 60)}\` in this health source.${suggest(name, counts)}`,
        more,
      ),
    );
  else if (cycleOf(metric, entries).includes(metric.key)) {
    // Each cycle is one mistake, reported at the first of its metrics.
    const first = entries.find(entry => cycleOf(metric, entries).includes(entry.key));
    if (first === metric)
      report(
        errorAt(
          spanOf(per),
          'metric-cycle',
          `The metric \`${metric.key.slice(0, 60)}\` is, over \`per\`, a share of itself.`,
          more,
        ),
      );
  } else if (!isCount(target))
    report(
      errorAt(
        spanOf(per),
        'not-a-count',
        `The metric \`${name.slice(0, 60)}\` is not a count, so nothing can be a share of it. Give it \`kind: count\`.`,
        more,
      ),
    );
}

const countKinds = ['count', 'cumulative'];

function isCount(metric: Entry): boolean {
  return countKinds.some(kind => textOf(child(metric.value, 'kind')) === kind);
}

/** The metrics of the cycle that following `per` from this metric leads into; empty if there is none. */
function cycleOf(metric: Entry, entries: readonly Entry[]): readonly string[] {
  const path: string[] = [];
  let current: Entry | undefined = metric;
  while (current) {
    if (path.includes(current.key)) return path.slice(path.indexOf(current.key));
    path.push(current.key);
    const next: string | undefined = textOf(child(current.value, 'per'));
    current = entries.find(entry => entry.key === next);
  }
  return [];
}
