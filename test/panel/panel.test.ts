// The run panel as a person sees it: every state in four themes at three widths, the same facts in chart and table, and hostile text as text.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { RunSnapshot } from '../../src/protocol/snapshot.ts';
import { snapshotRun } from '../../src/protocol/snapshot.ts';
import { cluster, quality, rolledBackStory } from '../unit/terminal/stories.ts';
import { createStage, type OpenPanel, type Stage } from './stage.ts';
import { playStates, takePicture, widths, type StateName } from './screens.ts';
import { themeNames } from './themes.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const skip = !executablePath ? 'Chromium is not installed' : !existsSync(new URL('../../dist/panel.js', import.meta.url)) ? 'dist/panel.js is not built' : false;

suite('run panel', { skip }, () => {
  let browser: Browser, stage: Stage, states: Readonly<Record<StateName, RunSnapshot>>;
  before(async () => {
    [browser, states] = await Promise.all([chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox', '--disable-gpu'] }), playStates()]);
    stage = await createStage(browser);
  });
  after(async () => { await stage?.close(); await browser?.close(); });

  /** At most one page at a time; what the browser complained of fails the test. */
  async function onPanel(options: Parameters<Stage['open']>[0], look: (panel: OpenPanel) => Promise<void>): Promise<void> {
    const panel = await stage.open(options);
    try {
      await look(panel);
      assert.deepEqual(panel.complaints, []);
    } finally { await panel.close(); }
  }

  for (const state of ['failed', 'live', 'waiting', 'healthy', 'held'] as const) for (const theme of themeNames) for (const width of widths) {
    test(`${state}, ${theme}, ${width} px: nothing sticks out, nothing complains`, () => onPanel({ width, theme, snapshot: states[state] }, async panel => {
      await takePicture(panel, `${state}-${theme}-${width}`);
      assert.deepEqual(await stickingOut(panel.page), []);
    }));
  }

  test('says that it reads before it has a snapshot, and asks for one', () => onPanel({ width: 1000, theme: 'dark' }, async panel => {
    await takePicture(panel, 'reading-dark-1000');
    assert.match(await panel.page.locator('backstop-run p').innerText(), /Reading the run/);
    assert.deepEqual(await panel.sent(), [{ type: 'ready' }]);
  }));

  test('every risky cluster is in the table with its letter and its counts', () => onPanel({ width: 1600, theme: 'dark', snapshot: states.failed }, async ({ page }) => {
    const rows = await page.locator('tbody tr').allInnerTexts();
    const risky = states.failed.clusters.shown.filter(({ letter }) => letter !== undefined);
    assert.equal(risky.length, 4);
    for (const [index, { letter = '?', canaryCount }] of risky.entries()) assert.match(rows[index] ?? '', new RegExp(`^${letter}[^]*\\b${canaryCount}\\b`));
  }));

  test('the chart answers a click and the keyboard, and the table follows', () => onPanel({ width: 1600, theme: 'dark', snapshot: states.failed }, async ({ page }) => {
    const canvas = page.locator('canvas');
    await canvas.focus();
    await page.keyboard.press('ArrowRight');
    assert.match(await page.locator('backstop-cluster-detail h2').innerText(), /Cluster B/);
    assert.match(await page.locator('tr[aria-current]').innerText(), /^B/);
    const { x, y } = states.failed.clusters.shown[3] ?? { x: 0, y: 0 }, box = await canvas.boundingBox();
    assert.ok(box);
    await page.mouse.click(box.x + box.width * (x / 1.12 + 1) / 2, box.y + box.height * (1 - y / 1.12) / 2);
    assert.match(await page.locator('backstop-cluster-detail h2').innerText(), /Cluster D/);
    await page.locator('tr[aria-current]').focus();
    await page.keyboard.press('ArrowUp');
    assert.match(await page.locator('backstop-cluster-detail h2').innerText(), /Cluster C/);
  }));

  test('buttons tell the host what is wanted', () => onPanel({ width: 1600, theme: 'dark', snapshot: states.live }, async panel => {
    await panel.page.getByText('Roll Back…').click();
    assert.deepEqual(await panel.sent(), [{ type: 'ready' }, { type: 'act', action: 'roll-back' }]);
  }));

  test('hostile text shows as text, whole and inside the page', () => onPanel({ width: 600, theme: 'dark', snapshot: hostileSnapshot() }, async panel => {
    const { page } = panel;
    await takePicture(panel, 'hostile-dark-600');
    assert.deepEqual(await stickingOut(page), []);
    const detail = await page.locator('backstop-cluster-detail section').innerText();
    assert.ok(detail.includes('<img src=x onerror=alert(1)><script>alert(2)</script>'));
    assert.ok(!/[\u0000\u001b\u202e]/.test(detail));
    assert.match(detail, /936,\d+ more characters|more characters/);
    assert.equal(await page.locator('img').count(), 0);
  }));
});

function hostileSnapshot(): RunSnapshot {
  const text = '<img src=x onerror=alert(1)><script>alert(2)</script>\u0000\u001b[31m red \u202etxt.exe <svg onload=alert(3)>';
  const events = rolledBackStory.map(event => event.type !== 'verification-finished' || event.report.outcome !== 'fail' ? event : { ...event, report: { ...event.report, checks: [
    { ...quality('fail', 24), clusters: [cluster(text, { key: 'h', nodes: { [text]: 3 }, samples: { canary: [`${text}\n${'x'.repeat(1_000_000)}`], baseline: [] } }), cluster('y'.repeat(5000), { key: 'long' })] }] } });
  const snapshot = snapshotRun('run', events, 0);
  assert.ok(snapshot);
  return snapshot;
}

/** Elements, in every shadow tree, that reach beyond the page or hold text wider than themselves. */
function stickingOut(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [], width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) found.push(`page ${document.documentElement.scrollWidth} > ${width}`);
    const search = (root: Document | ShadowRoot): void => root.querySelectorAll('*').forEach(element => {
      if (element.shadowRoot) search(element.shadowRoot);
      const box = element.getBoundingClientRect(), hidden = getComputedStyle(element).clipPath !== 'none' || element.closest('.out');
      if (!hidden && box.width > 0 && (box.right > width + 0.5 || box.left < -0.5)) found.push(`${element.localName}.${element.getAttribute('class') ?? ''} ${Math.round(box.left)}..${Math.round(box.right)}`);
    });
    search(document);
    return found.slice(0, 5);
  });
}
