// `bench panel`: what the run panel costs in a browser: first paint, an update, frames while one pans and zooms; beside
// a bare chart.js page with the same points.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { ToPanel } from '../../../src/protocol/runPanel.ts';
import { compareSnapshots, mostClustersSent } from '../../../src/protocol/snapshot/patch.ts';
import type { RunSnapshot } from '../../../src/protocol/snapshot/snapshot.ts';
import { browserMissing, startBrowser } from '../../panel/browser.ts';
import { measureOpening, quietMs, type Opening } from '../../panel/opening.ts';
import { calmClusters, logsCheck, metricChecks, steadyRise, withEvidence } from '../../panel/fixtures.ts';
import { shown } from '../../panel/screens.ts';
import { createStage, watchProcessor, type Stage } from '../../panel/stage.ts';
import { rolledBackStory, startMs } from '../../unit/terminal/stories.ts';
import { measureFeedback } from './feedback.ts';
import { MissingData, type BenchResult } from '../bench.ts';

const root = join(import.meta.dirname, '../../..'),
  rounds = 5,
  frames = 60;

/**
 * On a machine that others use too, the best of several rounds is what the page costs; the processor's time on the
 * page's own thread says it in any case.
 */
export async function run(): Promise<BenchResult> {
  if (browserMissing) throw new MissingData(`The panel cannot be measured: ${browserMissing}.`);
  const browser = await startBrowser(),
    stage = await createStage(browser);
  try {
    const paints = snapshotWith(2_000),
      many = withPoints(snapshotWith(2_000), 10_000);
    const openingOf = (snapshot: RunSnapshot): Promise<Opening> =>
      best(rounds, () => measureOpening(browser, stage, { type: 'snapshot', number: 1, snapshot }));
    const paint = await openingOf(asSentFirst(paints)),
      allAtOnce = await openingOf(paints),
      update = await best(2, () => measureUpdates(stage, paints));
    const feedback = await measureFeedback(stage, paints);
    const panel = await bestFrames(3, () => measurePanel(stage, many)),
      bare = await bestFrames(3, () => measureBareChart(browser, many));
    return {
      name: 'panel',
      figures: {
        firstPaintMs: paint.paintedMs,
        wholePageMs: paint.wholeMs,
        openingCpuMs: paint.cpuMs,
        allAtOnceMs: allAtOnce.paintedMs,
        allAtOnceWholeMs: allAtOnce.wholeMs,
        allAtOnceCpuMs: allAtOnce.cpuMs,
        updateMs: update.wallMs,
        updateCpuMs: update.cpuMs,
        feedbackMs: feedback.wallMs,
        feedbackCpuMs: feedback.cpuMs,
        longestFrameMs: panel.longest,
        medianFrameMs: panel.median,
        frameCpuMs: panel.cpuMs,
        bareFirstPaintMs: bare.first,
        bareLongestFrameMs: bare.longest,
        bareMedianFrameMs: bare.median,
        bareFrameCpuMs: bare.cpuMs,
        clustersDrawn: many.clusters.shown.length,
        snapshotKilobytes: JSON.stringify(paints).length / 1000,
        bundleKilobytes: statSync(join(root, 'dist/panel.js')).size / 1000,
      },
      targets: {
        firstPaintMs: { op: '<=', value: 300 },
        updateMs: { op: '<=', value: 50 },
        feedbackMs: { op: '<=', value: 100 },
        longestFrameMs: { op: '<=', value: 100 },
        bundleKilobytes: { op: '<=', value: 700 },
      },
    };
  } finally {
    await stage.close();
    await browser.close();
  }
}

/** A run whose verification saw so many log events, four of them new. */
function snapshotWith(clusters: number): RunSnapshot {
  const events = withEvidence(rolledBackStory, 'Production/1/verify', steadyRise, evidence => {
    const check = logsCheck('fail', evidence, 4);
    return [
      {
        ...check,
        clusters: [...check.clusters.filter(cluster => cluster.class === 'unknown'), ...calmClusters(clusters)],
      },
      ...metricChecks('pass', startMs + 684_200),
    ];
  });
  return shown(events).snapshot;
}

