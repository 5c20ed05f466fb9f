// Names: where they are declared, who refers to them, what a rename changes, and what hover and outline tell.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parsePipeline } from '../../../../src/definition/parsePipeline.ts';
import { lensesOf } from '../../../../src/host/language/codeLenses.ts';
import { hoverAt } from '../../../../src/host/language/hover.ts';
import { readNames } from '../../../../src/host/language/document/names.ts';
import { findDefinitions, findReferences, renameName } from '../../../../src/host/language/navigation.ts';
import { outlineOf } from '../../../../src/host/language/symbols.ts';
import { applyEdits } from '../../../../src/host/language/texts.ts';
import { fixture, readTree, schema, splitAtCursor, t } from './cursor.ts';

const complete = fixture('complete.yaml');
const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
const at = (text: string, part: string, within = 1): number => {
  const offset = text.indexOf(part);
  assert.ok(offset >= 0, part);
  return offset + within;
};

function rename(text: string, offset: number, newName: string): string {
  const renamed = renameName(readTree(text), offset, newName, schema, t);
  assert.ok('edits' in renamed, JSON.stringify(renamed));
  return applyEdits(text, renamed.edits);
}

describe('names', () => {
  test('of the complete pipeline are all found', () => {
    const { definitions, references } = readNames(readTree(complete));
    const byKind = Map.groupBy(definitions, one => one.kind);
    assert.deepEqual(Object.fromEntries([...byKind].map(([kind, all]) => [kind, all.map(one => one.name)])), {
      input: ['ticket', 'region', 'batch', 'dry-run', 'remark'],
      connection: ['metrics', 'local', 'logs', 'ci'],
      environment: ['dev', 'test', 'production'],
      hook: ['deploy', 'rollback', 'check', 'notify', 'smoke'],
      healthSource: ['performance', 'service', 'lines', 'quality', 'load'],
      metric: ['p95 latency', 'errors', 'requests', 'CPU', 'timeouts', 'latency', 'requests', 'errors'],
      stage: ['Dev', 'Test', 'Approval', 'Production', 'Tell everyone'],
    });
    assert.deepEqual(
      references.filter(one => !definitions.some(other => other.kind === one.kind && other.name === one.name)),
      [],
    );
    assert.equal(references.length, 30);
  });
  test('stand exactly where their range says', () => {
    const { definitions, references } = readNames(readTree(complete));
    for (const one of [...definitions, ...references])
      assert.equal(complete.slice(one.range.start, one.range.end), one.name);
  });
});

describe('definition', () => {
  test('of a hook, from a list of steps', () => {
    const [found] = findDefinitions(readTree(complete), at(complete, 'smoke]'));
    assert.equal(found && lineOf(complete, found.range.start), lineOf(complete, complete.indexOf('  smoke: {')));
  });
  test('of a stage and an input, from a condition', () => {
    for (const [from, to] of [
      ['Dev.outcome', 'stage: Dev'],
      ["Production'].outcome", 'stage: Production'],
      ['region == ', 'region: {'],
      ['dry-run\n', 'dry-run: {'],
    ] as const) {
      const [found] = findDefinitions(readTree(complete), at(complete, from));
      assert.equal(found && lineOf(complete, found.range.start), lineOf(complete, complete.indexOf(to)), from);
    }
  });
  test('of nothing, where no name stands', () => {
    assert.deepEqual(findDefinitions(readTree(complete), at(complete, 'Ships the')), []);
  });
});

describe('references', () => {
  test('of a hook, with and without its declaration', () => {
    const offset = at(complete, 'rollback:\n    <<');
    assert.equal(findReferences(readTree(complete), offset, false).length, 2);
    assert.equal(findReferences(readTree(complete), offset, true).length, 3);
  });
});

