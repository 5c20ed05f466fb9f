// Runs every check and every test, what fails fastest first; prints what took how long, and counts by the reporter.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'backstop-tests-'));
/** On a machine for tests, a test that was skipped for a missing program has failed. */
const isStrict = process.argv.includes('--strict');

/** Tests in a real editor share a display and a processor with it, so one file runs at a time. */
const steps = [
  script('check'),
  script('build'),
  tests('unit', ['test/unit/**/*.test.ts'], '--test-concurrency=2'),
  tests('panel', ['test/panel/*.test.ts'], '--test-concurrency=2'),
  tests('contract', ['test/contract/**/*.test.ts'], '--test-concurrency=2'),
  tests('demo', ['test/demo/*.test.ts']),
  tests('host', ['test/host/*.test.ts'], '--test-concurrency=1'),
  tests('ui', ['test/ui/*.test.ts'], '--test-concurrency=1'),
];

const ended = [];
for (const step of steps) {
  const beganMs = performance.now();
  const outcome = step.run();
  ended.push({ name: step.name, seconds: (performance.now() - beganMs) / 1000, ...outcome });
  if (outcome.failed > 0) break;
}
rmSync(scratch, { recursive: true, force: true });

const notRun = steps.slice(ended.length).map(({ name }) => name);
const total = part => ended.reduce((sum, one) => sum + one[part], 0);
for (const { name, seconds, passed, failed, skipped } of ended)
  console.log(
    `${name.padEnd(10)} ${seconds.toFixed(1).padStart(7)} s  ${passed} passed, ${failed} failed, ${skipped} skipped`,
  );
if (notRun.length > 0) console.log(`Not run after the failure: ${notRun.join(', ')}`);
const failed = total('failed') + (total('passed') === 0 && total('failed') === 0 ? 1 : 0);
console.log(`${total('passed')} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** A script of package.json that is no test: it is not counted unless it fails. */
function script(name) {
  return {
    name,
    run: () => ({ passed: 0, failed: npm('run', '-s', name) === 0 ? 0 : 1, skipped: 0 }),
  };
}

function tests(name, files, ...options) {
  const report = join(scratch, `${name}.jsonl`);
  return {
    name,
    run() {
      const status = node(
        ...['--test', ...options],
        ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
        ...[`--test-reporter=./.ci/reporter.mjs`, `--test-reporter-destination=${report}`],
        ...files,
      );
      return count(existsSync(report) ? readFileSync(report, 'utf8') : '', status);
    },
  };
}

function count(report, status) {
  const results = report
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));
  const ofOutcome = outcome => results.filter(one => one.outcome === outcome);
  const missing = ofOutcome('skipped').filter(one => isStrict && /is not installed$/.test(one.reason));
  for (const { name, file, reason } of ofOutcome('skipped'))
    console.log(`Skipped in ${place(file)}: ${name}. ${reason}`);
  for (const { name, file } of [...ofOutcome('failed'), ...missing]) console.log(`Failed in ${place(file)}: ${name}`);
  const failed = ofOutcome('failed').length + missing.length;
  return {
    passed: ofOutcome('passed').length,
    // A process that fails without a failed test has ended before it could report one.
    failed: failed === 0 && (status !== 0 || results.length === 0) ? 1 : failed,
    skipped: ofOutcome('skipped').length - missing.length,
  };
}

function place(file) {
  return file === undefined ? 'an unknown file' : relative(root, file);
}

function node(...parameters) {
  return spawnSync(process.execPath, parameters, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

/** npm names itself to its scripts. */
function npm(...parameters) {
  const cli = process.env.npm_execpath;
  if (cli === undefined) throw new Error('Start this with npm test.');
  return node(cli, ...parameters);
}
