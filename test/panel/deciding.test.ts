// A reviewer and an approver before the panel: the reason and everything that is needed to judge are there without
// scrolling, at each width and in each theme, and the answer is given where it is asked for.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Locator } from 'playwright-core';
import type { RunSnapshot } from '../../src/protocol/snapshot/snapshot.ts';
import { formatDuration } from '../../src/protocol/words/format.ts';
import { browserMissing } from './browser.ts';
import { writtenStates } from './screens.ts';
import { settle, type OpenPanel } from './stage.ts';
import { useStage } from './stageSuite.ts';
import { themeNames, type ThemeName } from './themes.ts';

const heights = { 700: 800, 1000: 800, 1600: 900 } as const,
  /** VS Code draws its notifications over the lowest part of a window. */
  notificationPx = 120;
const widths = [700, 1000, 1600] as const;

suite('deciding in the run panel', { skip: browserMissing }, () => {
  const states = writtenStates();
  const { onPanel } = useStage();

  const snapshotOf = (name: keyof typeof states): RunSnapshot => {
    const message = states[name];
    assert.ok(message.type === 'snapshot');
    return message.snapshot;
  };
  const showing = (
    name: keyof typeof states,
    theme: ThemeName,
    look: (panel: OpenPanel) => Promise<void>,
  ): Promise<void> => onPanel({ width: 1000, theme, message: states[name] }, look);
  /** What of these stands below the part of the window that is seen without scrolling. */
  async function belowTheFold(
    { page }: OpenPanel,
    fold: number,
    parts: Readonly<Record<string, Locator>>,
  ): Promise<readonly string[]> {
    const found: string[] = [];
    for (const [name, part] of Object.entries(parts)) {
      const box = await part.first().boundingBox();
      if (!box || box.y < 0 || box.y + box.height > fold)
        found.push(`${name} ends at ${box ? box.y + box.height : '?'}`);
    }
    assert.equal(await page.evaluate(() => window.scrollY), 0);
    return found;
  }

  for (const theme of themeNames) {
    test(`a reviewer reads why, what happens, and what can be done, without scrolling: ${theme}`, async () => {
      for (const name of ['decision', 'held', 'no-data'] as const)
        await showing(name, theme, async panel => {
          const { page } = panel,
            { header } = snapshotOf(name),
            verdict = page.locator('backstop-verdict');
          for (const width of widths) {
            await page.setViewportSize({ width, height: heights[width] });
            await settle(page);
            const parts = {
              reason: verdict.getByText(header.verdict),
              detail: verdict.getByText(header.detail ?? '?'),
              automatic: verdict.getByText(header.action),
              ...Object.fromEntries(
                header.actions.map((_, index) => [`action ${index}`, verdict.locator('vscode-button').nth(index)]),
              ),
              ...(name === 'decision' && { exceptions: page.locator('backstop-exceptions li').nth(1) }),
              ...(name === 'held' && { intervals: page.locator('backstop-outlook .intervals') }),
              ...(name === 'no-data' && { known: page.locator('backstop-outlook tbody tr').nth(1) }),
            };
            assert.deepEqual(await belowTheFold(panel, heights[width] - notificationPx, parts), [], `${name} ${width}`);
          }
        });
    });

    test(`an approver has the answer, the six facts and the changed keys without scrolling: ${theme}`, () =>
      showing('waiting', theme, async panel => {
        const { page } = panel,
          { header, comparison, approval } = snapshotOf('waiting');
        for (const width of widths) {
          await page.setViewportSize({ width, height: heights[width] });
          await settle(page);
          const parts = {
            comment: page.locator('backstop-verdict input'),
            ...Object.fromEntries(
              ['Approve', 'Reject', 'View Diff'].map(label => [
                label,
                page.locator('backstop-verdict vscode-button', { hasText: label }),
              ]),
            ),
            ...Object.fromEntries(
              header.facts.map(({ name }, index) => [name, page.locator('backstop-facts dd').nth(index)]),
            ),
            ...Object.fromEntries(
              (comparison?.files[0]?.settings ?? []).map(({ name }) => [name, page.getByText(name, { exact: true })]),
            ),
          };
          assert.equal(Object.keys(parts).length, 13);
          assert.deepEqual(await belowTheFold(panel, heights[width], parts), [], String(width));
        }
        assert.deepEqual(await page.locator('backstop-facts dd').allInnerTexts(), header.facts.map(textOf));
        assert.deepEqual(
          await page.locator('backstop-comparison tbody tr').allInnerTexts(),
          comparison?.files[0]?.settings?.map(({ name, from, to }) => [name, from, to].join('\t')),
        );
        assert.deepEqual(
          await page.locator('backstop-plan li').allInnerTexts(),
          approval?.stages[0]?.phases.map(({ label, nodes, what, took }) =>
            [label, ...nodes.map(({ short }) => short), what, took].join('\n'),
          ),
        );
        assert.deepEqual(
          (await page.locator('backstop-approvers tbody tr').allInnerTexts()).map(text => text.replace('\n', '')),
          approval?.checks.map(({ stage: name, what, nodes, took }) => [name, what, nodes, took].join('\t')),
        );
        assert.deepEqual(
          await page.locator('backstop-approvers li').allInnerTexts(),
          approval?.people.map(({ name, note }) => `${name}\n${note}`),
        );
      }));
  }

  test('what is needed never stands alone on a line: where nothing happens by itself, the reason follows it', () =>
    showing('held', 'dark', async ({ page }) => {
      const { action, detail } = snapshotOf('held').header;
      assert.deepEqual(
        (await page.locator('backstop-verdict .verdict p').allInnerTexts()).map(text => text.trim()),
        [`${action} ${detail}`],
      );
    }));

  test('a bar shows how much of the time to answer, or for data to arrive, is left', async () => {
    for (const name of ['decision', 'waiting', 'no-data'] as const)
      await showing(name, 'dark', async ({ page }) => {
        const [whole, left] = await page
          .locator('backstop-verdict .bar rect')
          .evaluateAll(bars => bars.map(one => one.getBoundingClientRect().width));
        const { leftShare = 0 } = snapshotOf(name).header;
        assert.ok(whole && left && leftShare > 0.01 && leftShare < 0.999, name);
        assert.ok(Math.abs(left / whole - leftShare) < 0.02, name);
      });
    await showing('live', 'dark', async ({ page }) => {
      assert.equal(await page.locator('backstop-verdict .bar').count(), 0);
    });
  });

  test('without data, each source says of each node since when it is silent', () =>
    showing('no-data', 'dark', async ({ page }) => {
      const { known } = snapshotOf('no-data').outlook ?? {};
      assert.ok(known);
      assert.deepEqual(
        (await page.locator('backstop-outlook tr').allInnerTexts()).map(text => text.split(/\s*\t\s*/)),
        [
          ['Source', ...known.columns],
          ...known.rows.map(({ source, cells }) => [source, ...cells.map(({ text }) => text)]),
        ],
      );
      assert.equal(await page.locator('backstop-outlook td svg.warn').count(), 4);
      assert.equal(await page.locator('backstop-outlook .lanes svg').count(), 3);
      assert.equal(await page.locator('backstop-outlook .lanes rect').count(), 2, 'nothing since then');
    }));

  test('on hold, each interval of the undecided check is drawn as what it said', () =>
    showing('held', 'light', async ({ page }) => {
      const { why } = snapshotOf('held').outlook ?? {};
      assert.ok(why);
      assert.deepEqual(
        await page
          .locator('backstop-outlook .strip i')
          .evaluateAll(marks => marks.map(one => ({ kind: one.className, text: (one as HTMLElement).title }))),
        why.intervals,
      );
      assert.equal(
        await page.locator('backstop-outlook .strip').getAttribute('aria-label'),
        `${why.title}: ${why.summary}`,
      );
    }));

  test('new log events stand in columns on a wide panel, and in two lines on a narrow one', () =>
    showing('decision', 'dark', async ({ page }) => {
      const rows = page.locator('backstop-exceptions button.row');
      const placesAt = async (width: number): Promise<readonly number[]> => {
        await page.setViewportSize({ width, height: 900 });
        await settle(page);
        return rows.evaluateAll(all => all.map(row => row.querySelector('.nodes')?.getBoundingClientRect().left ?? 0));
      };
      assert.equal(await page.locator('backstop-exceptions .heads').isVisible(), false);
      const left = await placesAt(1600),
        head = await page.locator('backstop-exceptions .heads span', { hasText: 'Nodes' }).boundingBox();
      assert.deepEqual([...new Set(left.map(Math.round))], [Math.round(head?.x ?? 0)], 'nodes stand below their head');
      assert.equal(await rows.first().locator('svg.minutes').isVisible(), true);
      assert.match(await rows.first().innerText(), /5 lines/);
    }));

  test('the line of confidence is red from the limit on, and not before', async () => {
    for (const [name, isRed] of [
      ['live', false],
      ['failed', true],
    ] as const)
      await showing(name, 'light', async ({ page }) => {
        const [line] = await page
          .locator('backstop-checks path.line:not(.ahead)')
          .evaluateAll(lines => lines.map(one => getComputedStyle(one).stroke));
        const [red, blue] = await page.evaluate(() =>
          ['red', 'blue'].map(color => {
            const probe = document.createElement('i');
            probe.style.color = `var(--vscode-charts-${color})`;
            document.body.append(probe);
            return getComputedStyle(probe).color;
          }),
        );
        assert.equal(line, isRed ? red : blue, name);
      });
  });

  test('a countdown is drawn every second, and announced when it begins, at five minutes, at one and at its end', () =>
    showing('decision', 'dark', async panel => {
      const { page } = panel,
        snapshot = snapshotOf('decision'),
        said = page.locator('backstop-verdict [role=status]');
      const tellLeft = async (leftMs: number): Promise<readonly [drawn: string, announced: string]> => {
        const clock = formatDuration(leftMs),
          action = `Action needed. Rolls back automatically at 14:28 (${clock} left).`;
        const header = { ...snapshot.header, action, leftMs };
        await panel.show({ type: 'snapshot', number: 9, snapshot: { ...snapshot, header } });
        assert.equal(await page.locator('backstop-verdict .verdict .strong').innerText(), 'Action needed.');
        const left = (text: string | null): string => /\((.*) left\)/.exec(text ?? '')?.[1] ?? '';
        return [left(await page.locator('backstop-verdict .verdict').innerText()), left(await said.textContent())];
      };
      assert.deepEqual(await tellLeft(892_000), ['14:52', '14:52']);
      assert.deepEqual(await tellLeft(891_000), ['14:51', '14:52']);
      assert.deepEqual(await tellLeft(300_000), ['5:00', '5:00']);
      assert.deepEqual(await tellLeft(299_000), ['4:59', '5:00']);
      assert.deepEqual(await tellLeft(60_000), ['1:00', '1:00']);
      assert.deepEqual(await tellLeft(59_000), ['59 s', '1:00']);
      assert.deepEqual(await tellLeft(0), ['0 s', '0 s']);
    }));

  test('an approval is given with its comment, once, and the buttons say so until the run has reacted', () =>
    showing('waiting', 'dark', async panel => {
      const { page } = panel,
        button = (label: string): Locator => page.locator('backstop-verdict vscode-button', { hasText: label });
      await page.getByLabel('Comment (optional, kept with the run)').fill(' Reviewed ');
      await button('Approve').click();
      await button('Approving…').click();
      await button('Reject').click();
      assert.deepEqual((await panel.sent()).slice(1), [
        { type: 'answer', answer: 'approve', question: 'q1', comment: 'Reviewed' },
      ]);
      assert.deepEqual(
        [await button('Approving…').getAttribute('aria-busy'), await button('Reject').getAttribute('aria-disabled')],
        ['true', 'true'],
      );
      await panel.show({ type: 'settled' });
      await button('Reject').click();
      assert.deepEqual((await panel.sent()).at(-1), {
        type: 'answer',
        answer: 'reject',
        question: 'q1',
        comment: 'Reviewed',
      });
    }));

  test('a comment that the pipeline requires is asked for in its field', () =>
    showing('waiting', 'dark', async panel => {
      const { page } = panel,
        { approval, ...rest } = snapshotOf('waiting');
      assert.ok(approval);
      await panel.show({
        type: 'snapshot',
        number: 9,
        snapshot: { ...rest, approval: { ...approval, commentRequired: true } },
      });
      await page.locator('backstop-verdict vscode-button', { hasText: 'Approve' }).click();
      assert.equal(await page.locator('backstop-verdict [role=alert]').innerText(), 'A comment is required.');
      assert.equal((await panel.sent()).length, 1);
    }));

  test("an older run's panel names the newer run and opens it, and goes to the runs around it", () =>
    showing('superseded', 'light', async panel => {
      const { page } = panel;
      assert.match(await page.locator('backstop-banner div').innerText(), /^Superseded by #129 \(2\.14\.1, promoted\)/);
      assert.equal(await page.locator('backstop-verdict vscode-button[appearance=primary]').count(), 0);
      await page.getByText('Open #129').click();
      await page.getByLabel('Previous Run: #127 (2.13.2, promoted)').click();
      await page.getByLabel('Next Run: #129 (2.14.1, promoted)').click();
      assert.deepEqual(
        (await panel.sent()).flatMap(sent => (sent as { action?: string }).action ?? []),
        ['open-latest', 'open-previous', 'open-next'],
      );
    }));
});

function textOf({ value, more }: RunSnapshot['header']['facts'][number]): string {
  return [value, more].filter(Boolean).join(' ');
}
