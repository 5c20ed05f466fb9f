// The entry point inside the extension host: runs the suites with Mocha and writes their results as lines of JSON.
import { appendFileSync } from 'node:fs';
import mochaModule from 'mocha';
import { activationTimeSuite, demoRunSuite } from './benches.ts';
import { activationSuite } from './activation.ts';
import { commandsSuite } from './commands.ts';
import { canarySuite } from './canary.ts';
import { deploymentSuite } from './deployment.ts';
import { figures } from './figures.ts';
import { languageSuite } from './language.ts';
import { pipelineFileSuite } from './pipelineFiles.ts';
import { newBuildSuite, watchedJobSuite } from './watchedJob.ts';

/** One line of the file that `BACKSTOP_TEST_REPORT` names. */
export interface SuiteReport {
  readonly vscode: string;
  readonly tests: readonly { readonly name: string; readonly durationMs: number; readonly failure?: string }[];
  readonly figures: Readonly<Record<string, number>>;
}

const modes: Readonly<Record<string, readonly (() => void)[]>> = {
  suite: [
    activationSuite,
    newBuildSuite,
    commandsSuite,
    pipelineFileSuite,
    languageSuite,
    deploymentSuite,
    canarySuite,
    watchedJobSuite,
  ],
  activation: [activationTimeSuite],
  demo: [demoRunSuite],
};

/** Mocha is an ES module, for which `require` returns different things in Node 22 and Node 24. */
const Mocha = (mochaModule as { default?: typeof mochaModule }).default ?? mochaModule;

export async function run(): Promise<void> {
  const { version } = await import('vscode');
  const mocha = new Mocha({ ui: 'tdd', timeout: 30_000, reporter: 'min' });
  mocha.suite.emit('pre-require', globalThis, 'suite', mocha);
  for (const define of modes[process.env['BACKSTOP_TEST_MODE'] ?? 'suite'] ?? []) define();
  const tests: SuiteReport['tests'][number][] = [];
  const failed = await new Promise<number>(resolve => {
    const note = (test: mochaModule.Runnable, failure?: Error): void => {
      tests.push({
        name: test.fullTitle(),
        durationMs: test.duration ?? 0,
        ...(failure && { failure: String(failure.stack ?? failure) }),
      });
    };
    mocha
      .run(resolve)
      .on('pass', test => note(test))
      .on('fail', (test, error: Error) => note(test, error));
  });
  const report: SuiteReport = { vscode: version, tests, figures: Object.fromEntries(figures) };
  const file = process.env['BACKSTOP_TEST_REPORT'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(report)}\n`);
  for (const { name, failure } of tests)
    console.log(
      `${failure === undefined ? 'passed' : 'FAILED'}: ${name}${failure === undefined ? '' : `\n${failure}`}`,
    );
  if (failed > 0) throw new Error(`${failed} of ${tests.length} tests failed`);
  if (tests.length === 0) throw new Error('no test ran');
}
