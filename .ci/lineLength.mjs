// Fails on a line over 120 columns: Prettier breaks code, but no comment, no string and no template.
import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

const root = join(import.meta.dirname, '..');
const widest = 120;
const files = ['{src,webview,test}/**/*.ts', '*.mjs', '.ci/*'];

const found = globSync(files, { cwd: root, exclude: name => name === 'node_modules' })
  .map(file => file.split(sep).join('/'))
  .sort()
  .flatMap(file =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => (isTooLong(line) ? [{ file, line: index + 1, columns: columnsOf(line) }] : [])),
  );
const problems = found.map(({ file, line, columns }) => `${file}:${line}: ${columns} columns, at most ${widest}.`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/** A long URL, the row of a table and a regular expression that has its line to itself cannot be broken. */
function isTooLong(line) {
  const unbreakable = [
    /https?:\/\/\S{40}/,
    /^\s*(\/\/|\*)?\s*\|.*\|$/,
    /^\s*\/(?![/*]).*\/[dgimsuvy]*(\.exec\()?[,;]?$/,
  ];
  return columnsOf(line) > widest && !unbreakable.some(pattern => pattern.test(line));
}

function columnsOf(line) {
  return [...line].length;
}
