// What machines read: JSON lines of a run, the verdict on two log files, CSV of templates, and the exit statuses.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { fail, succeed } from '../../../src/model/failure.ts';
import type { GroupedLines } from '../../../src/model/runs/engine.ts';
import type { LogLine } from '../../../src/model/evidence/evidence.ts';
import type { SourceCheck } from '../../../src/model/evidence/sourceCheck.ts';
import type { Outcome } from '../../../src/model/evidence/verdict.ts';
import { csvRow } from '../../../src/terminal/show/csv.ts';
import { backstop, FakeStream } from './fakes.ts';
import type { SessionOptions } from './fakes.ts';
import { failedHookStory, heldStory, promotedStory, quality, rolledBackStory } from './stories.ts';
import { createWorkspace } from './workspace.ts';

suite('check-sources', () => {
  const failure = (kind: 'not-found' | 'timeout') =>
    fail(kind, 'Node web-9 of production is unknown.', { hint: 'Check its name.' }).failure;
  const check = (...problems: SourceCheck['problems']): SourceCheck => ({
    kind: 'logs',
    name: 'quality',
    connection: 'sumo',
    url: 'https://api.example',
    tookMs: 1200,
    queries: ['_sourceCategory=shop'],
    nodes: [{ environment: 'production', found: ['web-1'], missing: problems.length ? ['web-9'] : [] }],
    sampleLines: [{ atMs: 0, node: 'web-1', text: 'INFO \u001b[31mhostile' }],
    samplePoints: [{ metric: 'p95', node: 'web-1', atMs: 0, value: 0.25 }],
    problems,
  });
  const checking = (found: SourceCheck) => ({
    checkSources: (_pipeline: unknown, onCheck: (one: SourceCheck) => void) => {
      onCheck(found);
      return Promise.resolve([found]);
    },
  });

  test('its exit status tells what does not resolve from what could not be asked', async context => {
    const cwd = createWorkspace(context);
    const statuses = await Promise.all(
      [
        [],
        [{ kind: 'notice', failure: failure('not-found') }],
        [{ kind: 'unknown', failure: failure('timeout') }],
        [{ kind: 'missing', failure: failure('not-found') }],
      ].map(
        async problems =>
          (await backstop(['check-sources'], { cwd, over: checking(check(...(problems as SourceCheck['problems']))) }))
            .status,
      ),
    );
    assert.deepEqual(statuses, [0, 0, 2, 3]);
  });

  test('it prints a source with its problems, nodes, samples and queries, or one line of JSON', async context => {
    const cwd = createWorkspace(context);
    const found = check({ kind: 'missing', failure: failure('not-found') });
    const shown = await backstop(['check-sources'], { cwd, over: checking(found) });
    assert.equal(
      shown.out.replaceAll(/\d\d:\d\d:\d\d/g, 'HH:MM:SS'),
      [
        '✗ quality (logs, sumo, https://api.example), 1.2 s',
        '  Node web-9 of production is unknown. Check its name.',
        '  production: 1 of 2 nodes seen (web-1); not seen: web-9',
        '  p95: web-1 0.25 at HH:MM:SS',
        '  HH:MM:SS web-1: INFO hostile',
        '  _sourceCategory=shop',
        '',
        '',
      ].join('\n'),
    );
    const forecasts = [
      { metrics: [{ metric: 'p95', durationMs: 600_000, smallestChange: 0.3, change: 0.1, neededMs: 5_400_000 }] },
      { metrics: [] },
      { metrics: [], failure: failure('timeout') },
    ];
    const compared = await backstop(['check-sources'], {
      cwd,
      over: {
        ...checking(check()),
        comparisons: () =>
          Promise.resolve(
            forecasts.map((forecast, k) => ({
              ...{
                stage: 'Production',
                phase: k + 1,
                of: 3,
                canaryNodes: k === 1 ? [] : ['web-1'],
                durationMs: 600_000,
                forecast,
              },
              ...{ baselineNodes: k < 2 ? ['web-2', 'web-3'] : [], sources: ['quality'] },
            })),
          ),
      },
    });
    assert.deepEqual(compared.out.split('\n').slice(-7), [
      'Production, phase 1 of 3, verified for 10:00 by quality: compares web-1 with web-2 and web-3',
      '  in 10:00, only a change of p95 by 30 % or more can be detected; detecting 10 % takes 1:30:00',
      'Production, phase 2 of 3, verified for 10:00 by quality: compares the new release with web-2 and web-3',
      '  no forecast: the values of its metrics before now are not known',
      'Production, phase 3 of 3, verified for 10:00 by quality: compares web-1 with the time before, since no node ' +
        'keeps the old release',
      '  no forecast: Node web-9 of production is unknown.',
      '',
    ]);
    const machine = await backstop(['check-sources', '--json'], { cwd, over: checking(found) });
    assert.deepEqual([JSON.parse(machine.out), machine.status], [found, 3]);
  });
});

