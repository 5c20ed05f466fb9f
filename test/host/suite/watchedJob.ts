// A watched Jenkins job, from its build to the run. The editor checks once a minute, so other suites run in between.
import assert from 'node:assert/strict';
import { suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from './eventually.ts';
import { hookStarts } from './extension.ts';
import { withPerson } from './person.ts';
import { newRun, outcomeOf, runIds, stateOf } from './store.ts';

interface Offer {
  readonly text: string;
  readonly buttons: readonly string[];
  press(button: string | undefined): void;
}

const offers: Offer[] = [];
const { showInformationMessage } = vscode.window;
/** Longer than the interval between two checks. */
const patienceMs = 90_000;

/** A notification of a new build is answered by the test; all others by the editor. */
function keepOffers(): void {
  Object.assign(vscode.window, {
    showInformationMessage(text: string, ...rest: readonly string[]) {
      if (!/was built/.test(text))
        return (showInformationMessage as (...words: readonly unknown[]) => unknown)(text, ...rest);
      return new Promise(press => {
        offers.push({ text, buttons: rest, press });
      });
    },
  });
}

async function looks(): Promise<number> {
  return Number(await (await fetch(`${jenkins()}/looks`)).text());
}

function jenkins(): string {
  const url = process.env['BACKSTOP_TEST_JENKINS'];
  if (url === undefined) throw new Error('the suite was started without a Jenkins');
  return url;
}

async function build(version: string, result: 'SUCCESS' | 'FAILURE'): Promise<void> {
  const credential = process.env['BACKSTOP_CREDENTIAL_WATCHED_JENKINS'] ?? '';
  const answer = await fetch(`${jenkins()}/job/shop/buildWithParameters?delay=0sec`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(credential).toString('base64')}` },
    body: new URLSearchParams({ VERSION: version, RESULT: result }),
  });
  assert.equal(answer.status, 201);
}

export function newBuildSuite(): void {
  suite('New builds', () => {
    test('are made after the editor has seen what was there: a good one, and one that fails', async () => {
      keepOffers();
      await eventually('the first look', async () => (await looks()) > 0);
      await build('3.0.0', 'SUCCESS');
      await build('3.0.1', 'FAILURE');
      assert.deepEqual(offers, []);
    });
  });
}

export function watchedJobSuite(): void {
  suite('Watched job', function () {
    this.timeout(2 * patienceMs);
    suiteTeardown(() => {
      Object.assign(vscode.window, { showInformationMessage });
    });

    test('its new good build is offered, by one notification, and deploys nothing by itself', async () => {
      await eventually('the offer', () => offers.length > 0, patienceMs);
      // One check before the builds, one that found them, and one without news.
      await eventually('the third look', async () => (await looks()) > 2, patienceMs);
      assert.deepEqual(
        offers.map(({ text, buttons }) => [text, buttons]),
        [['watched 3.0.0 was built (#2 of shop). Deploy it?', ['Deploy…']]],
      );
      assert.deepEqual(
        runIds().filter(id => stateOf(id)?.service === 'watched'),
        [],
      );
    });
    test("is deployed on the click: only what will happen is asked, and the run has the build's version", async () => {
      let asked: readonly string[] = [];
      const runId = await newRun(async () => {
        const known = runIds();
        asked = await withPerson({}, async () => {
          offers[0]!.press('Deploy…');
          await eventually('the run', () => runIds().some(id => !known.includes(id)));
        });
      });
      assert.equal(asked.length, 1, asked.join('\n'));
      assert.match(asked[0]!, /Deploy watched 3\.0\.0/);
      assert.equal(await outcomeOf(runId), 'promoted');
      const { service, artifact } = stateOf(runId)!;
      assert.deepEqual(
        [service, artifact.version, artifact.build?.number, hookStarts().filter(line => line.startsWith(runId))],
        ['watched', '3.0.0', 2, [`${runId} Build work`]],
      );
    });
  });
}
