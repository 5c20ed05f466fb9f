// What the suites of the panel share: a browser and a stage for as long as a suite runs, and one page at a time on it.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { startBrowser } from './browser.ts';
import { createStage, type OpenPanel, type Stage } from './stage.ts';

export interface StageSuite {
  readonly stage: () => Stage;
  /** At most one page at a time; a complaint of the browser fails the test. */
  onPanel(options: Parameters<Stage['open']>[0], look: (panel: OpenPanel) => Promise<void>): Promise<void>;
}

/** Opens the stage before the first test of a suite and closes it after the last; `prepare` runs meanwhile. */
export function useStage(prepare: () => Promise<void> = () => Promise.resolve()): StageSuite {
  let browser: Browser, stage: Stage;
  before(async () => {
    [browser] = await Promise.all([startBrowser(), prepare()]);
    stage = await createStage(browser);
  });
  after(async () => {
    await stage?.close();
    await browser?.close();
  });
  return {
    stage: () => stage,
    async onPanel(options, look) {
      const panel = await stage.open(options);
      try {
        await look(panel);
        assert.deepEqual(panel.complaints, []);
      } finally {
        await panel.close();
      }
    },
  };
}
