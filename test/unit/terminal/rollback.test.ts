// Rollback by hand: the difference first, then a yes, then the run; and the lists that help to choose.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Build } from '../../../src/model/ports.ts';
import { backstop, FakeStream } from './fakes.ts';
import type { SessionOptions } from './fakes.ts';
import { assertGolden } from './golden.ts';
import { failedHookStory, newRelease, oldRelease, promotedStory, rolledBackStory, startMs } from './stories.ts';
import { createWorkspace } from './workspace.ts';

const entry = { service: 'storefront', environment: 'production', runId: 'run-1' };
const world: SessionOptions = {
  releases: [oldRelease, newRelease],
  ledger: [
    { ...entry, release: oldRelease.id, standing: 'verified', at: startMs - 86_400_000 },
    { ...entry, release: newRelease.id, standing: 'verified', at: startMs },
  ],
  nodes: ['prod-01', 'prod-02'].map(node => ({ node, release: newRelease.id, sinceMs: startMs })),
  story: rolledBackStory,
};
const words = ['rollback', 'storefront', '--environment', 'production'];

suite('rollback', () => {
  test('shows artifact and configuration, from and to, before it acts', async context => {
    const { out, status, asked } = await backstop([...words, '--yes'], { ...world, cwd: createWorkspace(context) });
    assertGolden('rollback', out.split('\n').slice(0, 6).join('\n'));
    assert.equal(status, 0);
    assert.deepEqual(
      (asked as { environment: string; to: string }[]).map(({ environment, to }) => [environment, to]),
      [['production', oldRelease.id]],
    );
  });

  test('without a terminal and without --yes does nothing', async context => {
    const { err, status, asked } = await backstop(words, { ...world, cwd: createWorkspace(context) });
    assert.match(err, /A rollback without a terminal to ask on needs --yes\./);
    assert.deepEqual([status, asked], [3, []]);
  });

  for (const [answer, status, acts] of [
    ['y\n', 0, true],
    ['yes\n', 0, true],
    ['n\n', 3, false],
    ['\n', 3, false],
    ['', 3, false],
  ] as const) {
    test(
      `on a terminal the answer ${JSON.stringify(answer)} ` + `${acts ? 'rolls back' : 'does nothing'}`,
      async context => {
        const session = await backstop(words, {
          ...world,
          cwd: createWorkspace(context),
          stdout: new FakeStream({ tty: true }),
          input: answer,
          inputIsTerminal: true,
        });
        assert.match(session.out, /Roll back now\? \[y\/N\] /);
        assert.deepEqual([session.status, session.asked.length], [status, acts ? 1 : 0]);
      },
    );
  }

  test('Ctrl-C at the question does nothing', async context => {
    const stdout = new FakeStream({ tty: true });
    let interrupt = (): void => undefined;
    stdout.onWrite = () => {
      if (stdout.text.includes('[y/N]')) setImmediate(() => interrupt());
    };
    const session = await backstop(words, {
      ...world,
      cwd: createWorkspace(context),
      stdout,
      inputIsTerminal: true,
      input: '',
      hands: hands => {
        ({ interrupt } = hands);
      },
    });
    assert.deepEqual([session.status, session.asked], [3, []]);
  });

  for (const given of [oldRelease.id, 'aaaa', '2.13.2']) {
    test(`--to takes ${given}`, async context => {
      const { asked } = await backstop([...words, '--yes', '--to', given], { ...world, cwd: createWorkspace(context) });
      assert.equal((asked as { to: string }[])[0]?.to, oldRelease.id);
    });
  }

  test('a release that nobody knows, an environment that is not there, nothing to go back to', async context => {
    const cwd = createWorkspace(context);
    assert.match((await backstop([...words, '--yes', '--to', '9'], { ...world, cwd })).err, /There is no release "9"/);
    assert.match(
      (await backstop(['rollback', '-e', 'prodution'], { ...world, cwd })).err,
      /no environment "prodution"\. Did you mean production\?/,
    );
    assert.match(
      (await backstop(['rollback'], { ...world, cwd })).err,
      /--environment is required\.\n {2}Environments of storefront: staging, production\./,
    );
    assert.match(
      (await backstop([...words, '--yes'], { ...world, cwd, ledger: [] })).err,
      /production has no earlier working release/,
    );
    const [verified] = world.ledger!;
    const nodes = [{ node: 'prod-01', release: oldRelease.id, sinceMs: startMs }];
    assert.match(
      (await backstop([...words, '--yes'], { ...world, cwd, nodes, ledger: [verified!] })).err,
      /no earlier working release to go back to\.\n {2}As far as Backstop knows, its nodes run 2\.13\.2\. If some run another version, --to 2\.13\.2 restores it on them\./,
    );
  });

  for (const [what, standing, newest] of [
    ['a rollback that reached only some nodes is finished', 'failed', oldRelease.id],
    ['of two working releases the one before the newest deployed is restored', 'verified', newRelease.id],
  ] as const)
    test(`${what}, where nodes run several releases`, async context => {
      const other = newest === oldRelease.id ? newRelease.id : oldRelease.id;
      const [verified, second] = world.ledger!;
      const { asked, err, out } = await backstop([...words, '--yes'], {
        ...world,
        cwd: createWorkspace(context),
        ledger: [{ ...verified!, release: 'older-release', at: 1 }, verified!, { ...second!, standing }],
        nodes: [
          { node: 'prod-01', release: newest, sinceMs: startMs + 1 },
          { node: 'prod-02', release: other, sinceMs: startMs },
        ],
      });
      assert.equal((asked as { to: string }[])[0]?.to, oldRelease.id, err);
      assert.match(out, /2\.14\.0[^\n]*2\.13\.2/);
    });

  test('a rollback that fails ends with 1', async context => {
    assert.equal(
      (await backstop([...words, '--yes'], { ...world, cwd: createWorkspace(context), story: failedHookStory })).status,
      1,
    );
  });
});

