// Every feature answers whatever the text: while a file is typed character by character, when it is damaged, and when
// it is large.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { definitions } from '../../../../src/vendors/definitions.ts';
import { parsePipeline } from '../../../../src/definition/parsePipeline.ts';
import { lensesOf } from '../../../../src/host/language/codeLenses.ts';
import { completeAt } from '../../../../src/host/language/completion/completion.ts';
import { hoverAt } from '../../../../src/host/language/hover.ts';
import { readNames } from '../../../../src/host/language/document/names.ts';
import { findDefinitions, findReferences, renameName } from '../../../../src/host/language/navigation.ts';
import type { TreeReader } from '../../../../src/host/language/document/pipelineTree.ts';
import { createTreeReader, locate, visitNodes } from '../../../../src/host/language/document/pipelineTree.ts';
import { fixesOf } from '../../../../src/host/language/fixes/quickFixes.ts';
import { problemsToShow } from '../../../../src/host/language/diagnosis/shownProblems.ts';
import type { OutlineSymbol } from '../../../../src/host/language/symbols.ts';
import { outlineOf } from '../../../../src/host/language/symbols.ts';
import type { TextRange } from '../../../../src/host/language/document/syntaxNodes.ts';
import { applyEdits } from '../../../../src/host/language/texts.ts';
import { fixture, readTree, schema, snippets, t } from './cursor.ts';

const good = ['minimal.yaml', 'canary.yaml', 'complete.yaml'].map(fixture);
const noResults = new Map();

function exercise(text: string, offset: number, read: TreeReader): void {
  const tree = read(text);
  const inText = ({ start, end }: TextRange): void => {
    assert.ok(start >= 0 && start <= end && end <= text.length, `${start} to ${end} in a text of ${text.length}`);
  };
  for (const one of completeAt(text, offset, { read, schema, snippets, t })) {
    inText(one.replace);
    assert.ok(one.replace.start <= offset, one.label);
  }
  const hover = hoverAt(tree, offset, schema, t);
  if (hover) inText(hover.range);
  for (const { range } of lensesOf(tree, 'a', () => noResults, t, 0)) inText(range);
  for (const { range } of findDefinitions(tree, offset)) inText(range);
  findReferences(tree, offset, true).forEach(inText);
  const renamed = renameName(tree, offset, 'other', schema, t);
  if ('edits' in renamed) applyEdits(text, renamed.edits);
  outlineOf(tree, t).forEach(checkSymbol);
}

/** VS Code refuses an outline with a name that is empty or a selection outside of its range. */
function checkSymbol({ name, range, selection, children }: OutlineSymbol): void {
  assert.ok(
    name !== '' && range.start <= selection.start && selection.end <= range.end,
    JSON.stringify({ name, range, selection }),
  );
  children.forEach(checkSymbol);
}

function exerciseProblems(text: string, read: TreeReader): void {
  const tree = read(text);
  const { problems } = parsePipeline(text, 'a.yaml');
  problemsToShow(problems, tree, schema, true);
  for (const problem of problems)
    for (const { edits } of fixesOf(problem, tree, { schema, vendors: definitions, t })) applyEdits(text, edits);
}

/** A small generator of chance that is the same on every machine (mulberry32). */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

const pieces = [
  '\t',
  '\n',
  '\r\n',
  ' ',
  '- ',
  ': ',
  ':',
  '{',
  '}',
  '[',
  ']',
  "'",
  '"',
  '#',
  '&a ',
  '*a',
  '!x ',
  '|\n',
  '>',
  '<<: *deploy\n',
  '---\n',
  '? ',
  '%',
  '`',
  '@',
  ',',
  '${',
  'when: inputs.',
  'stages:\n',
  '__proto__: 1\n',
  'constructor',
  '\u0000',
  '\uFEFF',
  '😀',
  '\uD800',
  'parallel:\n',
  '  ',
];
function mutate(text: string, random: (below: number) => number): string {
  let current = text;
  for (let round = random(4); round >= 0; round--) {
    const at = random(current.length + 1);
    const until = Math.min(current.length, at + random(30));
    const piece = pieces[random(pieces.length)] ?? '';
    const from = random(current.length + 1);
    const edits = [
      piece + current.slice(at),
      current.slice(until),
      current.slice(from, from + random(200)) + current.slice(at),
      piece + current.slice(until),
    ];
    current = current.slice(0, at) + (edits[random(edits.length)] ?? '');
  }
  return current;
}

