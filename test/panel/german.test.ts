// The run panel in German: long words break no layout, and no English text remains. BACKSTOP_SCREENS=1 writes pictures
// to dist/screens.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { plainEnglish, speak, translateWith, type Words } from '../../src/protocol/words/translate.ts';
import { reportPage } from '../../src/protocol/report/reportPage.ts';
import { approvalSources } from './approvalStory.ts';
import { browserMissing, startBrowser } from './browser.ts';
import { stickingOut, wordsOfPage } from './examine.ts';
import { playStates, stateNames, takePicture, widths } from './screens.ts';
import { createStage, settle, type OpenPanel, type Stage } from './stage.ts';

const takesPictures = process.env['BACKSTOP_SCREENS'] === '1';
const german = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../media/l10n/bundle.l10n.de.json'), 'utf8'),
) as Words;
/** Every translated sentence in brackets: text outside of brackets was not translated. */
const bracketed: Words = Object.fromEntries(Object.keys(german).map(text => [text, `⟦${text}⟧`]));

suite('run panel in another language', { skip: browserMissing }, () => {
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
  });

  /** Each state on a page in this language, one after another. */
  async function onEach(
    words: Words,
    look: (panel: OpenPanel, state: (typeof stateNames)[number], told: string) => Promise<void>,
  ): Promise<void> {
    speak(translateWith(words), 'de');
    const told: string[] = [];
    stringsIn(approvalSources.commits, told);
    const states = await playStates(data => stringsIn(data, told)).finally(() => speak(plainEnglish));
    const stage: Stage = await createStage(browser, { locale: 'de', words });
    try {
      for (const state of stateNames) {
        const panel = await stage.open({ width: 1000, theme: 'dark', message: states[state] });
        try {
          await settle(panel.page);
          await look(panel, state, told.join('\n'));
          assert.deepEqual(panel.complaints, [], state);
        } finally {
          await panel.close();
        }
      }
    } finally {
      await stage.close();
    }
  }

  test('German words stay inside the page, at every width', () =>
    onEach(german, async (panel, state) => {
      const found: Record<string, readonly string[]> = {};
      for (const width of widths) {
        await panel.page.setViewportSize({ width, height: 1200 });
        await settle(panel.page);
        if (takesPictures) await takePicture(panel, `${state}-german-${width}`);
        found[`${state} ${width}`] = await stickingOut(panel.page);
      }
      assert.deepEqual(
        Object.entries(found).filter(([, list]) => list.length > 0),
        [],
      );
      assert.equal(await panel.page.locator('html').getAttribute('lang'), 'de');
    }));

  test(
    'everything that the panel says goes through the translation: the rest is a run’s own text, ' +
      'a figure or a level of a log',
    () =>
      onEach(bracketed, async (panel, state, told) => {
        const lower = told.toLowerCase(),
          own =
            /^(?:s|ms|d|h|b|kb|mb|md|cpu|[a-z]|backstop|fatal|error|warn|unknown|info|debug|trace|\.backstop\/\S+)$/;
        const left = (await wordsOfPage(panel.page))
          .map(unbracketed)
          .filter(text => /\p{L}/u.test(text) && !lower.includes(text.toLowerCase()))
          .filter(text =>
            text
              .split(/[\s,;:()…]+/)
              .some(
                word => /\p{L}/u.test(word) && !own.test(word.toLowerCase()) && !lower.includes(word.toLowerCase()),
              ),
          );
        assert.deepEqual(left, [], state);
      }),
  );

  test('a report that is exported in German is German with and without scripts', async () => {
    speak(translateWith(german), 'de');
    const page = await browser.newPage();
    try {
      const { failed } = await playStates();
      assert.ok(failed.type === 'snapshot');
      const report = reportPage({
        title: 'storefront',
        snapshot: failed.snapshot,
        script: readFileSync(join(import.meta.dirname, '../../dist/panel.js'), 'utf8'),
        nonce: 'bm9uY2U',
        language: { locale: 'de', words: german },
      });
      await page.setContent(report);
      await settle(page);
      assert.match(report, /<noscript>[^]*<h2>Einzelprüfungen<\/h2>/);
      assert.deepEqual(
        [await page.locator('backstop-checks h2').innerText(), await page.locator('backstop-timeline h2').innerText()],
        ['Einzelprüfungen', 'Zeitleiste'],
      );
    } finally {
      speak(plainEnglish);
      await page.close();
    }
  });
});

/** The text without brackets and what is inside them. */
function unbracketed(text: string): string {
  let before = text,
    rest = text.replace(/⟦[^⟦⟧]*⟧/g, '');
  while (rest !== before) [before, rest] = [rest, rest.replace(/⟦[^⟦⟧]*⟧/g, '')];
  return rest.trim();
}

function stringsIn(value: unknown, found: string[]): void {
  if (typeof value === 'string') found.push(value);
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) {
      if (/[^a-zA-Z]/.test(key)) found.push(key);
      stringsIn(inner, found);
    }
}
