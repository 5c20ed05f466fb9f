// One metric over time: the band in which the canary would be no surprise, both lines, and gaps where data is missing.
import { css, html, svg, type TemplateResult } from 'lit';
import { formatDuration, formatMeasure, formatTime } from '../../src/protocol/words/format.ts';
import type { SeriesSnapshot } from '../../src/protocol/snapshot/snapshotChecks.ts';
import { t } from '../../src/protocol/words/translate.ts';

type Values = readonly (number | null)[];
/** `margin`: space above and below, for the numbers at both ends. */
const width = 240,
  height = 72,
  margin = 13;

export function metricPicture(series: SeriesSnapshot, label: string, perNode: boolean): TemplateResult {
  const { startMs, intervalMs, canary, baseline, low, high, nodes, unit, sinceMs, decidedAtMs } = series;
  const count = Math.max(canary.length, baseline.length, 2),
    endMs = startMs + count * intervalMs;
  const measured = [canary, baseline, ...(perNode ? Object.values(nodes) : [])];
  const { least, most } = rangeOf([...measured, low, high], rangeOf(measured).least >= 0);
  const x = (index: number): number => round((width * (index + 0.5)) / count);
  const y = (value: number): number =>
    round(height - margin - ((height - 2 * margin) * Math.max(0, value - least)) / (most - least));
  const at = (atMs: number): number => round(width * Math.min(1, Math.max(0, (atMs - startMs) / (endMs - startMs))));
  const gap = gapOf(series);
  return html`<div class="picture">
    <svg
      viewBox="0 0 ${width} ${height}"
      preserveAspectRatio="none"
      role="img"
      aria-label="${label}, ${t('{0} to {1}', formatTime(startMs), formatTime(endMs))}${gap ? `, ${gap}` : ''}"
    >
      ${svg`<path class="band" d=${areaOf(low, high, x, y)}/><path class="baseline" d=${lineOf(baseline, x, y)}/>
        ${perNode ? Object.values(nodes).map(values => svg`<path class="node" d=${lineOf(values, x, y)}/>`) : ''}
        <path class="since" d="M${at(sinceMs)} 0V${height}"/>
        ${decidedAtMs === undefined ? '' : svg`<path class="decided" d="M${at(decidedAtMs)} 0V${height}"/>`}
        <path class="canary" d=${lineOf(canary, x, y)}/>`}
    </svg>
    <span class="small dim high" aria-hidden="true">${formatMeasure(tidy(most, most - least), unit)}</span
    ><span class="small dim low" aria-hidden="true">${formatMeasure(tidy(least, most - least), unit)}</span>
  </div>`;
}

/** The line is interrupted at every gap; a single value between two gaps is a short stroke. */
export function lineOf(values: Values, x: (index: number) => number, y: (value: number) => number): string {
  return values
    .map((value, index) => {
      if (value === null || !Number.isFinite(value)) return '';
      const before = values[index - 1] ?? null,
        after = values[index + 1] ?? null;
      return `${before === null ? 'M' : 'L'}${x(index)} ${y(value)}${before === null && after === null ? 'h1' : ''}`;
    })
    .join('');
}

function areaOf(low: Values, high: Values, x: (index: number) => number, y: (value: number) => number): string {
  const parts: string[] = [];
  for (let from = 0; from < low.length; from += 1) {
    let to = from;
    while (to < low.length && low[to] !== null && high[to] !== null && high[to] !== undefined) to += 1;
    if (to === from) continue;
    const indices = Array.from({ length: to - from }, (_, index) => from + index);
    parts.push(
      `M${indices.map(index => `${x(index)} ${y(high[index] ?? 0)}`).join('L')}L${indices
        .toReversed()
        .map(index => `${x(index)} ${y(low[index] ?? 0)}`)
        .join('L')}z`,
    );
    from = to;
  }
  return parts.join('');
}

/** How long the canary had no value between its first and its last one; empty if there was no gap. */
export function gapOf({ canary, intervalMs }: SeriesSnapshot): string {
  const first = canary.findIndex(value => value !== null),
    last = canary.findLastIndex(value => value !== null);
  const missing = first < 0 ? 0 : canary.slice(first, last).filter(value => value === null).length;
  return missing ? t('{0} without data', formatDuration(missing * intervalMs)) : '';
}

/** `neverNegative`: the axis does not go below zero, even if the band does. */
function rangeOf(lists: readonly Values[], neverNegative = false): { readonly least: number; readonly most: number } {
  let least = Infinity,
    most = -Infinity;
  for (const values of lists)
    for (const value of values) {
      if (value === null || !Number.isFinite(value)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  if (least > most) return { least: 0, most: 1 };
  if (neverNegative) least = Math.max(0, least);
  const room = least === most ? Math.abs(most) / 10 || 1 : 0;
  return { least: least >= 0 ? Math.max(0, least - room) : least - room, most: most + room };
}

/** The ends of an axis are not measurements: two digits are enough. */
function tidy(value: number, span: number): number {
  const step = 10 ** (Math.floor(Math.log10(span)) - 1);
  return Math.round(value / step) * step;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

export const metricStyles = css`
  .picture {
    position: relative;
    margin: 4px 0;
  }
  .picture svg {
    display: block;
    width: 100%;
    height: 72px;
  }
  .picture path {
    vector-effect: non-scaling-stroke;
  }
  .none {
    height: 72px;
    margin: 4px 0;
  }
  .high,
  .low {
    left: 0;
    position: absolute;
    font-size: 11px;
    line-height: 12px;
  }
  .high {
    top: 0;
  }
  .low {
    bottom: 0;
  }
  .band {
    fill: color-mix(in srgb, var(--vscode-foreground) 14%, transparent);
  }
  :host-context(.vscode-high-contrast) .band {
    fill: none;
    stroke: var(--vscode-foreground);
    stroke-dasharray: 1 3;
  }
  .baseline {
    fill: none;
    stroke: color-mix(in srgb, var(--vscode-foreground) 60%, transparent);
    stroke-dasharray: 4 2;
  }
  .canary {
    fill: none;
    stroke: var(--vscode-charts-blue);
    stroke-width: 1.5;
    stroke-linejoin: round;
  }
  .node {
    fill: none;
    stroke: var(--vscode-charts-blue);
    stroke-opacity: 0.45;
    stroke-width: 1;
  }
  .since {
    fill: none;
    stroke: var(--vscode-charts-lines);
  }
  .decided {
    fill: none;
    stroke: var(--vscode-charts-red);
    stroke-width: 1.5;
  }
`;