/** What the editor sends of a run first, riskiest first; the rest follows in patches. */
function asSentFirst(snapshot: RunSnapshot): RunSnapshot {
  return { ...snapshot, clusters: { ...snapshot.clusters, shown: snapshot.clusters.shown.slice(0, mostClustersSent) } };
}

/** As many are drawn, though fewer calm ones would be sent: as hard as risky ones, which are never thinned. */
function withPoints(snapshot: RunSnapshot, count: number): RunSnapshot {
  const { shown: some, hidden } = snapshot.clusters;
  const more = Array.from({ length: count - some.length }, (_, index) => {
    const one = some[4 + (index % (some.length - 4))];
    return (
      one && { ...one, id: `${one.id}/${index}`, x: one.x + Math.sin(index) / 30, y: one.y + Math.cos(index) / 30 }
    );
  });
  return { ...snapshot, clusters: { shown: [...some, ...more.filter(one => one !== undefined)], hidden } };
}

/** From the message until the end of the frame that shows it: a look that brings new lines of twenty clusters. */
async function measureUpdates(stage: Stage, snapshot: RunSnapshot): Promise<Cost> {
  const panel = await stage.open({ width: 1600, theme: 'dark', message: { type: 'snapshot', number: 1, snapshot } });
  try {
    let before = snapshot,
      number = 1;
    const times: number[] = [],
      startCpuMs = await panel.cpuMs();
    for (let look = 1; look <= 10; look += 1) {
      const after: RunSnapshot = {
        ...before,
        seq: before.seq + 1,
        nowMs: before.nowMs + 15_000,
        clusters: {
          ...before.clusters,
          shown: before.clusters.shown.map((cluster, index) =>
            index % 100 === look ? { ...cluster, canaryCount: cluster.canaryCount + look } : cluster,
          ),
        },
      };
      for (const patch of compareSnapshots(before, after))
        times.push(await drawMessage(panel.page, { type: 'patch', number: ++number, patch }));
      before = after;
    }
    return {
      wallMs: times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? NaN,
      cpuMs: ((await panel.cpuMs()) - startCpuMs) / times.length,
    };
  } finally {
    await panel.close();
  }
}

function drawMessage(page: Page, message: ToPanel): Promise<number> {
  return page.evaluate(async one => {
    await new Promise(resolve => {
      requestAnimationFrame(resolve);
    });
    const start = performance.now();
    window.postMessage(one, '*');
    await new Promise(resolve => {
      addEventListener(
        'message',
        () => {
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = resolve;
            port2.postMessage(0);
          });
        },
        { once: true },
      );
    });
    return performance.now() - start;
  }, message);
}

interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}
/** `cpuMs`: of a frame, on average. */
interface Frames {
  readonly first: number;
  readonly longest: number;
  readonly median: number;
  readonly cpuMs: number;
}

async function measurePanel(stage: Stage, snapshot: RunSnapshot): Promise<Frames> {
  const panel = await stage.open({ width: 1600, theme: 'dark', message: { type: 'snapshot', number: 1, snapshot } });
  try {
    await panel.page.waitForTimeout(quietMs);
    const box = await panel.page.locator('backstop-cluster-chart canvas').evaluate(canvas => {
      canvas.scrollIntoView({ block: 'center' });
      const { x, y, width, height } = canvas.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    });
    const before = await panel.cpuMs(),
      moved = await panel.page.evaluate(moveAbout, { ...box, frames });
    return { first: NaN, ...moved, cpuMs: ((await panel.cpuMs()) - before) / frames };
  } finally {
    await panel.close();
  }
}

/** The same points, sizes and view in chart.js alone. */
async function measureBareChart(browser: Browser, snapshot: RunSnapshot): Promise<Frames> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1200 } });
  try {
    await page.setContent(
      '<!DOCTYPE html><div id="plot"><canvas></canvas></div><style>#plot { width: 890px; height: 440px; }</style>',
    );
    await page.addScriptTag({ content: readFileSync(join(root, 'node_modules/chart.js/dist/chart.umd.js'), 'utf8') });
    const first = await page.evaluate(
      drawBareChart,
      snapshot.clusters.shown.map(({ x, y, canaryCount, baselineCount }) => ({
        x,
        y,
        r: 2 + 0.6 * Math.sqrt(Math.min(100, canaryCount || baselineCount)),
      })),
    );
    await page.waitForTimeout(quietMs);
    const cpuMs = await watchProcessor(page),
      before = await cpuMs(),
      moved = await page.evaluate(moveAbout, { x: 445, y: 220, frames });
    return { first, ...moved, cpuMs: ((await cpuMs()) - before) / frames };
  } finally {
    await page.close();
  }
}

