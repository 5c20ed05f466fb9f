// The entry point of `backstop`: compose plus the terminal. The engine is loaded when a command first needs it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import { openLogBytes, openLogFile } from './adapters/files/logFiles.ts';
import { diagnose } from './adapters/diagnosis.ts';
import { handoverVariable } from './adapters/guardianProcess.ts';
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
const { cwd: folder, stderr, stdin } = surroundings;
const env = { ...surroundings.env, ...(await readHandover(surroundings.env, stdin)) };
const log = createDebugLog(stderr, env);
const notice = (failure: Failure): void => {
  stderr.write(`backstop: ${plainText(describeFailure(failure))}\n`);
};

/** Reads the credentials that the process that started this guardian hands over. */
async function readHandover(
  { [handoverVariable]: how }: NodeJS.ProcessEnv,
  input: NodeJS.ReadableStream,
): Promise<Readonly<Record<string, string>>> {
  if (how !== 'stdin') return {};
  let text = '';
  for await (const chunk of input) text += String(chunk);
  return JSON.parse(text) as Record<string, string>;
}

await endProcess(
  await runTerminal(process.argv.slice(2), {
    ...surroundings,
    env,
    version,
    clock: systemClock,
    panelScript,
    files: { openLogBytes, openLogFile },
    async engine({ allowHosts }) {
      const { composeEngine } = await import('./compose.ts');
      return composeEngine({ folder, env, bundles: import.meta.dirname, log, notice, allowHosts });
    },
    async guard() {
      const [{ openHistory }, { backstopHome, historyFile }, { guardRun }] = await Promise.all([
        import('./adapters/store/history.ts'),
        import('./adapters/store/home.ts'),
        import('./run/ownership/guardian.ts'),
      ]);
      const home = backstopHome(env, process.platform);
      const opened = openHistory(historyFile(home), systemClock.now, { steady: systemClock.monotonicMs });
      if (!opened.ok) return opened;
      const history = opened.value;
      const ports = { history, clock: systemClock, isThere: () => existsSync(home) };
      return succeed({ history, guard: task => guardRun(ports, task), close: () => history.close() });
    },
    async store() {
      const { composeStoreTools } = await import('./compose.ts');
      return composeStoreTools(env);
    },
    starter: async () => (await import('./compose.ts')).composeStarter(env),
    diagnose: (tools, damage) => diagnose(tools, env, systemClock, damage),
    async logAnalysis() {
      const [{ compareLogs }, { groupBytes }] = await Promise.all([
        import('./verify/logs/compareLogs.ts'),
        import('./verify/logs/record/grouping.ts'),
      ]);
      return succeed({ compareLogs, groupLines: groupBytes, close: () => Promise.resolve() });
    },
  }),
);
