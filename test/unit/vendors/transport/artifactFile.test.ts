// Which artifact of a build a pattern means.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findArtifactFile, matchesPath } from '../../../../src/vendors/transport/artifactFile.ts';

test('stars stay within a name, two stars go through folders, the rest is taken as it stands', () => {
  const matching = (pattern: string) =>
    ['a.jar', 'target/a.jar', 'target/b/c.jar', 'target/a.jar.md5', 'target/(a).jar', 'target/ü🚀.jar'].filter(path =>
      matchesPath(path, pattern),
    );
  assert.deepEqual(matching('*.jar'), ['a.jar']);
  assert.deepEqual(matching('target/*.jar'), ['target/a.jar', 'target/(a).jar', 'target/ü🚀.jar']);
  assert.deepEqual(matching('**/a.jar'), ['a.jar', 'target/a.jar']);
  assert.deepEqual(matching('target/**'), [
    'target/a.jar',
    'target/b/c.jar',
    'target/a.jar.md5',
    'target/(a).jar',
    'target/ü🚀.jar',
  ]);
  assert.deepEqual(
    [matching('target/(?).jar'), matching('target/.*'), matching('target/ü?.jar')],
    [['target/(a).jar'], [], []],
  );
});

test('a path matches itself with any part of its names starred, and however many stars cost no time', () => {
  const path = fc.array(fc.stringMatching(/^[\w.-]{1,8}$/), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(path, fc.nat(8), fc.nat(8), (parts, from, length) => {
      const whole = parts.join('/'),
        name = parts.at(-1)!;
      const starred = [...parts.slice(0, -1), `${name.slice(0, from)}*${name.slice(from + length)}`].join('/');
      return (
        matchesPath(whole, whole) &&
        matchesPath(whole, starred) &&
        matchesPath(`x/${whole}`, `**/${whole}`) &&
        !matchesPath(`${whole}/x`, whole)
      );
    }),
  );
  assert.equal(matchesPath(`${'a'.repeat(300)}b`, `${'*a'.repeat(140)}c`), false);
});

test('none and several are refused, with what there is', () => {
  const message = (paths: readonly string[]) => {
    const found = findArtifactFile(paths, '*.jar');
    return found.ok ? found.value : found.failure.message;
  };
  assert.deepEqual([['a.jar', 'a.txt'], ['a.txt', 'x/a.jar'], [], ['a.jar', 'b.jar']].map(message), [
    'a.jar',
    'has no artifact that matches *.jar (it kept a.txt, x/a.jar)',
    'has no artifact that matches *.jar (it kept none)',
    'has 2 artifacts that match *.jar, and one is wanted (a.jar, b.jar)',
  ]);
});
