// Fails on a line over 120 columns: Prettier breaks code, but no comment, no string and no template.
import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

const root = join(import.meta.dirname, '..');
const widest = 120;
const files = ['{src,webview,test}/**/*.ts', '*.mjs', '.ci/*'];

/** Still to be broken. A folder leaves this list for good: an entry without a long line fails. */
const exempt = [
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

/** A URL cannot be broken, and the rows of a table are read side by side. */
function isTooLong(line) {
  return columnsOf(line) > widest && !/https?:\/\/\S{40}/.test(line) && !/^\s*(\/\/|\*)?\s*\|.*\|$/.test(line);
}

function columnsOf(line) {
  return [...line].length;
}
