// How soon the run panel answers a click: until the frame that shows the pressed button busy.
import type { RunSnapshot } from '../../../src/protocol/snapshot/snapshot.ts';
import { quietMs } from '../../panel/opening.ts';
import type { Stage } from '../../panel/stage.ts';

interface Feedback {
  readonly wallMs: number;
  /** Processor time of the page's own thread for a click and for the answer that frees the button again, on average. */
  readonly cpuMs: number;
}

/** From the click on a button until the frame that shows it busy: the median of twenty, each in the running state. */
export async function measureFeedback(stage: Stage, snapshot: RunSnapshot): Promise<Feedback> {
  const running: RunSnapshot = {
    ...snapshot,
    header: { ...snapshot.header, tone: 'live', actions: ['roll-back', 'promote', 'hold'] },
  };
  const panel = await stage.open({
    width: 1600,
    theme: 'dark',
    message: { type: 'snapshot', number: 1, snapshot: running },
  });
  try {
    await panel.page.waitForTimeout(quietMs);
    const hold = panel.page.locator('backstop-verdict vscode-button', { hasText: 'Hold' }),
      times: number[] = [],
      startCpuMs = await panel.cpuMs();
    for (let click = 0; click < 20; click += 1) {
      times.push(await hold.evaluate(clickAndWait));
      await panel.show({ type: 'settled' });
    }
    return {
      wallMs: times.toSorted((one, other) => one - other)[times.length / 2] ?? NaN,
      cpuMs: ((await panel.cpuMs()) - startCpuMs) / times.length,
    };
  } finally {
    await panel.close();
  }
}

/** Runs in the page. */
async function clickAndWait(button: Element): Promise<number> {
  const start = performance.now();
  (button as HTMLElement).click();
  while (button.getAttribute('aria-busy') !== 'true')
    await new Promise(resolve => {
      requestAnimationFrame(resolve);
    });
  // What is busy before a frame is drawn in it.
  await new Promise(resolve => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(0);
  });
  return performance.now() - start;
}
