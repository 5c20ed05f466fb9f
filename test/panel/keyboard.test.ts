// The story by keys alone, from the open panel to the decision: what has the focus is always seen, and nothing on the
// way is a complaint of axe.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing } from './browser.ts';
import { findAxeViolations } from './examine.ts';
import { writtenStates } from './screens.ts';
import { settle, type OpenPanel } from './stage.ts';
import { useStage } from './stageSuite.ts';
import type { ThemeName } from './themes.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
  mostKeys = 80;

suite('the story by keys alone', { skip: browserMissing }, () => {
  const states = writtenStates();
  const { onPanel } = useStage();

  const byKeys = (
    state: keyof typeof states,
    theme: ThemeName,
    width: number,
    tell: (panel: OpenPanel) => Promise<void>,
  ): Promise<void> =>
    onPanel({ width, theme, message: states[state] }, async panel => {
      await panel.page.setViewportSize({ width, height: 800 });
      await settle(panel.page);
      await tell(panel);
      assert.deepEqual(await findAxeViolations(panel.page, axe), []);
    });

  test('a decision on a narrow panel: the exceptions are read, one is opened, and the canary is rolled back', () =>
    byKeys('decision', 'dark', 700, async panel => {
      const { page } = panel;
      await tabTo(page, /^Show Logs$/);
      const row = await tabTo(page, /NullPointerException/);
      await page.keyboard.press('Enter');
      await settle(page);
      const detail = page.locator('backstop-cluster-detail').getByText(/NullPointerException/);
      assert.ok((await detail.count()) > 0, row);
      const seen = await focus(page);
      assert.ok(seen.isMarked && seen.isInSight, JSON.stringify(seen));
      await tabTo(page, /^Roll Back…$/, 'Shift+Tab');
      await page.keyboard.press('Enter');
      await settle(page);
      assert.deepEqual((await panel.sent()).at(-1), { type: 'act', action: 'roll-back' });
      assert.equal(await page.locator('vscode-button[aria-busy=true]').count(), 1);
    }));

  test('an approval on a wide panel: the card is read to its end, and answered with a comment', () =>
    byKeys('waiting', 'hc', 1600, async panel => {
      const { page } = panel;
      await tabTo(page, /^storefront\/main #4417$/);
      await tabTo(page, /^Comment/, 'Shift+Tab');
      await page.keyboard.type('Looks good');
      await tabTo(page, /^Approve$/);
      await page.keyboard.press('Space');
      await settle(page);
      const answered = (await panel.sent()).at(-1) as Readonly<Record<string, unknown>>;
      assert.deepEqual(
        [answered['type'], answered['answer'], answered['comment']],
        ['answer', 'approve', 'Looks good'],
      );
    }));
});

interface Focus {
  readonly name: string;
  readonly isMarked: boolean;
  readonly isInSight: boolean;
}

/** Presses the key until the element with this name has the focus; on the way every focus must be seen. */
async function tabTo(page: Page, wanted: RegExp, key = 'Tab'): Promise<string> {
  const passed: string[] = [];
  for (let press = 0; press < mostKeys; press += 1) {
    await page.keyboard.press(key);
    const { name, isMarked, isInSight } = await focus(page);
    assert.ok(
      isMarked && isInSight,
      `"${name}" has the focus and ${isMarked ? 'is out of sight' : 'does not show it'}; before: ${passed.join(', ')}`,
    );
    if (wanted.test(name)) return name;
    passed.push(name);
  }
  return assert.fail(`${wanted.source} was not reached: ${passed.join(', ')}`);
}

function focus(page: Page): Promise<Focus> {
  return page.evaluate(() => {
    let element = document.activeElement,
      marked = false;
    const names: string[] = [];
    for (;;) {
      if (!element) break;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      marked ||= outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1;
      names.push(element.getAttribute('aria-label') ?? (element as HTMLElement).innerText ?? '');
      const inner: Element | null | undefined = element.shadowRoot?.activeElement;
      if (!inner) break;
      element = inner;
    }
    const { top, bottom, height } = (element ?? document.body).getBoundingClientRect();
    const shown = names.toReversed().find(name => name.trim() !== '') ?? `<${element?.localName}>`;
    return {
      name: shown.replace(/\s+/g, ' ').trim().slice(0, 200),
      isMarked: marked,
      isInSight: height > innerHeight || (top >= -1 && bottom <= innerHeight + 1),
    };
  });
}