suite('run --json', () => {
  for (const [story, outcome, status] of [
    [rolledBackStory, 'rolled-back', 1],
    [promotedStory, 'promoted', 0],
    [heldStory, 'held', 2],
    [failedHookStory, 'failed', 1],
  ] as const) {
    test(`prints every event and last that it ended ${outcome}`, async context => {
      const session = await backstop(['run', '--version', '2.14.0', '--json'], {
        cwd: createWorkspace(context),
        story,
      });
      const lines = session.out
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line) as unknown);
      assert.deepEqual(lines, [
        ...story.map(event => ({ runId: 'run-128', event })),
        { runId: 'run-128', number: 128, outcome, exitStatus: status },
      ]);
      assert.deepEqual([session.status, session.err], [status, '']);
    });
  }

  test('a run that cannot start prints nothing for machines and says why', async context => {
    const cwd = createWorkspace(context);
    const start = (kind: 'refused' | 'unreachable') => () =>
      Promise.resolve(fail(kind, 'production is busy with run #11.', { hint: 'Wait for it.' }));
    const refused = await backstop(['run', '--version', '1', '--json'], { cwd, over: { start: start('refused') } });
    assert.deepEqual(
      [refused.status, refused.out, refused.err, refused.closed],
      [3, '', 'backstop: production is busy with run #11.\n  Wait for it.\n', true],
    );
    assert.equal((await backstop(['run', '--version', '1'], { cwd, over: { start: start('unreachable') } })).status, 2);
  });

  test('when the reader goes away the run goes on to its end', async context => {
    const stdout = new FakeStream();
    stdout.onWrite = () => {
      stdout.onWrite = undefined;
      stdout.emit('error', Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
    };
    const session = await backstop(['run', '--version', '1', '--json'], {
      cwd: createWorkspace(context),
      story: promotedStory,
      stdout,
    });
    assert.equal(session.status, 0);
    assert.equal(session.out.split('\n').length, 2);
  });
});

async function* batches<T>(...items: readonly T[]): AsyncGenerator<readonly T[]> {
  for (const item of items) yield await Promise.resolve([item]);
}

async function* chunks(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from('a\nb\n'));
}

const logFile: Partial<SessionOptions> = {
  files: {
    openLogBytes: () => Promise.resolve(succeed(chunks())),
    openLogFile: (_path, node) => Promise.resolve(succeed(batches<LogLine>({ atMs: 0, node, text: 'x' }))),
  },
};

