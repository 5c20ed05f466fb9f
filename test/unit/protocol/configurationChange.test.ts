// What differs between two configuration files: keys in JSON and in property files, lines in every other format.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { compareFiles } from '../../../src/protocol/snapshot/configurationChange.ts';

const json = (value: unknown): string => JSON.stringify(value, null, 2);

suite('changes of a configuration file', () => {
  for (const [name, path, before, after, expected] of [
    [
      'keys of JSON are named by their path, and the rest is counted',
      'config/storefront.json',
      json({ checkout: { confirmation: 'summary' }, cache: { format: 2 }, nodes: ['a', 'b'], same: null }),
      json({ checkout: { confirmation: 'summary-v2' }, nodes: ['a', 'c'], same: null, 'a.b': {} }),
      {
        settings: [
          { name: 'checkout.confirmation', from: '"summary"', to: '"summary-v2"' },
          { name: 'cache.format', from: '2' },
          { name: 'nodes[1]', from: '"b"', to: '"c"' },
          { name: '["a.b"]', to: '{}' },
        ],
        sameKeys: 2,
      },
    ],
    [
      'keys of a property file',
      'app.properties',
      '# pools\npool.size = 20\nmode: safe\n',
      'pool.size = 40\nmode: safe\n',
      { settings: [{ name: 'pool.size', from: '20', to: '40' }], sameKeys: 1 },
    ],
    [
      'lines where the format has no keys',
      'config/app.yaml',
      'a: 1\npool: 20\nb: 2\nold: x\n',
      'a: 1\npool: 40\nb: 2\nnew: x\nmore: y\n',
      {
        settings: [
          { name: 'line 2', from: 'pool: 20', to: 'pool: 40' },
          { name: 'line 4', from: 'old: x', to: 'new: x' },
          { name: 'line 5', to: 'more: y' },
        ],
      },
    ],
    [
      'lines where the text is not what its name promises',
      'broken.json',
      '{ "a": 1',
      '{ "a": 2',
      { settings: [{ name: 'line 1', from: '{ "a": 1', to: '{ "a": 2' }] },
    ],
    [
      'a secret is not shown',
      '.env',
      'DB_PASSWORD=hunter2\nGITHUB=ghp_aaaaaaaaaaaaaaaaaaaaaaaa',
      'DB_PASSWORD=hunter3\nGITHUB=ghp_bbbbbbbbbbbbbbbbbbbbbbbb',
      {
        settings: [
          { name: 'DB_PASSWORD', from: '[redacted]', to: '[redacted]' },
          { name: 'GITHUB', from: '[redacted]', to: '[redacted]' },
        ],
        sameKeys: 0,
      },
    ],
  ] as const)
    test(name, () => assert.deepEqual(compareFiles(path, before, after), expected));

  test('any two texts: every line that differs is named, and equal texts differ in nothing', () => {
    const lines = fc.array(fc.constantFrom('a: 1', 'b: 2', 'c: 3', ''), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (one, other) => {
        const { settings } = compareFiles('x.yaml', one.join('\n'), other.join('\n'));
        const gone = settings.filter(({ from }) => from !== undefined).length,
          added = settings.filter(({ to }) => to !== undefined).length;
        const count = (list: readonly string[]): number =>
          Math.max(1, list.length - Number(list.at(-1) === '' && list.length > 1));
        assert.equal(count(one) - gone, count(other) - added);
        if (one.join('\n') === other.join('\n')) assert.equal(settings.length, 0);
      }),
    );
  });

  test('any two JSON values: each key is told once, and the same value has no changes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const { settings } = compareFiles('x.json', JSON.stringify(one), JSON.stringify(other));
        assert.equal(new Set(settings.map(({ name }) => name)).size, settings.length);
        assert.deepEqual(compareFiles('x.json', JSON.stringify(one), JSON.stringify(one)).settings, []);
      }),
    );
  });
});
