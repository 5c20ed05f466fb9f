// The entry point of `backstop`: finds the command, shows its help or runs it, and turns its result into an exit
// status.
import { fail, StoreError, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Command } from '../command.ts';
import { parseCommandLine } from '../commandLine.ts';
import type { EngineChoices, LogAnalysis, TerminalDependencies, TerminalEngine } from '../dependencies.ts';
import { exitStatus, statusOfFailure } from '../exitStatus.ts';
import { commandHelp, overview } from '../help.ts';
import type { Line } from './line.ts';
import { createOutput } from './output.ts';
import type { Output } from './output.ts';
import { suggest } from '../suggest.ts';
import { audit } from '../commands/auditCommand.ts';
import { builds } from '../commands/buildsCommand.ts';
import { doctor } from '../commands/doctorCommand.ts';
import { exportCommand, importCommand, replayCommand } from '../commands/runs/evidenceCommands.ts';
import { adopt } from '../commands/adoptCommand.ts';
import { checkSources } from '../commands/checkSourcesCommand.ts';
import { approve, cancel, hold, promote, reject } from '../commands/runs/instructionCommands.ts';
import { feedback } from '../commands/feedbackCommand.ts';
import { guard } from '../commands/runs/guardCommand.ts';
import { init } from '../commands/initCommand.ts';
import { pin, unpin } from '../commands/runs/pinCommands.ts';
import { plan } from '../commands/runs/planCommand.ts';
import { releases } from '../commands/releasesCommand.ts';
import { report } from '../commands/runs/reportCommand.ts';
import { resume } from '../commands/runs/resumeCommand.ts';
import { rollback } from '../commands/runs/rollbackCommand.ts';
import { run } from '../commands/runs/runCommand.ts';
import { runs } from '../commands/runs/runsCommand.ts';
import { show } from '../commands/runs/showCommand.ts';
import { stats } from '../commands/statsCommand.ts';
import { templates } from '../commands/templatesCommand.ts';
import { validate } from '../commands/validateCommand.ts';
import { verify } from '../commands/verifyCommand.ts';

export const commands: readonly Command[] = [
  init,
  validate,
  checkSources,
  builds,
  plan,
  adopt,
  run,
  resume,
  guard,
  approve,
  reject,
  promote,
  hold,
  feedback,
  pin,
  unpin,
  cancel,
  rollback,
  runs,
  show,
  report,
  releases,
  audit,
  exportCommand,
  importCommand,
  replayCommand,
  doctor,
  stats,
  verify,
  templates,
];

/** `words` are those after `backstop`. Returns the exit status; throws only if there is a bug. */
export async function runTerminal(words: readonly string[], dependencies: TerminalDependencies): Promise<number> {
  const output = createOutput(dependencies);
  const result = await dispatch(words, dependencies, output).catch(brokenStore);
  if (result.ok) return result.value;
  output.failure(result.failure);
  return statusOfFailure(result.failure.kind);
}

/** The store failed during the command, which is a problem of the machine or of a file, not a bug. */
function brokenStore(error: unknown): Result<number> {
  if (error instanceof StoreError) return { ok: false, failure: error.failure };
  throw error;
}

async function dispatch(
  words: readonly string[],
  dependencies: TerminalDependencies,
  output: Output,
): Promise<Result<number>> {
  const [name, ...rest] = words;
  if (name === undefined) return failWithHelp(output);
  if (name === '--help' || name === '-h' || name === 'help') return giveHelp(rest[0], output);
  if (name === '--version' || name === '-V') return print([[dependencies.version]], output);
  const command = commands.find(one => one.name === name);
  if (!command) return unknownCommand(name);
  if (asksForHelp(rest)) return print(commandHelp(command), output);
  const given = parseCommandLine(command.name, rest, command.options, command.positional);
  if (!given.ok) return given;
  const opened = openOnce(dependencies, { allowHosts: given.value.list('allow-host') });
  try {
    return await command.run({
      dependencies: { ...dependencies, logAnalysis: opened.logAnalysis },
      output,
      given: given.value,
      engine: opened.engine,
    });
  } finally {
    await opened.close();
  }
}

/** One engine for the process, which is closed in every case. */
function openOnce(
  dependencies: TerminalDependencies,
  choices: EngineChoices,
): {
  engine: () => Promise<Result<TerminalEngine>>;
  logAnalysis: () => Promise<Result<LogAnalysis>>;
  close: () => Promise<void>;
} {
  const closers: (() => Promise<void>)[] = [];
  const once = <T extends { close(): Promise<void> }>(open: () => Promise<Result<T>>): (() => Promise<Result<T>>) => {
    let opened: Promise<Result<T>> | undefined;
    return () =>
      (opened ??= open().then(result => {
        if (result.ok) closers.push(() => result.value.close());
        return result;
      }));
  };
  return {
    engine: once(() => dependencies.engine(choices)),
    logAnalysis: once(dependencies.logAnalysis),
    close: async () => {
      for (const close of closers) await close();
    },
  };
}

function giveHelp(name: string | undefined, output: Output): Result<number> {
  if (name === undefined || name.startsWith('-')) return print(overview(commands), output);
  const command = commands.find(one => one.name === name);
  return command ? print(commandHelp(command), output) : unknownCommand(name);
}

function failWithHelp(output: Output): Result<number> {
  for (const line of overview(commands)) output.note(line);
  return succeed(exitStatus.invalid);
}

/** Words of other tools for what a command does. */
const otherWords: Readonly<Record<string, string>> = {
  abort: 'cancel',
  deploy: 'run',
  history: 'runs',
  list: 'runs',
  logs: 'show',
  new: 'init',
  start: 'run',
  status: 'show',
  stop: 'cancel',
  undo: 'rollback',
};

function suggestCommand(name: string): string {
  const meant = Object.hasOwn(otherWords, name) ? otherWords[name] : undefined;
  if (meant !== undefined) return ` Did you mean ${meant}?`;
  return suggest(
    name,
    commands.map(one => one.name),
  );
}

function unknownCommand(name: string): Result<number> {
  return fail(
    'invalid',
    name.startsWith('-') ? `There is no option ${name}.` : `There is no command "${name}".${suggestCommand(name)}`,
    { hint: 'See: backstop --help' },
  );
}

/** The words before `--`, which ends the options. */
function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return words.slice(0, end === -1 ? undefined : end).some(word => word === '--help' || word === '-h');
}

function print(lines: readonly Line[], output: Output): Result<number> {
  for (const line of lines) output.line(line, 4);
  return succeed(exitStatus.good);
}
