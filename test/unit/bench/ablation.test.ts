// Which rules serve one system alone, and how that is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ablate, tellAblations } from '../../bench/logs/ablation.ts';

const system = (name: string) => ({
  name,
  lines: ['a', 'b', 'c', 'd'].map(line => `${name} ${line}`),
  statements: ['1', '1', '2', '2'],
});
const right = [0, 0, 1, 1],
  wrong = [0, 1, 2, 2];

test('a rule without which one system alone is worse serves that one; what makes it better is harm', () => {
  const worseWithout: Readonly<Record<string, readonly string[]>> = {
    wide: ['A', 'B'],
    narrow: ['B'],
    idle: [],
    harmful: [],
  };
  const found = ablate(['A', 'B', 'C'].map(system), {
    ruleNames: Object.keys(worseWithout),
    group(lines, without) {
      const name = lines[0]![0]!;
      if (name === 'C') return without === 'harmful' ? right : wrong;
      return without !== undefined && worseWithout[without]!.includes(name) ? wrong : right;
    },
  });
  assert.deepEqual(tellAblations(found), [
    'narrow: serves one system, B -0.500',
    'harmful: does harm, C +0.500',
    'idle: changes nothing',
    'wide: serves several, A -0.500, B -0.500',
  ]);
});
