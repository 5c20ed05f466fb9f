// What is looked up in an index so that a verdict on thousands of clusters takes no time: the answer is that of a look
// at each of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Cluster } from '../../../../../src/verify/logs/count/clusters.ts';
import { createTally } from '../../../../../src/verify/logs/count/tally.ts';
import { indexAlikeForms, isAlike } from '../../../../../src/verify/logs/judge/alikeForms.ts';
import { indexFamilies } from '../../../../../src/verify/logs/judge/families.ts';
import type { Group } from '../../../../../src/verify/logs/template/templates.ts';
import { tokenize } from '../../../../../src/verify/logs/template/tokens.ts';

const groupOf = (text: string, id: number): Group => ({ id, tokens: tokenize(text), parent: undefined, fitted: 0 });
const someLines = fc
  .tuple(fc.array(fc.constantFrom('', ':', '=', '('), { maxLength: 3 }), fc.integer({ min: 1, max: 8 }))
  .chain(([marks, words]) =>
    fc.array(
      fc
        .array(fc.constantFrom('card', 'order', 'mail', 'stock', '12', 'true'), { minLength: words, maxLength: words })
        .map(all => all.map((word, i) => `${word}${marks[i] ?? ''}`).join(' ')),
      { minLength: 1, maxLength: 60 },
    ),
  );

const frameOf = (group: Group): string =>
  group.tokens.map(({ kind, text }) => (kind === 'mark' ? text : '')).join('\u0001');

void test('the forms that are like a form are those that a comparison with each form finds', () => {
  fc.assert(
    fc.property(someLines, lines => {
      const forms = lines.map(groupOf),
        index = indexAlikeForms(forms);
      for (const form of forms)
        assert.deepEqual(
          index.of(form.tokens),
          forms.filter(other => frameOf(other) === frameOf(form) && isAlike(other.tokens, form.tokens)),
        );
    }),
  );
});

void test('the families among some clusters are the same, whichever other clusters there are', () => {
  fc.assert(
    fc.property(someLines, fc.array(fc.boolean()), (lines, isLeft) => {
      const clusters = lines.map((text, i): Cluster => ({
        key: String(i),
        group: groupOf(text, i),
        rank: 0,
        logger: '',
        tally: createTally(),
        learned: undefined,
        severity: 'info',
      }));
      const some = clusters.filter((_, i) => isLeft[i] !== false);
      assert.deepEqual(indexFamilies(clusters)(some), indexFamilies(some)(some));
    }),
  );
});
