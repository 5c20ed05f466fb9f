// The layout of the run panel: every state in four themes at three widths, without overflow, overlap, complaints of axe
// or of the browser. BACKSTOP_SCREENS=1 writes pictures to dist/screens.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { suite, test } from 'node:test';
import { browserMissing } from './browser.ts';
import { findAxeViolations, stickingOut } from './examine.ts';
import { playStates, stateNames, takePicture, widths, type StateName } from './screens.ts';
import { settle } from './stage.ts';
import { useStage } from './stageSuite.ts';
import { themeNames } from './themes.ts';
import type { ToPanel } from '../../src/protocol/runPanel.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const takesPictures = process.env['BACKSTOP_SCREENS'] === '1';

suite('looks of the run panel', { skip: browserMissing }, () => {
  let states: Readonly<Record<StateName, ToPanel>>;
  const { stage } = useStage(async () => {
    states = await playStates();
  });

  for (const state of stateNames)
    for (const theme of themeNames) {
      test(`${state}, ${theme}: holds at ${widths.join(', ')} px, and axe finds nothing`, async () => {
        const panel = await stage().open({ width: widths[0], theme, message: states[state] });
        try {
          const found: Record<string, readonly string[]> = {};
          for (const width of widths) {
            await panel.page.setViewportSize({ width, height: 1200 });
            await settle(panel.page);
            if (takesPictures) await takePicture(panel, `${state}-${theme}-${width}`);
            found[width] = await stickingOut(panel.page);
          }
          found['axe'] = await findAxeViolations(panel.page, axe);
          found['complaints'] = panel.complaints;
          assert.deepEqual(
            Object.entries(found).filter(([, list]) => list.length > 0),
            [],
          );
        } finally {
          await panel.close();
        }
      });
    }
});
