// Lines per minute as bars, with a vertical line at the deployment; small in a row, large in the detail.
import { css, html, svg, type TemplateResult } from 'lit';
import { formatNumber, formatTime } from '../../src/protocol/words/format.ts';
import type { ClusterSnapshot, MinutesSnapshot } from '../../src/protocol/snapshot/clusterSnapshot.ts';
import { t } from '../../src/protocol/words/translate.ts';

const small = { width: 83, height: 20, bars: 14 },
  large = { width: 240, height: 60, foot: 16, head: 16, bars: 10 };

export function linesPer(stepMs: number): string {
  return stepMs === 60_000 ? t('Lines per minute') : t('Lines per {0} minutes', formatNumber(stepMs / 60_000));
}

/** The latest steps, for a row of the table. */
export function minuteBars({ minutes, kind, sinceMs }: ClusterSnapshot): TemplateResult | string {
  if (!minutes) return '';
  const seen = valuesOf(minutes, kind),
    step = Math.max(1, Math.ceil(seen.length / small.bars)),
    { startMs, values } = stretch(minutes, seen, small.bars);
  const sums = Array.from({ length: Math.ceil(values.length / step) }, (_, index) =>
    values.slice(index * step, (index + 1) * step).reduce((sum, value) => sum + value, 0),
  );
  const stepMs = step * minutes.stepMs,
    since = (small.width * (sinceMs - startMs)) / (stepMs * sums.length);
  return html`<svg
    class="minutes"
    viewBox="0 0 ${small.width} ${small.height}"
    role="img"
    aria-label="${linesPer(stepMs)}: ${sums.slice(-seen.length).join(' ')}"
  >
    ${drawBars(sums, kind, small.width, 0, small.height - 1, index => startMs + (index + 1) * stepMs <= sinceMs)}
    <path class="axis" d="M0 19.5h${small.width}" />
    ${since >= 0 && since <= small.width ? svg`<path class="axis" d="M${Math.round(since) + 0.5} 0v20"/>` : ''}
  </svg>`;
}

export function minuteChart({ minutes, kind, sinceMs }: ClusterSnapshot): TemplateResult | string {
  if (!minutes) return '';
  const seen = valuesOf(minutes, kind),
    { startMs, values } = stretch(minutes, seen, large.bars),
    endMs = startMs + values.length * minutes.stepMs,
    bottom = large.height - large.foot;
  const since = (large.width * (sinceMs - startMs)) / Math.max(1, endMs - startMs),
    most = Math.max(...values, 1);
  return html`<svg
    class="minutes large"
    viewBox="0 0 ${large.width} ${large.height}"
    role="img"
    aria-label="${t('{0} from {1}: {2}', linesPer(minutes.stepMs), formatTime(minutes.startMs), seen.join(' '))}"
  >
    ${drawBars(
      values,
      kind,
      large.width,
      large.head,
      bottom,
      index => startMs + (index + 1) * minutes.stepMs <= sinceMs,
    )}
    <path class="axis" d="M0 ${bottom + 0.5}h${large.width}" />
    ${
      since >= 0 && since <= large.width
        ? svg`<path class="axis" d="M${Math.round(since) + 0.5} 4v${bottom}"/>
          <text x=${since > 80 ? since - 4 : since + 4} y="13" text-anchor=${since > 80 ? 'end' : 'start'}>
            ${t('canary begins')}
          </text>`
        : ''
    }
    <text x="0" y=${large.height - 2}>${formatTime(startMs).slice(0, 5)}</text>
    <text x=${large.width} y=${large.height - 2} text-anchor="end">${formatTime(endMs).slice(0, 5)}</text>
    <text
      x=${since > large.width - 80 ? 0 : large.width}
      y="10"
      text-anchor=${since > large.width - 80 ? 'start' : 'end'}
    >
      ${t('at most {0}', formatNumber(most))}
    </text>
  </svg>`;
}

/** A canary of one minute must not fill the width: there is always room for this many steps. */
function stretch(
  { startMs, stepMs }: MinutesSnapshot,
  seen: readonly number[],
  least: number,
): { readonly startMs: number; readonly values: readonly number[] } {
  const missing = Math.max(0, least - seen.length);
  return { startMs: startMs - missing * stepMs, values: [...Array.from({ length: missing }, () => 0), ...seen] };
}

function valuesOf({ canary, baseline }: MinutesSnapshot, kind: ClusterSnapshot['kind']): readonly number[] {
  return kind === 'baseline' ? baseline : canary;
}

function drawBars(
  values: readonly number[],
  kind: ClusterSnapshot['kind'],
  width: number,
  top: number,
  bottom: number,
  isBefore: (index: number) => boolean,
): unknown {
  const most = Math.max(...values, 4),
    step = width / Math.max(1, values.length),
    gap = Math.min(2, step / 3);
  const tenths = (size: number): number => Math.round(size * 10) / 10;
  const toneOf = (index: number): string =>
    isBefore(index) || kind === 'baseline' ? 'before' : kind === 'known' ? 'blue' : 'red';
  return values.map((value, index) => {
    if (value <= 0) return '';
    const size = Math.max(3, ((bottom - top) * value) / most);
    return svg`<rect
      class="${toneOf(index)}"
      x=${tenths(index * step + gap / 2)}
      y=${bottom - size}
      width=${tenths(step - gap)}
      height=${size}
    />`;
  });
}

export const minuteStyles = css`
  svg.minutes {
    display: block;
    width: 83px;
    height: 20px;
  }
  svg.minutes.large {
    width: 100%;
    max-width: 240px;
    height: auto;
  }
  .minutes .axis {
    fill: none;
    stroke: var(--vscode-charts-lines);
  }
  .minutes .before {
    fill: color-mix(in srgb, var(--vscode-foreground) 48%, transparent);
  }
  .minutes .blue {
    fill: var(--vscode-charts-blue);
  }
  .minutes .red {
    fill: var(--vscode-charts-red);
  }
  .minutes text {
    font: 11px var(--vscode-font-family);
    fill: var(--vscode-descriptionForeground);
  }
`;