/** Runs in the page. */
async function drawBareChart(points: readonly { x: number; y: number; r: number }[]): Promise<number> {
  interface BareChart {
    scales: Record<string, { min: number; max: number }>;
    options: { scales: Record<string, { min: number; max: number }> };
    update(mode: string): void;
  }
  const { Chart } = globalThis as unknown as {
    Chart: new (canvas: Element | null, configuration: unknown) => BareChart;
  };
  const start = performance.now(),
    canvas = document.querySelector('canvas'),
    range = { display: false, min: -1.12, max: 1.12 };
  const chart = new Chart(canvas, {
    type: 'scatter',
    data: { datasets: [{ data: points, pointRadius: points.map(point => point.r) }] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      scales: { x: { ...range }, y: { ...range } },
      plugins: { legend: { display: false } },
    },
  });
  const move = (factor: number, by: number): void => {
    for (const scale of [chart.options.scales['x'], chart.options.scales['y']])
      if (scale) [scale.min, scale.max] = [scale.min * factor + by, scale.max * factor + by];
    chart.update('none');
  };
  canvas?.addEventListener('wheel', event => move(Math.exp(event.deltaY / 200), 0));
  canvas?.addEventListener('pointermove', () => move(1, 0.01));
  await new Promise(resolve => {
    requestAnimationFrame(() => {
      requestAnimationFrame(resolve);
    });
  });
  return performance.now() - start;
}

/** Runs in the page: half of the frames zoom in and out, half pan; how long they took. */
async function moveAbout({
  x,
  y,
  frames: count,
}: {
  x: number;
  y: number;
  frames: number;
}): Promise<{ longest: number; median: number }> {
  let canvas = document.elementFromPoint(x, y);
  while (canvas?.shadowRoot) {
    const inner = canvas.shadowRoot.elementFromPoint(x, y);
    if (!inner || inner === canvas) break;
    canvas = inner;
  }
  const times: number[] = [],
    box = canvas?.getBoundingClientRect(),
    place = { clientX: x, clientY: y, bubbles: true, composed: true, cancelable: true, pointerId: 1 };
  Object.assign(canvas ?? {}, {
    setPointerCapture: () => {
      /* there is no such pointer */
    },
  });
  const frame = (): Promise<number> =>
    new Promise(resolve => {
      requestAnimationFrame(resolve);
    });
  await frame();
  let before = await frame();
  for (let index = 0; index < count; index += 1) {
    if (index < count / 2)
      canvas?.dispatchEvent(new WheelEvent('wheel', { ...place, deltaY: index < count / 4 ? -12 : 8 }));
    else {
      if (index === count / 2) canvas?.dispatchEvent(new PointerEvent('pointerdown', place));
      canvas?.dispatchEvent(
        new PointerEvent('pointermove', {
          ...place,
          clientX: x + (index - count / 2) * Math.min(6, (box?.width ?? 0) / count),
        }),
      );
    }
    const after = await frame();
    times.push(after - before);
    before = after;
  }
  const sorted = times.toSorted((one, other) => one - other);
  return { longest: sorted.at(-1) ?? NaN, median: sorted[Math.floor(sorted.length / 2)] ?? NaN };
}

/** The least of each figure. */
async function best<Figures extends { readonly [name in keyof Figures]: number }>(
  count: number,
  measure: () => Promise<Figures>,
): Promise<Figures> {
  const all = [await measure()];
  while (all.length < count) all.push(await measure());
  return Object.fromEntries(
    Object.keys(all[0] ?? {}).map(name => [name, Math.min(...all.map(one => one[name as keyof Figures]))]),
  ) as unknown as Figures;
}

async function bestFrames(count: number, measure: () => Promise<Frames>): Promise<Frames> {
  let least: Frames | undefined;
  for (let round = 0; round < count; round += 1) {
    const one = await measure();
    if (!least || one.longest < least.longest) least = one;
  }
  return least ?? { first: NaN, longest: NaN, median: NaN, cpuMs: NaN };
}