suite('verify', () => {
  const judge = (outcome: Outcome): Partial<SessionOptions> => ({
    ...logFile,
    logAnalysis: () =>
      Promise.resolve(
        succeed({
          compareLogs: () => Promise.resolve(succeed(quality(outcome, 24.6))),
          groupLines: () => Promise.resolve(fail('invalid', 'no')),
          close: () => Promise.resolve(),
        }),
      ),
  });
  const words = ['verify', '--baseline-logs', 'a.log', '--canary-logs', 'b.log'];

  for (const [outcome, status] of [
    ['pass', 0],
    ['fail', 1],
    ['inconclusive', 2],
  ] as const) {
    test(`of ${outcome} ends with ${status}, in words and in JSON, without opening the store`, async () => {
      const said = await backstop(words, judge(outcome));
      const machine = await backstop([...words, '--json'], judge(outcome));
      assert.deepEqual(
        [said.status, machine.status, (JSON.parse(machine.out) as { verdict: string }).verdict, said.engineOpened],
        [status, status, outcome, false],
      );
    });
  }

  test('in JSON has verdict, reasons with a sentence, and clusters as the benchmarks read them', async () => {
    const { out } = await backstop([...words, '--json'], judge('fail'));
    const { verdict, reasons, clusters } = JSON.parse(out) as {
      verdict: string;
      reasons: unknown[];
      clusters: unknown[];
    };
    assert.deepEqual(
      [verdict, reasons, clusters[0], clusters[4]],
      [
        'fail',
        [
          {
            code: 'unknown-clusters',
            values: { clusters: 4, lines: 12, nodes: 2, deployments: 31 },
            sentence: '4 new log events on 2 canary nodes: 12 lines, none in 31 good deployments',
          },
        ],
        {
          class: 'unknown',
          template: 'InventoryReservationException: no stock row for sku <*> in warehouse <*>',
          severity: 'error',
          baselineCount: 0,
          canaryCount: 5,
        },
        { class: 'known', template: 'GET <*> 200 <*> ms', severity: 'info', baselineCount: 2431, canaryCount: 604 },
      ],
    );
  });

  test('of a file that is none is one clear message and 3', async () => {
    const { status, out, err } = await backstop(words, {
      ...judge('pass'),
      files: {
        openLogBytes: () => Promise.resolve(fail('invalid', '')),
        openLogFile: path => Promise.resolve(fail('invalid', `"${path}" is not a text file.`)),
      },
    });
    assert.deepEqual([status, out, err], [3, '', 'backstop: "a.log" is not a text file.\n']);
  });
});

suite('templates', () => {
  const grouped = (value: GroupedLines): Partial<SessionOptions> => ({
    ...logFile,
    logAnalysis: () =>
      Promise.resolve(
        succeed({
          compareLogs: () => Promise.resolve(fail('invalid', 'no')),
          groupLines: () => Promise.resolve(succeed(value)),
          close: () => Promise.resolve(),
        }),
      ),
  });

  test('prints a row for every line, quoted as RFC 4180 asks', async () => {
    const { out, status, engineOpened } = await backstop(
      ['templates', 'a.log'],
      grouped({ groups: [0, 1, 0], templates: ['GET <*>, "quick"', 'trace\n\tat <*>'] }),
    );
    assert.equal(
      out,
      'LineId,GroupId,Template\r\n1,0,"GET <*>, ""quick"""\r\n2,1,"trace\n\tat <*>"\r\n3,0,"GET <*>, ""quick"""\r\n',
    );
    assert.deepEqual([status, engineOpened], [0, false]);
  });
  test('of an empty file is the header alone', async () => {
    assert.equal(
      (await backstop(['templates', '-'], grouped({ groups: [], templates: [] }))).out,
      'LineId,GroupId,Template\r\n',
    );
  });
  test('stops when the reader goes away', async () => {
    const stdout = new FakeStream();
    stdout.onWrite = () => {
      stdout.onWrite = undefined;
      stdout.emit('error', Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
    };
    const { status, out } = await backstop(['templates', 'a.log'], {
      ...grouped({ groups: Array<number>(10_000).fill(0), templates: ['x'] }),
      stdout,
    });
    assert.equal(status, 0);
    assert.ok(out.length < 100);
  });
  test('a missing file ends with 3', async () => assert.equal((await backstop(['templates', 'no.log'])).status, 3));
  test('what is quoted can be read back', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), fields =>
        assert.deepEqual(readCsvRow(csvRow(fields)), fields),
      ),
    );
  });
});

/** Reads one row the way RFC 4180 writes it. */
function readCsvRow(row: string): readonly string[] {
  assert.ok(row.endsWith('\r\n'));
  const fields: string[] = [];
  for (let rest = row.slice(0, -2); ; rest = rest.slice(1)) {
    const quoted = /^"((?:[^"]|"")*)"/.exec(rest);
    const raw = quoted?.[0] ?? /^[^,]*/.exec(rest)?.[0] ?? '';
    fields.push(quoted?.[1]?.replaceAll('""', '"') ?? raw);
    rest = rest.slice(raw.length);
    if (!rest.startsWith(',')) return fields;
  }
}
