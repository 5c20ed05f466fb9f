// The keys for a program on this machine, such as that of a health source: its command and how it runs.
import { z } from 'zod';
import { errorAt, type Report } from './drafts.ts';
import { duration, formed, looseText, relativePath, text, textMap } from './fields.ts';
import { child, entryOf, type Entry } from './place.ts';

/** The command under the key `name`: a list or, with `shell: true`, one text. */
export function programCommand<Name extends string>(name: Name, description: string) {
  const command = z
    .union([z.array(looseText).min(1).max(200), text('', 20_000)], {
      error: 'A command is a list of the program and its arguments; with `shell: true` it is one text.',
    })
    .meta({
      description:
        'Program and arguments as a list, run without a shell. With `shell: true` it is one text for the shell. ' +
        description,
    });
  return {
    [name]: command,
    shell: z
      .boolean()
      .default(false)
      .meta({ description: `Whether \`${name}\` (then one text) is run by a shell.` }),
  } as Record<Name, typeof command> & { shell: z.ZodDefault<z.ZodBoolean> };
}

/** True if `part` has such a command under the key `name`. */
export function checkProgramCommand(part: Entry, name: string, report: Report): void {
  const command = entryOf(part.value, name),
    shell = child(part.value, 'shell'),
    usesShell = shell?.kind === 'scalar' && shell.value === true;
  if (command && usesShell !== (command.value.kind === 'scalar'))
    report(
      errorAt(
        command.keySpan,
        'wrong-form',
        usesShell
          ? 'With `shell: true` the command is one text.'
          : 'Without `shell: true` the command is a list of the program and its arguments.',
      ),
    );
}

/** The same rules as for a command hook apply. */
export function programFields(longest: string) {
  return {
    directory: relativePath('Working directory, relative to the workspace folder.').default('.'),
    variables: textMap('More environment variables; they may name `${credential:NAME}`.'),
    environment: z
      .array(
        formed(
          'Name of an environment variable.',
          /^(?!BACKSTOP_)[A-Za-z_][A-Za-z0-9_()]*$/,
          'The name of an environment variable that is not one of Backstop: `KUBECONFIG`.',
        ),
      )
      .max(100)
      .default([])
      .meta({
        description:
          'Environment variables that Backstop passes to the program in addition to the usual ones, as for a hook.',
      }),
    timeout: duration('A program that takes longer is stopped, and its output is not used.', '1s', longest).default(
      '20s',
    ),
  };
}
