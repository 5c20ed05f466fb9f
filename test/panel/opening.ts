// What opening the panel costs: from the start of loading its page in an open editor until the run is on the screen.
import type { Browser, Page } from 'playwright-core';
import type { ToPanel } from '../../src/protocol/runPanel.ts';
import { actAsHost, watchProcessor, type Stage } from './stage.ts';
import { themeOf } from './themes.ts';

/** Milliseconds since the page of the panel began to load. */
export interface Opening {
  /** Verdict, stages and chart are on the screen, all in one frame. */
  readonly paintedMs: number;
  /** The parts below are drawn too: table, metrics, timeline. */
  readonly wholeMs: number;
  /** Processor time that the page's own thread has used until then. */
  readonly cpuMs: number;
}

/** A browser that has just opened a page is still busy with other work: the measurement begins after it. */
export const quietMs = 700;
const viewport = { width: 1600, height: 1200 };

/** The message is available when the panel asks for it, as a copy. */
export async function measureOpening(browser: Browser, stage: Stage, message: ToPanel): Promise<Opening> {
  const page = await browser.newPage({ viewport });
  try {
    const cpuMs = await watchProcessor(page);
    await page.addInitScript(actAsHost, themeOf('dark'));
    await page.addInitScript(watchFirstFrame);
    await page.goto(`${stage.origin}/editor`);
    await page.evaluate(one => {
      Object.assign(window, { message: one });
    }, message);
    await page.waitForTimeout(quietMs);
    const before = await cpuMs(),
      shown = await openFrame(page);
    return { ...shown, cpuMs: (await cpuMs()) - before };
  } finally {
    await page.close();
  }
}

interface Shown {
  readonly paintedMs: number;
  readonly wholeMs: number;
}

function openFrame(page: Page): Promise<Shown> {
  return page.evaluate(
    () =>
      new Promise<Shown>((resolve, reject) => {
        Object.assign(window, {
          told: (shown: Shown | string) => {
            if (typeof shown === 'string') reject(new Error(shown));
            else resolve(shown);
          },
        });
        const frame = document.createElement('iframe');
        frame.src = '/';
        document.body.append(frame);
      }),
  );
}

/**
 * Runs in the panel's page before its own script. The browser reports when the verdict, the largest text, was drawn;
 * stages and chart are checked before the next frame.
 */
function watchFirstFrame(): void {
  if (parent === window) return;
  const { message, told } = parent as unknown as { message: unknown; told: (shown: Shown | string) => void };
  let messageMs = Infinity,
    paintedMs: number | undefined,
    wholeMs: number | undefined;
  const tell = (): void => {
    if (paintedMs !== undefined && wholeMs !== undefined) told({ paintedMs, wholeMs });
  };
  new PerformanceObserver(list => {
    paintedMs ??= (list.getEntries() as (PerformanceEntry & { readonly paintTime?: number })[]).find(
      ({ paintTime, startTime }) => (paintTime ?? startTime) > messageMs,
    )?.startTime;
    tell();
  }).observe({ type: 'largest-contentful-paint', buffered: true });

  const find = (selector: string, root: Document | ShadowRoot = document): Element | undefined => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const { shadowRoot } of root.querySelectorAll('*')) {
      const inner = shadowRoot && find(selector, shadowRoot);
      if (inner) return inner;
    }
    return undefined;
  };
  const isDrawn = (canvas: Element | undefined): boolean =>
    canvas instanceof HTMLCanvasElement &&
    canvas.width > 0 &&
    (canvas
      .getContext('2d')
      ?.getImageData(0, 0, canvas.width, canvas.height)
      .data.some(value => value > 0) ??
      false);
  const lookBelow = (): void => {
    if (!find('tbody tr') || !find('backstop-metrics') || !find('backstop-timeline')) {
      requestAnimationFrame(lookBelow);
      return;
    }
    requestAnimationFrame(() => {
      wholeMs = performance.now();
      tell();
    });
  };
  addEventListener(
    'sent',
    () => {
      window.postMessage(message, '*');
      addEventListener(
        'message',
        () => {
          messageMs = performance.now();
          requestAnimationFrame(() => {
            requestAnimationFrame(() => {
              const missing = [
                find('h1') ? '' : 'verdict',
                find('.cell') ? '' : 'stages',
                isDrawn(find('canvas')) ? '' : 'chart',
              ].filter(part => part !== '');
              if (missing.length > 0) told(`The first frame has no ${missing.join(', no ')}.`);
              else lookBelow();
            });
          });
        },
        { once: true },
      );
    },
    { once: true },
  );
}
