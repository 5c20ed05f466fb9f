// Bad usage: every mistake is named, with what was meant, and ends in status 3; help is for newcomers.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parseCommandLine, parsePairs } from '../../../src/terminal/commandLine.ts';
import { commands } from '../../../src/terminal/screen/terminal.ts';
import { suggest } from '../../../src/terminal/suggest.ts';
import { backstop } from './fakes.ts';
import { assertGolden } from './golden.ts';
import { createWorkspace } from './workspace.ts';

suite('bad usage', () => {
  for (const [words, says] of [
    [['rnu'], /There is no command "rnu"\. Did you mean run\?/],
    [['deploy'], /There is no command "deploy"\. Did you mean run\?/],
    [['constructor'], /There is no command "constructor"\.\n/],
    [['frobnicate'], /There is no command "frobnicate"\.\n {2}See: backstop --help/],
    [['--verbos'], /There is no option --verbos\./],
    [['run', '--versoin', '2'], /There is no option --versoin\. Did you mean --version\?/],
    [['run', '-x'], /There is no option -x\.\n {2}See: backstop run --help/],
    [['run', '--version'], /--version needs a value: --version V\./],
    [['run', '--version='], /--version needs a value/],
    [['run', '--version', '--json'], /--version needs a value/],
    [['run', '--version', '1', '--version', '2'], /--version is given twice\./],
    [['run', '--json=yes'], /--json takes no value, found "yes"\./],
    [['run', 'a', 'b'], /run takes one PIPELINE, found "b"\./],
    [['show'], /show needs RUN\./],
    [['runs', 'x'], /runs takes no arguments, found "x"\./],
    [['runs', '--limit', 'ten'], /--limit is a whole number from 1 to 10000, found "ten"\./],
    [['verify', '--baseline-logs', 'a'], /--canary-logs is required\./],
    [
      ['verify', '--baseline-logs', 'a', '--canary-logs', 'b', '--sensitivity', 'hihg'],
      /--sensitivity is one of low, medium, high, found "hihg"\. Did you mean high\?/,
    ],
    [
      ['verify', '--baseline-logs', 'a', '--canary-logs', 'b', '--traffic-ratio', '0'],
      /--traffic-ratio is a number from/,
    ],
    [['help', 'shwo'], /Did you mean show\?/],
  ] as const) {
    test(`backstop ${words.join(' ')}`, async () => {
      const { status, out, err, engineOpened } = await backstop(words);
      assert.match(err, says);
      assert.deepEqual([status, out, engineOpened], [3, '', false]);
    });
  }

  test('no command at all gives the overview on standard error', async () => {
    const { status, out, err } = await backstop([]);
    assert.deepEqual([status, out], [3, '']);
    assert.match(err, /Usage {2}backstop COMMAND/);
  });

  test('inputs are NAME=VALUE, known to the pipeline, and given once', async context => {
    const cwd = createWorkspace(context);
    assert.match(
      (await backstop(['run', '--input', 'ticket'], { cwd })).err,
      /--input wants NAME=VALUE, found "ticket"/,
    );
    assert.match(
      (await backstop(['run', '--input', 'tikcet=1'], { cwd })).err,
      /storefront has no input "tikcet"\. Did you mean ticket\?/,
    );
    assert.match(
      (await backstop(['run', '--input', 'ticket=1', '--input', 'ticket=2'], { cwd })).err,
      /--input ticket is given twice/,
    );
    assert.deepEqual(parsePairs(['a==b', '__proto__=x'], '--input'), {
      ok: true,
      value: Object.fromEntries([
        ['a', '=b'],
        ['__proto__', 'x'],
      ]),
    });
  });

  test('no words whatever make the parser throw', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '--',
        '-',
        '--json',
        '--json=',
        '--input',
        '-y',
        '--no-json',
        '--__proto__',
        '--constructor',
        '--=x',
        '---',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), words => {
        const result = parseCommandLine(
          'run',
          words,
          { json: { type: 'boolean', text: '' }, input: { type: 'string', multiple: true, text: '' } },
          { name: 'PIPELINE', minimum: 0, maximum: 1 },
        );
        assert.equal(typeof result.ok, 'boolean');
      }),
    );
  });
});

suite('did you mean', () => {
  test('finds swapped, missing, extra and wrong letters, and beginnings', () => {
    assert.deepEqual(
      ['rnu', 'rollbak', 'sttats', 'shaw', 'temp'].map(word =>
        suggest(word, ['run', 'rollback', 'stats', 'show', 'templates']),
      ),
      [
        ' Did you mean run?',
        ' Did you mean rollback?',
        ' Did you mean stats?',
        ' Did you mean show?',
        ' Did you mean templates?',
      ],
    );
  });
  test('stays silent where nothing is near', () => assert.equal(suggest('kubernetes', ['run', 'show']), ''));
});

suite('help', () => {
  test('the overview names every command with an example', async () => {
    const { out, status, engineOpened } = await backstop(['--help']);
    assertGolden('help', out);
    assert.deepEqual([status, engineOpened], [0, false]);
    for (const { name } of commands) assert.match(out, new RegExp(`^  ${name} `, 'm'));
  });

  for (const { name, options, statuses, examples } of commands) {
    test(`of ${name} tells usage, options, exit statuses and examples`, async () => {
      const { out, status } = await backstop([name, '--help']);
      assert.equal(status, 0);
      assert.equal((await backstop(['help', name])).out, out);
      for (const option of Object.keys(options)) assert.match(out, new RegExp(`--${option}\\b`));
      for (const number of Object.keys(statuses)) assert.match(out, new RegExp(`^  ${number} `, 'm'));
      for (const example of examples) assert.ok(out.includes(`  ${example}\n`));
      assert.ok(examples.length > 0 && examples.every(example => example.includes(`backstop ${name}`)));
    });
  }

  test('of run', async () => assertGolden('help-run', (await backstop(['run', '-h'])).out));
  test('--version is the version', async () => assert.equal((await backstop(['--version'])).out, '9.9.9\n'));
});
