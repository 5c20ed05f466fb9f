// Checks whether the program of a command hook can be started: it exists and is executable, and so is the interpreter
// in its first line.
import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, resolve } from 'node:path';
import type { Failure } from '../../model/failure.ts';
import { filesAreExecutable } from '../platform.ts';
import type { CommandHook } from './commandHookInvocation.ts';

export interface ProgramProblem {
  /** Completes "Hook X could not be started: ". */
  readonly what: string;
  readonly hint: string;
}

/**
 * Undefined if nothing is wrong, or if it cannot be checked: a shell command, or a name that is only known during the
 * run.
 */
export function findProgramProblem(
  { command, shell }: Pick<CommandHook, 'command' | 'shell'>,
  directory: string,
  path: string,
): ProgramProblem | undefined {
  const program = command[0] ?? '';
  if (shell || program.includes('${') || !filesAreExecutable()) return undefined;
  const file = program.includes('/') ? resolve(directory, program) : findOnPath(program, path);
  const status = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false });
  if (file === undefined || !status)
    return {
      what: `there is no program "${program}".`,
      hint: /\s/.test(program)
        ? 'Write program and arguments as a list, or set "shell: true".'
        : 'Check its name, that it is installed, and PATH; a path of your own is relative to the workspace folder ' +
          'and begins with "./".',
    };
  if (!status.isFile()) return { what: `"${program}" is not a file.`, hint: 'Name the program itself.' };
  if (!mayExecute(file))
    return {
      what: `"${program}" cannot be run: it is not executable.`,
      hint: 'Make the file executable (chmod +x, and git update-index --chmod=+x), or name the program that runs it.',
    };
  return findInterpreterProblem(program, firstLine(file), path);
}

/** Checked before anything is deployed. */
export function programFailure(hook: CommandHook, folder: string, path: string): Failure | undefined {
  const problem = findProgramProblem(hook, resolve(folder, hook.directory), path);
  return (
    problem && {
      kind: 'not-found',
      message: `Hook "${hook.name}" cannot be started: ${problem.what}`,
      hint: problem.hint,
    }
  );
}

/** Only files that begin with `#!` have an interpreter. */
function findInterpreterProblem(program: string, line: string, path: string): ProgramProblem | undefined {
  if (!line.startsWith('#!')) return undefined;
  if (line.endsWith('\r'))
    return {
      what: `the first line of "${program}" ends with a carriage return (CRLF), so that its interpreter is not found.`,
      hint: 'Save the file with LF line endings, and keep them in Git: *.sh text eol=lf in .gitattributes.',
    };
  const [interpreter = '', ...words] = line.slice(2).trim().split(/\s+/);
  const named = /\/env$/.test(interpreter)
    ? words.find(word => !word.startsWith('-') && !word.includes('='))
    : undefined;
  const isThere = (name: string): boolean =>
    isAbsolute(name)
      ? statSync(name, { throwIfNoEntry: false })?.isFile() === true
      : findOnPath(name, path) !== undefined;
  const missing = [interpreter, named].find(name => name !== undefined && name !== '' && !isThere(name));
  if (missing === undefined) return undefined;
  return {
    what: `"${program}" names the interpreter "${missing}" in its first line, which is not installed.`,
    hint: 'Install it, or correct the first line of the file.',
  };
}

function findOnPath(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter(folder => folder !== '')
    .map(folder => resolve(folder, name))
    .find(file => statSync(file, { throwIfNoEntry: false })?.isFile());
}

function mayExecute(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** In bytes; Linux reads no more of the first line of a script. */
const longestFirstLine = 256;

function firstLine(file: string): string {
  let opened: number | undefined;
  try {
    opened = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const bytes = Buffer.alloc(longestFirstLine);
    return bytes.toString('latin1', 0, readSync(opened, bytes, 0, longestFirstLine, 0)).split('\n')[0]!;
  } catch {
    // A program that may be executed but not read cannot be a script.
    return '';
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}