describe('no feature throws', () => {
  test('while a good file is typed from its beginning to its end', () => {
    for (const text of good) {
      const read = createTreeReader();
      for (let length = 0; length <= text.length; length++) exercise(text.slice(0, length), length, read);
    }
  });
  test('while a line in the middle is typed', () => {
    const [, , text = ''] = good;
    const read = createTreeReader();
    for (let offset = 0; offset < text.length; offset += 7)
      exercise(text.slice(0, offset) + text.slice(text.indexOf('\n', offset)), offset, read);
  });
  test('on 2000 damaged files', () => {
    const random = createRandom(20_26);
    const read = createTreeReader();
    for (let count = 0; count < 2_000; count++) {
      const text = mutate(good[count % 6 === 0 ? 2 : count % 2] ?? '', random);
      try {
        exercise(text, random(text.length + 1), read);
        if (count % 8 === 0) exerciseProblems(text, read);
      } catch (error) {
        throw new Error(`on damaged file ${count}: ${JSON.stringify(text)}`, { cause: error });
      }
    }
  });
  test('on absurd ones', () => {
    const read = createTreeReader();
    for (const text of [
      '',
      '\n',
      '\uFEFF',
      ':',
      '-',
      '[',
      '['.repeat(10_000),
      '- '.repeat(5_000),
      '{a: '.repeat(500),
      '\t'.repeat(5_000),
      'a: '.repeat(2_000),
      `stages:\n${'  - parallel:\n'.repeat(500)}`,
      `when: ${'inputs['.repeat(2_000)}`,
      'x'.repeat(1_100_000),
      '${'.repeat(1_000),
      '---\n'.repeat(100),
    ]) {
      exercise(text, text.length, read);
      exercise(text, Math.min(3, text.length), read);
    }
  });
});

describe('the tree', () => {
  test('that grew key press by key press is the one that is read at once', () => {
    const random = createRandom(7);
    const read = createTreeReader();
    let [, , text = ''] = good;
    for (let count = 0; count < 100; count++) {
      text = count % 10 === 0 ? (good[2] ?? '') : mutate(text, random);
      assert.deepEqual(read(text), readTree(text));
    }
  });
  test('has plain scalars where the text has them', () => {
    for (const text of good) {
      visitNodes(readTree(text).root, node => {
        if (node.kind === 'scalar' && node.textStart !== undefined)
          assert.ok(text.startsWith(node.text, node.textStart));
      });
    }
  });
  test('finds the path of every key', () => {
    const [, , text = ''] = good;
    assert.deepEqual(locate(readTree(text), text.indexOf('sensitivity: high')).path, [
      'stages',
      2,
      'canary',
      'phases',
      0,
      'verify',
      'sensitivity',
    ]);
    assert.deepEqual(locate(readTree(text), text.indexOf('smoke]')).path, ['stages', 0, 'parallel', 1, 'steps', 1]);
    assert.deepEqual(
      locate(readTree(text.replaceAll('\n', '\r\n')), text.replaceAll('\n', '\r\n').indexOf('askFor: 15m')).path,
      ['stages', 2, 'askFor'],
    );
  });
  test('keeps a mistake where it was made', () => {
    const tree = readTree(
      (good[2] ?? '')
        .replace('command: [./deploy.sh, --fast, 3]', 'command: [./deploy.sh, "')
        .replace('nodes: [prod-01', 'nodes: {{ "'),
    );
    assert.deepEqual(
      readNames(tree)
        .definitions.filter(one => one.kind === 'stage' || one.kind === 'hook')
        .map(one => one.name),
      ['deploy', 'rollback', 'check', 'notify', 'smoke', 'Dev', 'Test', 'Approval', 'Production', 'Tell everyone'],
    );
  });
});