describe('rename', () => {
  test('of a hook changes every reference, and the pipeline stays good', () => {
    const renamed = rename(complete, at(complete, 'deploy: &deploy'), 'ship it');
    const { pipeline, problems } = parsePipeline(renamed, 'a.yaml');
    assert.deepEqual(
      [problems, Object.keys(pipeline?.hooks ?? {})],
      [[], ['ship it', 'rollback', 'check', 'notify', 'smoke']],
    );
    assert.deepEqual(
      pipeline?.stages
        .flat()
        .flatMap(stage => (stage.kind === 'deploy' ? stage.steps : stage.kind === 'canary' ? stage.deploy : [])),
      ['ship it', 'check', 'ship it', 'smoke', 'ship it', 'notify'],
    );
  });
  test('of a stage reaches conditions, in brackets where the name needs it', () => {
    const renamed = rename(complete, at(complete, 'stage: Dev', 8), 'Dev one');
    assert.ok(renamed.includes("when: stages['Dev one'].outcome in"), renamed);
    assert.ok(rename(renamed, at(renamed, 'stage: Dev one', 8), 'D').includes("when: stages['D'].outcome in"));
    assert.ok(parsePipeline(renamed, 'a.yaml').pipeline);
  });
  test('within single quotes takes the other quotes', () => {
    const { text, offset } = splitAtCursor(
      'stages:\n  - stage: D|ev\n  - stage: B\n    when: \'stages.Dev.outcome == "passed"\'\n',
    );
    assert.ok(rename(text, offset, 'my dev').includes('\'stages["my dev"].outcome == "passed"\''));
  });
  test('of an input changes the environment that it chooses', () => {
    const text = 'inputs:\n  region: {}\nstages:\n  - { stage: P, environment: "prod-${inputs.region}" }\n';
    assert.equal(rename(text, at(text, 'region}'), 'where'), text.replaceAll('region', 'where'));
  });
  test('of a hook and a source changes the phases that use them', () => {
    const text =
      'hooks:\n  load: {}\nhealthSources:\n  logs: {}\nstages:\n  - stage: P\n    canary:\n      during: load\n' +
      '      beforeTraffic: load\n      phases: [{ during: load, verify: { sources: [logs] } }]\n';
    assert.equal(rename(text, at(text, 'load'), 'test'), text.replaceAll('load', 'test'));
    assert.equal(rename(text, at(text, 'logs'), 'lines'), text.replaceAll('logs', 'lines'));
  });
  test('of metrics stays within their health source', () => {
    const text =
      'healthSources:\n  a: { newRelic: { metrics: { r: {}, e: { per: r } } } }\n  b: { newRelic: { metrics: ' +
      '{ r: {}, e: { per: r } } } }\n';
    assert.equal(
      rename(text, text.indexOf('per: r') + 5, 'all'),
      text.replace('{ r: {}, e: { per: r }', '{ all: {}, e: { per: all }'),
    );
  });
  test('refuses names that are taken or not allowed', () => {
    const tree = readTree(complete);
    const offset = at(complete, 'deploy: &deploy');
    assert.deepEqual(renameName(tree, offset, 'check', schema, t), { refusal: 'The name check is already taken.' });
    for (const name of ['', ' a', '-x', '__proto__', 'a/b', 'x'.repeat(65)])
      assert.ok('refusal' in renameName(tree, offset, name, schema, t), name);
  });
});

describe('hover', () => {
  const contentAt = (text: string, offset: number): string | undefined =>
    hoverAt(readTree(text), offset, schema, t)?.content;
  test('on a key tells what it is for, its default and what is allowed', () => {
    assert.equal(
      contentAt(complete, at(complete, 'missingData: hold')),
      'What happens if something still could not be measured when `holdFor` is over. ' +
        'It never passes.\n\nAllowed: `hold`, `rollback` · Default: `hold`',
    );
    assert.equal(
      contentAt(complete, at(complete, 'minimum: 1\n')),
      'Number of different people who must approve.\n\nType: whole number · Default: `1` · From 1 to 100',
    );
  });
  test('on a reference shows what it names', () => {
    assert.equal(
      contentAt(complete, at(complete, 'environment: test', 14)),
      'environment **test**\n\n```yaml\ntest: { nodes: [test-01, test-02], whenBusy: refuse }\n```',
    );
    assert.equal(
      contentAt(complete, at(complete, 'connection: ci\n', 13)),
      "connection **ci**\n\n```yaml\nci: { jenkins: { url: 'https://ci.example.com/jenkins', credential: " +
        'jenkins } }\n```',
    );
  });
  test('on a variable tells its meaning', () => {
    assert.match(contentAt(complete, at(complete, 'BACKSTOP_RUN}')) ?? '', /ID of the run/);
  });
  test('leads to the section of the documentation that says more', () => {
    const leadsTo = (text: string, within = 0): string | undefined =>
      hoverAt(readTree(complete), at(complete, text, within), schema, t)?.documentation;
    assert.equal(leadsTo('missingData: hold'), 'pipeline-file.md#verification');
    assert.equal(leadsTo('BACKSTOP_RUN}'), 'pipeline-file.md#hooks');
    assert.equal(leadsTo('environment: test', 14), 'pipeline-file.md#stages');
  });
  test('on a comment tells nothing', () => {
    assert.equal(contentAt(complete, 5), undefined);
  });
});

