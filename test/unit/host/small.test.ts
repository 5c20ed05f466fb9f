// Small pure parts of the host: targets, links, identity, dialogue, inputs, status, secrets, outputs, trust.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reduceRun } from '../../../src/model/runs/reduceRun.ts';
import { succeed } from '../../../src/model/failure.ts';
import { runDialogue, type Step } from '../../../src/host/asking/dialogue.ts';
import { createEngines, type HostEngine } from '../../../src/host/runs/engines.ts';
import { evidenceText } from '../../../src/host/documents/evidenceText.ts';
import { choosePerson } from '../../../src/host/asking/identityChoice.ts';
import { problemOfInput, problemOfVersion } from '../../../src/host/asking/inputValues.ts';
import { parseLink } from '../../../src/host/workspace/links.ts';
import { describeBuild } from '../../../src/host/documents/releaseText.ts';
import { colouredOutput, logText } from '../../../src/host/documents/logText.ts';
import { escapeMarkdown } from '../../../src/protocol/words/markdown.ts';
import { keepOutputs } from '../../../src/host/runs/outputs.ts';
import { composeStarter } from '../../../src/compose.ts';
import { keepSecrets } from '../../../src/host/asking/secrets.ts';
import { statusText } from '../../../src/host/views/statusText.ts';
import { readTarget } from '../../../src/host/workspace/target.ts';
import { plainEnglish } from '../../../src/protocol/words/translate.ts';
import { failedHookStory, failingHookKey, rolledBackStory, startMs, waitingStory } from '../terminal/stories.ts';

test('a command takes only texts of known names from whatever it is called with', () => {
  assert.deepEqual(readTarget({ target: { runId: 'r', stage: 3, evil: 'x' }, runId: 'outer' }), { runId: 'r' });
  assert.deepEqual(readTarget({ folder: '/a', file: 'b.yaml' }), { folder: '/a', file: 'b.yaml' });
  for (const nothing of [undefined, null, 'text', 4, [], { __proto__: { runId: 'inherited' } }])
    assert.deepEqual(readTarget(nothing), {});
});

test('a build is described with its time where that is known, and never with another one', () => {
  const artifact = { version: '1.9.0', build: { job: 'shop/main', number: 7, url: 'https://ci.example.com/7' } };
  assert.equal(describeBuild({ artifact, standing: 'passed' }), 'Build #7 of shop/main');
  assert.match(
    describeBuild({ artifact, standing: 'passed', startedAtMs: startMs }),
    /^Build #7 of shop\/main, .*2026/,
  );
  assert.equal(describeBuild({ artifact: { version: '1.9.0' }, standing: 'passed' }), '');
});

test('links name a run or an approval and nothing else', () => {
  assert.deepEqual(parseLink('/run/12'), { kind: 'run', run: '12' });
  assert.deepEqual(parseLink('/approval/01JABC-x'), { kind: 'approval', run: '01JABC-x' });
  for (const path of ['/run/', '/run/../x', '/approve/12', '/run/12/extra', '/run/%2e%2e', '', '/run/a b'])
    assert.equal(parseLink(path), undefined, path);
});

test('a person is named by setting, environment, git, GitHub and login, in this order', () => {
  assert.deepEqual(choosePerson({ setting: ' ', git: 'Maria\n', gitHub: 'm', login: 'root' }), {
    name: 'Maria',
    via: 'editor',
  });
  assert.equal(choosePerson({ setting: 'jonas', environment: 'x', git: 'Maria' }).name, 'jonas');
  assert.equal(choosePerson({}).name, 'unknown');
});

test('a dialogue goes back to what was really asked, past what was skipped', async () => {
  const asked: string[] = [];
  let wentBack = false;
  const ask =
    (name: string): Step<{ readonly path: string }> =>
    state => {
      asked.push(name);
      return Promise.resolve({ path: state.path + name });
    };
  const answer = await runDialogue({ path: '' }, () => [
    ask('a'),
    () => Promise.resolve('skip'),
    ask('b'),
    state => {
      asked.push('c');
      const back = !wentBack;
      wentBack = true;
      return Promise.resolve(back ? 'back' : { path: `${state.path}c` });
    },
  ]);
  assert.deepEqual(asked, ['a', 'b', 'c', 'b', 'c']);
  assert.equal(answer?.path, 'abc');
  assert.equal(await runDialogue({}, () => [() => Promise.resolve('back')]), undefined);
  assert.equal(await runDialogue({}, () => [() => Promise.resolve(undefined)]), undefined);
});

test('inputs are checked as they are typed', () => {
  const check = (input: Parameters<typeof problemOfInput>[0], text: string): string | undefined =>
    problemOfInput(input, text, plainEnglish);
  assert.equal(check({ name: 'n', type: 'number', required: true, minimum: 2 }, '1'), 'At least 2.');
  assert.equal(check({ name: 'n', type: 'number', required: true }, 'x'), 'A number is required.');
  assert.equal(
    check({ name: 's', type: 'string', required: true, pattern: 'CHG-\\d+' }, 'CHG-1x'),
    'It must match CHG-\\d+.',
  );
  assert.equal(check({ name: 's', type: 'string', required: true }, ''), 'A value is required.');
  assert.equal(check({ name: 's', type: 'string', required: false }, ''), undefined);
  assert.equal(check({ name: 'c', type: 'choice', required: true, values: ['a', 'b'] }, 'c'), 'One of a, b.');
  assert.equal(
    problemOfVersion({ kind: 'version', pattern: '\\d+\\.\\d+' }, '1.x', plainEnglish),
    'It must match \\d+\\.\\d+.',
  );
});

