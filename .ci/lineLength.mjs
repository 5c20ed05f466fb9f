// Fails on a line over 120 columns: Prettier breaks code, but no comment, no string and no template.
import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

const root = join(import.meta.dirname, '..');
const widest = 120;
const files = ['{src,webview,test}/**/*.ts', '*.mjs', '.ci/*'];

/** Still to be broken. A folder leaves this list for good: an entry without a long line fails. */
const exempt = [
  'eslint.config.mjs',
  'src/adapters/',
  'src/decide/',
  'src/definition/',
  'src/engine.ts',
  'src/host/language/',
  'src/plan/',
  'src/pure.d.ts',
  'src/run/',
  'src/supervisor.ts',
  'src/vendors/',
  'src/verify/',
  'test/contract/',
  'test/unit/adapters/',
  'test/unit/decide/',
  'test/unit/definition/',
  'test/unit/host/language/',
  'test/unit/run/',
  'test/unit/vendors/',
  'test/unit/verify/',
];

const found = globSync(files, { cwd: root, exclude: name => name === 'node_modules' })
  .map(file => file.split(sep).join('/'))
  .sort()
  .flatMap(file =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => (isTooLong(line) ? [{ file, line: index + 1, columns: columnsOf(line) }] : [])),
  );
const exemptFrom = file => exempt.find(folder => file.startsWith(folder));
const problems = [
  ...found
    .filter(({ file }) => exemptFrom(file) === undefined)
    .map(({ file, line, columns }) => `${file}:${line}: ${columns} columns, at most ${widest}.`),
  ...exempt
    .filter(folder => !found.some(({ file }) => file.startsWith(folder)))
    .map(folder => `${folder} has no long line any more: remove it from the exceptions in .ci/lineLength.mjs.`),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/** A long URL, the row of a table and a regular expression that has its line to itself cannot be broken. */
function isTooLong(line) {
  const unbreakable = [/https?:\/\/\S{40}/, /^\s*(\/\/|\*)?\s*\|.*\|$/, /^\s*\/(?![/*]).*\/[dgimsuvy]*[,;]?$/];
  return columnsOf(line) > widest && !unbreakable.some(pattern => pattern.test(line));
}

function columnsOf(line) {
  return [...line].length;
}