describe('outline', () => {
  test('has sections, what they declare, and stages in their groups', () => {
    const outline = outlineOf(readTree(complete), t);
    const names = (symbols: typeof outline): unknown =>
      symbols.map(one => (one.children.length > 0 ? [one.name, names(one.children)] : one.name));
    assert.deepEqual(names(outline.filter(one => ['service', 'hooks', 'stages'].includes(one.name))), [
      'service',
      ['hooks', ['deploy', 'rollback', 'check', 'notify', 'smoke']],
      ['stages', [['In parallel', ['Dev', 'Test']], 'Approval', 'Production', 'Tell everyone']],
    ]);
  });
});

describe('code lenses', () => {
  const results = new Map([
    ['Dev', { outcome: 'passed' as const, durationMs: 65_000 }],
    ['Production', { outcome: 'rolled-back' as const, durationMs: 3_725_000, finishedAtMs: 20_000 }],
  ]);
  const lenses = lensesOf(
    readTree(complete),
    'file',
    name => (name === 'storefront-release' ? results : new Map()),
    t,
    200_000,
  );
  test('offer to deploy on the first line', () => {
    assert.deepEqual(
      lenses.slice(0, 2).map(lens => [lineOf(complete, lens.range.start), lens.title]),
      [
        [2, '$(rocket) Deploy'],
        [2, 'Dry Run'],
      ],
    );
  });
  test('tell how and when stages ended the last time, and open that run', () => {
    assert.deepEqual(
      lenses.filter(lens => lens.action.kind === 'openRun').map(lens => lens.title),
      ['$(pass) Passed in 1:05', '$(discard) Rolled back after 1:02:05, 3 min ago'],
    );
  });
  test('tell ages as coarsely as they are read', () => {
    const toldAfter = (ageMs: number): string | undefined =>
      lensesOf(readTree(complete), 'file', () => results, t, 20_000 + ageMs)
        .filter(lens => lens.action.kind === 'openRun')[1]
        ?.title.split(', ')
        .at(-1);
    assert.deepEqual([0, 59_999, 60_000, 3_600_000, 50 * 3_600_000].map(toldAfter), [
      'just now',
      'just now',
      '1 min ago',
      '1 h ago',
      '2 d ago',
    ]);
  });
  test('lead from every use of a hook to the hook', () => {
    const goTo = lenses.filter(lens => lens.action.kind === 'goTo');
    assert.equal(goTo.length, 10);
    assert.equal(goTo[0]?.title, 'Go to hook deploy');
    assert.ok(
      goTo.every(
        ({ action }) =>
          action.kind === 'goTo' &&
          complete.slice(action.from.start, action.from.end) === complete.slice(action.to.start, action.to.end),
      ),
    );
  });
  test('of an empty file are none, and a file without a name goes by its own', () => {
    assert.deepEqual(
      lensesOf(readTree('# nothing\n'), 'a', () => new Map(), t, 0),
      [],
    );
    let asked = '';
    lensesOf(
      readTree('version: 1\n'),
      'shop',
      name => {
        asked = name;
        return new Map();
      },
      t,
      0,
    );
    assert.equal(asked, 'shop');
  });
});
