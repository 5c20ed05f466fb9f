// The log for developers: silent unless BACKSTOP_DEBUG is set.
import type { Log } from '../model/ports.ts';
import { plainLine } from '../protocol/words/plainText.ts';
import type { TerminalDependencies } from './dependencies.ts';

export function createDebugLog(stderr: TerminalDependencies['stderr'], env: TerminalDependencies['env']): Log {
  const write =
    (level: string) =>
    (message: string): void => {
      if (env['BACKSTOP_DEBUG']) stderr.write(`${level}: ${plainLine(message)}\n`);
    };
  return { debug: write('debug'), warn: write('warn') };
}
