// The entry point of `backstop`: compose plus the terminal. The engine is loaded when a command first needs it.
import manifest from '../package.json' with { type: 'json' };
import { openLines, openLogFile } from './adapters/logFiles.ts';
import { systemClock } from './adapters/time.ts';
import { succeed } from './model/failure.ts';
import type { Log } from './model/ports.ts';
import { attachToProcess, endProcess } from './terminal/processDependencies.ts';
import { runTerminal } from './terminal/terminal.ts';

const { version } = manifest;
const surroundings = attachToProcess();
const { cwd, env } = surroundings;

await endProcess(await runTerminal(process.argv.slice(2), {
  ...surroundings, version, clock: systemClock, files: { openLines, openLogFile },
  engine: async () => (await import('./compose.ts')).composeEngine({ folder: cwd, env, bundles: import.meta.dirname, log: debugLog(env) }),
  async logAnalysis() {
    const [{ compareLogs }, { groupLinesFrom }] = await Promise.all([import('./verify/logs/compareLogs.ts'), import('./verify/logs/grouping.ts')]);
    return succeed({ compareLogs, groupLines: groupLinesFrom, close: () => Promise.resolve() });
  },
}));

/** For the programmer, on standard error, when BACKSTOP_DEBUG is set. */
function debugLog({ BACKSTOP_DEBUG }: typeof env): Log {
  const write = (message: string): void => { if (BACKSTOP_DEBUG) process.stderr.write(`${message}\n`); };
  return { debug: write, warn: write };
}
