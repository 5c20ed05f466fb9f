// The entry point of `backstop`: compose plus the terminal. The engine is loaded when a command first needs it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import { openLogBytes, openLogFile } from './adapters/files/logFiles.ts';
import { systemClock } from './adapters/time.ts';
import { describeFailure, fail, succeed, type Failure, type Result } from './model/failure.ts';
import { plainText } from './protocol/words/plainText.ts';
import { createDebugLog } from './terminal/debugLog.ts';
import { attachToProcess, endProcess } from './terminal/processDependencies.ts';
import { runTerminal } from './terminal/screen/terminal.ts';

const { version } = manifest;
function panelScript(): Result<string> {
  try {
    return succeed(readFileSync(join(import.meta.dirname, 'panel.js'), 'utf8'));
  } catch (error) {
    return fail('not-found', 'The run panel is not beside this program.', {
      cause: String(error),
      hint: 'Build it: npm run build',
    });
  }
}

const surroundings = attachToProcess();
const { cwd: folder, env, stderr } = surroundings;
const log = createDebugLog(stderr, env);
const notice = (failure: Failure): void => {
  stderr.write(`backstop: ${plainText(describeFailure(failure))}\n`);
};

await endProcess(
  await runTerminal(process.argv.slice(2), {
    ...surroundings,
    version,
    clock: systemClock,
    panelScript,
    files: { openLogBytes, openLogFile },
    async engine({ allowHosts }) {
      const { composeEngine } = await import('./compose.ts');
      return composeEngine({ folder, env, bundles: import.meta.dirname, log, notice, allowHosts });
    },
    async store() {
      const { composeStoreTools } = await import('./compose.ts');
      return composeStoreTools(env);
    },
    async logAnalysis() {
      const [{ compareLogs }, { groupBytes }] = await Promise.all([
        import('./verify/logs/compareLogs.ts'),
        import('./verify/logs/record/grouping.ts'),
      ]);
      return succeed({ compareLogs, groupLines: groupBytes, close: () => Promise.resolve() });
    },
  }),
);