suite('releases and adopt', () => {
  test('releases lists each with its standing, newest first, and which is the last working one', async context => {
    const { out } = await backstop(['releases'], { ...world, cwd: createWorkspace(context) });
    assertGolden('releases', out);
    const { environments } = JSON.parse(
      (await backstop(['releases', 'storefront', '--json'], { ...world, cwd: createWorkspace(context) })).out,
    ) as { environments: { lastWorking: string; releases: { version: string; nodes: string[] }[] }[] };
    assert.deepEqual(
      environments.map(({ lastWorking, releases }) => [
        lastWorking,
        releases.map(({ version, nodes }) => [version, nodes]),
      ]),
      [
        [
          newRelease.id,
          [
            ['2.14.0', ['prod-01', 'prod-02']],
            ['2.13.2', []],
          ],
        ],
      ],
    );
  });

  test('builds lists what can be deployed, with the reason where it cannot', async context => {
    const builds: readonly Build[] = [
      {
        artifact: { version: '2.15.0', build: { job: 'shop', number: 9, url: '' } },
        standing: 'failed',
        result: 'FAILURE',
        startedAtMs: Date.UTC(2026, 10, 23, 14),
        durationMs: 61_000,
        refused: 'Build 9 of shop ended as FAILURE.',
      },
      { artifact: { version: '2.14.0' }, standing: 'passed' },
      { artifact: { version: '2.13.2' }, standing: 'passed' },
    ];
    const cwd = createWorkspace(context);
    const session = await backstop(['builds', '--limit', '2'], { builds, cwd });
    assert.deepEqual([session.status, session.err], [0, '']);
    assertGolden('builds', session.out);
    const json = await backstop(['builds', '--json'], { builds, cwd });
    assert.deepEqual(JSON.parse(json.out), builds);
    assert.equal((await backstop(['builds'], { cwd })).out, 'There is none yet.\n');
  });

  test('adopt records each environment that is named', async context => {
    const { out, asked, status } = await backstop(
      ['adopt', '-e', 'staging', '-e', 'production', '--version', '2.13.2'],
      { cwd: createWorkspace(context) },
    );
    assert.deepEqual(
      (asked as { environment: string; version: string }[]).map(({ environment, version }) => [environment, version]),
      [
        ['staging', '2.13.2'],
        ['production', '2.13.2'],
      ],
    );
    assert.match(
      out,
      /^staging: 2\.13\.2 is recorded as working, not checked, as there is no check hook \(release aaaaaaaaaaaa, configuration c0ffee00c0ff\)\./,
    );
    assert.equal(status, 0);
  });
});

suite('run --from and resume', () => {
  const runs = [
    { id: 'run-7', number: 7, events: failedHookStory },
    { id: 'run-8', number: 8, events: promotedStory },
  ];

  test('--from repeats the newest failed run of the pipeline', async context => {
    const { asked } = await backstop(['run', '--version', '2', '--from', 'production'], {
      cwd: createWorkspace(context),
      runs,
      story: promotedStory,
    });
    assert.deepEqual((asked as { from: object }[])[0]?.from, { stage: 'Production', runId: 'run-7' });
  });
  test('--run names another one', async context => {
    const { asked } = await backstop(['run', '--version', '2', '--from', 'Test', '--run', '#8'], {
      cwd: createWorkspace(context),
      runs,
      story: promotedStory,
    });
    assert.deepEqual((asked as { from: object }[])[0]?.from, { stage: 'Test', runId: 'run-8' });
  });
  test('an unknown stage, no failed run, --run alone', async context => {
    const cwd = createWorkspace(context);
    assert.match(
      (await backstop(['run', '--from', 'Prduction'], { cwd, runs })).err,
      /no stage "Prduction"\. Did you mean Production\?/,
    );
    assert.match(
      (await backstop(['run', '--from', 'Dev'], { cwd })).err,
      /There is no failed run of storefront to repeat\./,
    );
    assert.match((await backstop(['run', '--run', '8'], { cwd, runs })).err, /--run says which run --from repeats/);
  });
  test('resume takes up what has not ended, and refuses what has', async context => {
    const cwd = createWorkspace(context);
    const { asked, out, status } = await backstop(['resume', '9'], {
      cwd,
      runs: [{ id: 'run-9', number: 9, events: rolledBackStory.slice(0, -4) }],
      story: rolledBackStory,
    });
    assert.deepEqual(
      [asked, status],
      [[{ runId: 'run-9', pipeline: 'storefront', by: { name: 'maria', via: 'cli' } }], 1],
    );
    assert.match(
      out,
      /^14:13:45 {2}Production: verified healthy by 2 checks, 2\.13\.2 and its configuration are restored {2}\+21 s\n/,
    );
    assert.match(out, /Details: backstop show 9\n$/);
    assert.match((await backstop(['resume', '8'], { cwd, runs })).err, /Run #8 has ended: promoted\./);
  });
});
