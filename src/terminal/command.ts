// The type of a command of `backstop`: its help next to its implementation.
import { succeed } from '../model/failure.ts';
import type { Result } from '../model/failure.ts';
import type { OptionSpecs, ParsedArguments, PositionalSpec } from './commandLine.ts';
import type { TerminalDependencies, TerminalEngine } from './dependencies.ts';
import type { Output } from './screen/output.ts';

export type CommandGroup = 'Start here' | 'Run' | 'Decide' | 'Look back' | 'Analyse logs';

export interface Command {
  readonly name: string;
  readonly group: CommandGroup;
  /** One line, for the overview. */
  readonly summary: string;
  /** The text after the name in the usage line. */
  readonly usage: string;
  readonly details: readonly string[];
  readonly positional: PositionalSpec;
  readonly options: OptionSpecs;
  readonly statuses: Readonly<Record<number, string>>;
  readonly examples: readonly string[];
  /** Returns the exit status. */
  readonly run: (context: CommandContext) => Promise<Result<number>>;
}

export interface CommandContext {
  readonly dependencies: TerminalDependencies;
  readonly output: Output;
  readonly given: ParsedArguments;
  /** The only engine of this process, closed when the process ends. */
  readonly engine: () => Promise<Result<TerminalEngine>>;
}

export const jsonOption: OptionSpecs = { json: { type: 'boolean', text: 'Prints JSON for programs.' } };
/** The option of all commands that connect to the hosts of a pipeline. */
export const hostOption: OptionSpecs = {
  'allow-host': {
    type: 'string',
    value: 'HOST',
    multiple: true,
    text:
      'Allows this command to send credentials of the pipeline to this host. With http://HOST, also over an ' +
      'unencrypted connection.',
  },
};
export const pipelineArgument: PositionalSpec = { name: 'PIPELINE', minimum: 0, maximum: 1 };
export const runArgument: PositionalSpec = { name: 'RUN', minimum: 1, maximum: 1 };

/** Explains for help texts how to name a pipeline or a run. */
export const pipelineDetail = 'PIPELINE is a name or the path of a file; leave it out if the folder has only one.';
export const runDetail = 'RUN is a number (12 or #12), an id, or "last".';

export function done(status: number): Result<number> {
  return succeed(status);
}
