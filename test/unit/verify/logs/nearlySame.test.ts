// Of the index of templates that are nearly the same: it finds what a look at every template finds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { indexNearlySame } from '../../../../src/verify/logs/nearlySame.ts';
import type { Token } from '../../../../src/verify/logs/tokens.ts';

const template = fc.array(
  fc.constantFrom<Token>(...['order', 'a b', 'b', 'a'].map(text => ({ text, kind: 'word', spaced: true }) as const), {
    text: '<*>',
    kind: 'hole',
    spaced: true,
  }),
  { maxLength: 7 },
);

test('all templates of as many tokens that differ in two places at most are found, in their order', () => {
  fc.assert(
    fc.property(fc.array(template, { maxLength: 40 }), template, (templates, wanted) => {
      const entries = templates.map(tokens => ({ tokens }));
      const isNearlySame = ({ tokens }: { readonly tokens: readonly Token[] }): boolean =>
        tokens.length === wanted.length && tokens.filter(({ text }, i) => text !== wanted[i]!.text).length <= 2;
      const found = indexNearlySame(entries)(wanted);
      assert.deepEqual(found.filter(isNearlySame), entries.filter(isNearlySame));
      assert.ok(found.every(({ tokens }) => tokens.length === wanted.length));
    }),
  );
});
