// The run panel as a person uses it: chart, table, filters, feedback and keyboard; its state, its messages, and hostile
// text.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { RunSnapshot } from '../../src/protocol/snapshot/snapshot.ts';
import { compareSnapshots } from '../../src/protocol/snapshot/patch.ts';
import type { ToPanel } from '../../src/protocol/runPanel.ts';
import { browserMissing } from './browser.ts';
import { stickingOut } from './examine.ts';
import { hostileSnapshot } from './hostile.ts';
import { settle } from './stage.ts';
import { useStage } from './stageSuite.ts';
import { playStates, shown, type StateName } from './screens.ts';
import { cancelledStory } from '../unit/terminal/stories.ts';

suite('run panel', { skip: browserMissing }, () => {
  let states: Readonly<Record<StateName, ToPanel>>;
  const { onPanel } = useStage(async () => {
    states = await playStates();
  });

  const snapshotOf = (name: StateName): RunSnapshot => {
    const message = states[name];
    assert.ok(message.type === 'snapshot');
    return message.snapshot;
  };

  test('says that it reads before it has a snapshot, and asks for one', () =>
    onPanel({ width: 1000, theme: 'dark' }, async panel => {
      assert.match(await panel.page.locator('backstop-run p').innerText(), /Reading the run/);
      assert.deepEqual(await panel.sent(), [{ type: 'ready' }]);
    }));

  test('a check whose source is silent waits for data, and its metrics are undecided', () =>
    onPanel({ width: 700, theme: 'dark', message: states['no-data'] }, async ({ page }) => {
      assert.match(await page.locator('backstop-checks .evidence').first().innerText(), /Waiting for data/);
      assert.match(await page.locator('backstop-metrics .head').innerText(), /4 undecided/);
    }));

  test('a run that ended without a verification says so', () =>
    onPanel({ width: 700, theme: 'dark', message: shown(cancelledStory) }, async ({ page }) =>
      assert.match(await page.locator('section[aria-label=Checks]').innerText(), /No verification ran\./),
    ));

  test('every risky cluster is in the table with its letter and its counts', () =>
    onPanel({ width: 1600, theme: 'dark', message: states.failed }, async ({ page }) => {
      const rows = await page.locator('backstop-clusters tbody tr').allInnerTexts();
      const risky = snapshotOf('failed').clusters.shown.filter(({ letter }) => letter !== undefined);
      assert.equal(risky.length, 4);
      for (const [index, { letter = '?', canaryCount }] of risky.entries())
        assert.match(rows[index] ?? '', new RegExp(`^${letter}[^]*\\b${canaryCount}\\b`));
    }));

  test('the chart answers a click and the keyboard, and the table follows', () =>
    onPanel({ width: 1600, theme: 'dark', message: states.failed }, async ({ page }) => {
      const canvas = page.locator('backstop-clusters canvas');
      await canvas.focus();
      await page.keyboard.press('ArrowRight');
      assert.match(await page.locator('backstop-cluster-detail h2').innerText(), /Log event B/);
      assert.match(await page.locator('tr[aria-current]').innerText(), /^B/);
      const { x, y } = snapshotOf('failed').clusters.shown[3] ?? { x: 0, y: 0 },
        box = await canvas.boundingBox();
      assert.ok(box);
      await page.mouse.click(box.x + (box.width * (x / 1.12 + 1)) / 2, box.y + (box.height * (1 - y / 1.12)) / 2);
      assert.match(await page.locator('backstop-cluster-detail h2').innerText(), /Log event D/);
      await page.locator('tr[aria-current]').focus();
      await page.keyboard.press('ArrowUp');
      assert.match(await page.locator('backstop-cluster-detail h2').innerText(), /Log event C/);
    }));

  test('the chart fills its frame at every width, and dots are where they are seen', () =>
    onPanel({ width: 600, theme: 'dark', message: states.failed }, async ({ page }) => {
      const canvas = page.locator('backstop-clusters canvas'),
        { x, y } = snapshotOf('failed').clusters.shown[3] ?? { x: 0, y: 0 };
      for (const width of [1600, 1000]) {
        await page.setViewportSize({ width, height: 1200 });
        await settle(page);
        if (width === 1000) await page.getByRole('button', { name: 'Map', exact: true }).click();
        await settle(page);
        const [drawn, frame] = await Promise.all([
          canvas.boundingBox(),
          page.locator('backstop-clusters .plot').boundingBox(),
        ]);
        assert.ok(drawn && frame);
        assert.deepEqual(
          [drawn.width, drawn.height].map(Math.round),
          [frame.width - 2, frame.height - 2].map(Math.round),
        );
        await page.keyboard.press('k');
        await canvas.scrollIntoViewIfNeeded();
        await canvas.click({
          position: { x: (drawn.width * (x / 1.12 + 1)) / 2, y: (drawn.height * (1 - y / 1.12)) / 2 },
        });
        assert.match(await page.locator('backstop-cluster-detail h2').innerText(), /Log event D/);
      }
    }));

  test('a wide panel shows what was clicked beside the list, wherever the page is', () =>
    onPanel({ width: 1600, theme: 'dark', message: states.failed }, async ({ page }) => {
      const heading = page.locator('backstop-cluster-detail h2');
      await page.setViewportSize({ width: 1600, height: 700 });
      await page.locator('.beside').evaluate(element => {
        element.scrollTop = 400;
      });
      await page.getByText('92 known log events').click();
      await page.getByText('Show 72 more of 72').click();
      await page.locator('tr[data-id]').nth(60).click();
      await settle(page);
      const box = await heading.boundingBox();
      assert.ok(box && box.y >= 0 && box.y < 60, `the heading is at ${box?.y}`);
      await page.keyboard.press('j');
      await settle(page);
      assert.match(await heading.locator('..').innerText(), /58 of 92, known/);
      assert.equal(await page.locator('tr[data-id]:focus').getAttribute('aria-current'), 'true');
    }));

  test('a narrow panel opens what was clicked below its row, and keeps both in sight', () =>
    onPanel({ width: 700, theme: 'dark', message: states.failed }, async ({ page }) => {
      const open = page.locator('.row[aria-expanded=true]'),
        placeOf = async (): Promise<number> => (await open.boundingBox())?.y ?? -1;
      await page.setViewportSize({ width: 700, height: 900 });
      await page.locator('.row').nth(3).click();
      await settle(page);
      const first = await placeOf(),
        detail = await page.locator('backstop-cluster-detail').boundingBox();
      assert.ok(first >= 0 && detail && detail.y > first && detail.y < 800, `${first}, ${detail?.y}`);
      for (const letter of ['C', 'B']) {
        await page.keyboard.press('k');
        await settle(page);
        assert.match(await page.locator('.row:focus').innerText(), new RegExp(`^${letter}`));
        const place = await placeOf();
        assert.ok(place >= 0 && place < 450, `${letter} is at ${place}`);
      }
      await open.click();
      assert.equal(await open.count(), 0);
      assert.equal(await page.locator('backstop-cluster-detail').count(), 0);
      await page.getByPlaceholder('Filter by text').fill('jk');
      assert.equal(await open.count(), 0);
    }));

  test('a frame of a stack trace links to its source if the workspace has the file', () =>
    onPanel({ width: 1600, theme: 'dark', message: states.failed }, async panel => {
      const frames = panel.page.locator('backstop-samples pre button');
      const asked = (await panel.sent()).at(-1) as { type: string; files: readonly string[] };
      assert.deepEqual(
        [asked.type, asked.files],
        [
          'find-sources',
          ['inventory/ReservationService', 'checkout/CheckoutFlow', 'checkout/CheckoutController', 'db/StockQuery'].map(
            path => `com/shop/${path}.java`,
          ),
        ],
      );
      assert.equal(await frames.count(), 0);
      await panel.show({ type: 'sources', files: asked.files.slice(3) });
      await frames.click();
      assert.equal(await frames.innerText(), 'StockQuery.java:67');
      assert.deepEqual((await panel.sent()).at(-1), { type: 'open-source', file: asked.files[3], line: 67 });
    }));

  test('one crosshair goes through the charts of all metrics, and shows their values', () =>
    onPanel({ width: 1000, theme: 'dark', message: states.failed }, async ({ page, show }) => {
      const figures = page.locator('backstop-metrics figcaption');
      assert.match(await figures.first().innerText(), /canary 212 ms\s+baseline 208 ms\s+95 % sure 206 to 218 ms/);
      await page.locator('backstop-metric-chart canvas').nth(1).focus();
      await page.locator('backstop-metric-chart').evaluateAll(charts => {
        for (const one of charts as unknown as { chart: { drawnFirst?: boolean } }[]) one.chart.drawnFirst = true;
      });
      for (let press = 0; press < 4; press += 1) await page.keyboard.press('ArrowRight');
      await settle(page);
      assert.match(await figures.first().innerText(), /95 % sure 191 to 233 ms/);
      const values = await figures.allInnerTexts();
      assert.equal(values.length, 4);
      assert.doesNotMatch(values[0] ?? '', /canary 212 ms\s+baseline 208 ms/);
      await page.keyboard.press('Escape');
      assert.match(await figures.first().innerText(), /canary 212 ms\s+baseline 208 ms/);
      // Neither the crosshair nor a message that is about something else makes a chart anew: that takes long.
      await show({ type: 'settled' });
      assert.deepEqual(
        await page
          .locator('backstop-metric-chart')
          .evaluateAll(charts =>
            (charts as unknown as { chart: { drawnFirst?: boolean } }[]).map(({ chart }) => chart.drawnFirst),
          ),
        [true, true, true, true],
      );
      assert.deepEqual(
        (await page.locator('backstop-metrics tbody tr').first().innerText())
          .split(/\s*\t\s*|\n/)
          .filter(Boolean)
          .slice(-5),
        ['212 ms', '208 ms', '+1.9 %', 'up to +10 %', '0 %'],
      );
    }));

  test('buttons tell the host what is wanted', () =>
    onPanel({ width: 1600, theme: 'dark', message: states.live }, async panel => {
      await panel.page.getByText('Roll Back…').click();
      assert.deepEqual((await panel.sent()).at(-1), { type: 'act', action: 'roll-back' });
    }));

  test('the whole panel is reached with the Tab key, in reading order', () =>
    onPanel({ width: 1600, theme: 'dark', message: states.failed }, async ({ page }) => {
      const reached: string[] = [];
      for (let press = 0; press < 60; press += 1) {
        await page.keyboard.press('Tab');
        const [part, last] = await page.evaluate(() => {
          let element = document.activeElement,
            part = '';
          while (element?.shadowRoot?.activeElement) {
            if (element.localName.startsWith('backstop-') && element.localName !== 'backstop-run')
              part ||= element.localName;
            element = element.shadowRoot.activeElement;
          }
          return [part, document.activeElement === document.body];
        });
        if (last) break;
        if (part && reached.at(-1) !== part) reached.push(String(part));
      }
      assert.deepEqual(reached, [
        'backstop-verdict',
        'backstop-stages',
        'backstop-checks',
        'backstop-clusters',
        'backstop-cluster-detail',
        'backstop-metrics',
        'backstop-timeline',
      ]);
    }));

  test('arrow keys go from node to node and say what each runs', () =>
    onPanel({ width: 1600, theme: 'dark', message: states.failed }, async ({ page }) => {
      await page.locator('.node').first().focus();
      for (const key of ['ArrowRight', 'ArrowRight', 'End']) await page.keyboard.press(key);
      assert.equal(await page.locator('.node:focus').getAttribute('aria-label'), 'prod-10 never changed');
      await page.keyboard.press('Home');
      assert.equal(await page.locator('.node:focus').getAttribute('aria-label'), 'prod-01 was rolled back');
    }));

  test('a brush lists a part of the map, kinds and text filter, and headings sort', () =>
    onPanel({ width: 1600, theme: 'dark', message: states.failed }, async ({ page }) => {
      const rows = (): Promise<readonly string[]> =>
          page.locator('backstop-clusters tbody tr td:nth-child(3)').allInnerTexts(),
        foot = page.locator('backstop-clusters .foot');
      const box = await page.locator('backstop-clusters canvas').boundingBox();
      assert.ok(box);
      await page.keyboard.down('Shift');
      await page.mouse.move(box.x + box.width * 0.8, box.y + 10);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width - 60, box.y + box.height - 10, { steps: 4 });
      await page.mouse.up();
      await page.keyboard.up('Shift');
      assert.match(await foot.innerText(), /^2 of 224 selected/);
      await page.getByText('Show all', { exact: true }).click();
      await page.getByPlaceholder('Filter by text').fill('warehouse');
      assert.equal((await rows()).length, 2);
      await page.getByPlaceholder('Filter by text').fill('');
      await page.locator('backstop-clusters .chip', { hasText: 'Unknown' }).click();
      assert.match(await foot.innerText(), /^220 of 224 shown/);
      await page.getByRole('button', { name: 'Baseline', exact: true }).click();
      assert.equal(await page.locator('th[aria-sort]').innerText(), 'Baseline');
      const counts = (await page.locator('tbody td.baseline').allInnerTexts()).map(text =>
        Number(text.replaceAll(',', '')),
      );
      assert.deepEqual(
        counts,
        counts.toSorted((one, other) => other - one),
      );
    }));

  test('a judgement asks for a reason, says what it would change, and is sent; undoing is too', () =>
    onPanel({ width: 1600, theme: 'dark', message: states.live }, async panel => {
      const { page } = panel,
        save = page.locator('backstop-feedback vscode-button'),
        told = page.locator('backstop-feedback .told');
      await page.getByRole('button', { name: 'Not a Risk', exact: true }).click();
      assert.match(
        await told.innerText(),
        /^From the next evaluation on, it no longer applies: 2 other log events remain a risk\. It can be undone\.$/,
      );
      assert.equal(await save.getAttribute('disabled'), '');
      await page.getByLabel('Reason').fill('the warehouse is being filled');
      await save.click();
      const cluster = snapshotOf('live').clusters.shown[0]?.id ?? '';
      assert.deepEqual((await panel.sent()).at(-1), {
        type: 'mark',
        cluster,
        mark: 'not-a-risk',
        reason: 'the warehouse is being filled',
      });
      await panel.show({
        type: 'marked',
        cluster,
        problem: 'The file .backstop/feedback.yaml cannot be written: no space left on the disk.',
      });
      assert.match(await told.innerText(), /no space left/);
      await panel.show(states.judged);
      assert.match(
        await page.locator('backstop-feedback .said').innerText(),
        /Not a Risk: Expected while the new warehouse is filled; issue SHOP-1183\. by lena/,
      );
      await page.locator('backstop-feedback .said vscode-button').click();
      assert.deepEqual((await panel.sent()).at(-1), {
        type: 'unmark',
        cluster: snapshotOf('judged').clusters.shown[0]?.id,
      });
    }));

  test('releases are compared in place, clusters open in the editor', () =>
    onPanel({ width: 1000, theme: 'dark', message: states.failed }, async panel => {
      const { page } = panel;
      await page.getByText('Compare Releases').click();
      assert.match(await page.locator('backstop-comparison section').innerText(), /POOL_SIZE\s+20\s+40/);
      await page.locator('backstop-comparison').getByText('View Diff').click();
      await page.getByLabel('Open in Editor').click();
      assert.deepEqual((await panel.sent()).slice(-2), [
        { type: 'act', action: 'view-diff' },
        { type: 'open-cluster', cluster: snapshotOf('failed').clusters.shown[0]?.id },
      ]);
    }));

  test('patches are drawn, and after a missed one everything is asked for again', () =>
    onPanel({ width: 1000, theme: 'dark', message: states.live }, async panel => {
      const { page } = panel,
        [patch] = compareSnapshots(snapshotOf('live'), {
          ...snapshotOf('live'),
          header: { ...snapshotOf('live').header, verdict: 'Four of them now' },
        });
      assert.ok(patch);
      await panel.show({ type: 'patch', number: 2, patch });
      assert.equal(await page.locator('h1').innerText(), 'Four of them now');
      const asked = async (): Promise<number> =>
        (await panel.sent()).filter(sent => (sent as { type: string }).type === 'ready').length;
      await panel.show({ type: 'latest', number: 2 });
      assert.equal(await asked(), 1);
      await panel.show({ type: 'latest', number: 3 });
      assert.equal(await asked(), 2, 'the last message is missing');
      await panel.show({ type: 'patch', number: 4, patch });
      assert.equal(await asked(), 3);
      assert.equal(await page.locator('h1').innerText(), 'Four of them now');
    }));

  test('what was picked, filtered and opened is there again after a reload', () =>
    onPanel({ width: 1000, theme: 'dark', message: states.failed }, async panel => {
      const { page } = panel;
      await page.locator('backstop-cluster-rows .row').nth(2).click();
      await page.getByPlaceholder('Filter by text').fill('exception');
      await page.getByText('Key events').click();
      await page.getByText('Compare Releases').click();
      await page.reload();
      await panel.show(states.failed);
      await settle(page);
      assert.deepEqual(
        [
          (await page.locator('.row[aria-expanded=true] .key').innerText()).slice(0, 1),
          await page.getByPlaceholder('Filter by text').inputValue(),
          await page.locator('backstop-timeline .chip[aria-pressed=true]').innerText(),
          await page.locator('backstop-comparison').count(),
        ],
        ['C', 'exception', 'Key events', 1],
      );
    }));

  test('hostile text shows as text, whole and inside the page', () =>
    onPanel(
      { width: 600, theme: 'dark', message: { type: 'snapshot', number: 1, snapshot: hostileSnapshot() } },
      async panel => {
        const { page } = panel;
        assert.deepEqual(await stickingOut(page), []);
        const detail = await page.locator('backstop-cluster-detail section').innerText();
        assert.ok(detail.includes('<img src=x onerror=alert(1)><script>alert(2)</script>'));
        assert.ok(!/[\u0000\u001b\u202e]/.test(detail));
        assert.match(await page.locator('backstop-samples pre').innerText(), /… 936,\d+ more characters$/);
        assert.equal(await page.locator('img').count(), 0);
      },
    ));
});
