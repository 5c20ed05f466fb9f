// A run as a report: one file without network or editor, under a strict policy, small, and readable without scripts.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, suite, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { reportPage } from '../../src/protocol/report/reportPage.ts';
import { browserMissing, startBrowser } from './browser.ts';
import { stickingOut } from './examine.ts';
import { hostileSnapshot } from './hostile.ts';
import { playStates } from './screens.ts';
import { settle } from './stage.ts';

suite('report of a run', { skip: browserMissing }, () => {
  let browser: Browser, folder: string;
  const files: Record<string, string> = {};
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'backstop-report-'));
    const [started, { demo }] = await Promise.all([startBrowser(), playStates()]);
    browser = started;
    assert.ok(demo.type === 'snapshot');
    const script = readFileSync(join(import.meta.dirname, '../../dist/panel.js'), 'utf8');
    for (const [name, snapshot] of [
      ['demo', demo.snapshot],
      ['hostile', hostileSnapshot()],
    ] as const) {
      files[name] = join(folder, `${name}.html`);
      writeFileSync(files[name], reportPage({ title: 'storefront <2.14.0>', snapshot, script, nonce: 'bm9uY2U' }));
    }
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [name, colorScheme] of [
    ['demo', 'light'],
    ['demo', 'dark'],
    ['hostile', 'dark'],
  ] as const) {
    test(
      `${name} opens from the disk without network, ${colorScheme}: ` +
        'drawn, read-only, no complaint, nothing loaded',
      async () => {
        const context = await browser.newContext({
          offline: true,
          colorScheme,
          viewport: { width: 1000, height: 1200 },
        });
        try {
          const page = await context.newPage(),
            complaints: string[] = [],
            loaded: string[] = [];
          page.on('console', message => {
            if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
          });
          page.on('pageerror', error => complaints.push(String(error)));
          page.on('dialog', dialog => {
            complaints.push(`dialog: ${dialog.message()}`);
            void dialog.dismiss();
          });
          page.on('request', request => loaded.push(request.url()));
          await page.goto(pathToFileURL(files[name] ?? '').href);
          await settle(page);
          assert.match(await page.locator('backstop-verdict h1').innerText(), /none in/);
          assert.equal(
            (await page.locator('backstop-verdict vscode-button', { hasText: /Roll Back|Run Again/ }).count()) +
              (await page.locator('backstop-feedback .choice').count()),
            0,
          );
          assert.deepEqual(
            [complaints, loaded, await stickingOut(page)],
            [[], [pathToFileURL(files[name] ?? '').href], []],
          );
        } finally {
          await context.close();
        }
      },
    );
  }

  test('the report of the demo run is smaller than 2 MB', () => {
    assert.ok(statSync(files['demo'] ?? '').size < 2_000_000, String(statSync(files['demo'] ?? '').size));
  });

  test('without scripts its facts are there as plain HTML, hostile text included', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    try {
      const page = await context.newPage();
      await page.goto(pathToFileURL(files['hostile'] ?? '').href);
      assert.match(
        await page.locator('noscript').innerText(),
        /none in 31 good deployments[^]*<img src=x onerror=alert\(1\)><script>alert\(2\)<\/script>/,
      );
      assert.equal(await page.locator('img').count(), 0);
    } finally {
      await context.close();
    }
  });
});