test('the status bar says what waits before what runs before what ended, and at last nothing', () => {
  const waiting = reduceRun('w', waitingStory)!,
    ended = reduceRun('e', rolledBackStory)!;
  const endMs = ended.finishedAtMs ?? 0;
  assert.equal(
    statusText([ended, waiting], endMs, plainEnglish)?.text,
    '$(bell-dot) storefront 2.14.0: needs approval',
  );
  assert.equal(statusText([ended], endMs + 1000, plainEnglish)?.text, '$(discard) storefront 2.14.0: rolled back');
  assert.equal(statusText([ended], endMs + 3_600_000, plainEnglish), undefined);
  assert.equal(statusText([], startMs, plainEnglish), undefined);
});

test('the evidence names verdict, exceptions, samples and queries, and no text in it can steer', () => {
  const text = evidenceText(reduceRun('r', rolledBackStory)!, 7);
  assert.match(text, /run #7/);
  assert.match(text, /4 new exceptions on/);
  assert.match(text, /UNKNOWN/);
  assert.match(text, /canary: ERROR/);
  assert.match(text, /^Question \(approved\): approval/m);
  assert.match(text, /confidence it is worse: 95 %, fails at 95 % \(e-value 24\S* of 20\)/);
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f]/);
});

test('the log leads to the line of a failed step', () => {
  const state = reduceRun('r', failedHookStory)!;
  const { text, lineOf } = logText(state, failedHookStory, new Map([[failingHookKey, 'connecting\nrefused\n']]));
  const line = lineOf.get(failingHookKey)!;
  const lines = text.split('\n');
  assert.deepEqual(
    lines.slice(line - 2, line).map(one => one.trim()),
    ['connecting', 'refused'],
  );
});

test('output keeps its colours and loses what moves the cursor', () => {
  assert.equal(colouredOutput('\u001b[31mred\u001b[0m\u001b[2J\u001b]0;title\u0007\n'), '\u001b[31mred\u001b[0m\r\n');
});

test('text from outside means nothing in Markdown', () => {
  assert.equal(escapeMarkdown('![x](http://a) <b>|'), '\\!\\[x\\]\\(http\\:\\/\\/a\\) \\<b\\>\\|');
});

test('outputs are bounded', () => {
  const outputs = keepOutputs();
  for (let index = 0; index < 100; index++) outputs.add('r', 'k', 'x'.repeat(10_000));
  assert.ok((outputs.of('r', 'k')?.length ?? 0) <= 400_000);
  assert.equal(outputs.of('r', 'other'), undefined);
});

test('a credential of the folder comes before one for all, and is gone when it is emptied', async () => {
  const stored = new Map<string, string>();
  const { secrets } = keepSecrets({
    keys: () => Promise.resolve([...stored.keys()]),
    get: key => Promise.resolve(stored.get(key)),
    onDidChange: () => ({ dispose: () => undefined }),
    store: (key, value) => {
      stored.set(key, value);
      return Promise.resolve();
    },
    delete: key => {
      stored.delete(key);
      return Promise.resolve();
    },
  });
  await secrets.set('new-relic', 'mine');
  await secrets.set('new-relic', 'demo', '/demo');
  assert.equal(secrets.get('/demo', 'new-relic'), 'demo');
  assert.equal(secrets.get('/shop', 'new-relic'), 'mine');
  await secrets.set('new-relic', '', '/demo');
  assert.equal(secrets.get('/demo', 'new-relic'), 'mine');
  assert.deepEqual(secrets.values(), ['mine']);
});

test('in an untrusted workspace the engine refuses all that acts, and still shows the past', async () => {
  let acted = 0;
  const act = (): Promise<never> => {
    acted += 1;
    return Promise.reject(new Error('acted'));
  };
  const engine = {
    history: { runs: () => [] },
    dryRun: act,
    start: act,
    resume: act,
    rollBack: act,
    adopt: act,
    instruct: act,
    checkSources: act,
    comparisons: act,
    inspection: { builds: act },
  } as unknown as HostEngine;
  const engines = createEngines({
    load: () =>
      Promise.resolve({
        compose: () => succeed(engine),
        parse: () => ({ problems: [] }),
        diagnose: () => Promise.reject(new Error('diagnosed')),
        vendors: [],
        starter: () => composeStarter({}),
      }),
    prepare: () => Promise.resolve(),
    isTrusted: () => false,
    emptyFolder: '/none',
    untrusted: 'Not trusted.',
    askForHost: () => assert.fail('nobody is asked where nothing is done'),
  });
  const opened = await engines.open('/shop');
  assert.ok(opened.ok);
  const { start, resume, rollBack, adopt, dryRun, instruct, inspection, checkSources, comparisons, history } =
    opened.value;
  const none = undefined as never;
  const refused = [
    await start(none),
    await resume(none, none, none),
    await rollBack(none),
    await adopt(none),
    await dryRun(none),
    await instruct(none, none),
    await inspection.builds(none, 1),
  ];
  for (const result of refused)
    assert.deepEqual(result, { ok: false, failure: { kind: 'refused', message: 'Not trusted.' } });
  assert.deepEqual([await checkSources(none, none, none), await comparisons(none)], [[], []]);
  assert.equal(acted, 0);
  assert.deepEqual(history.runs({ limit: 1 }), []);
});
