// The help: an overview in groups with an example each, and every command with all its options.
import type { Command, CommandGroup } from './command.ts';
import type { OptionSpec } from './commandLine.ts';
import { toned } from './screen/line.ts';
import type { Line } from './screen/line.ts';
import { padEnd } from './screen/width.ts';

const groups: readonly CommandGroup[] = ['Start here', 'Run', 'Decide', 'Look back', 'Analyse logs'];

export function overview(commands: readonly Command[]): readonly Line[] {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2;
  return [
    [
      toned('strong', 'backstop'),
      ': deploys in canary phases, verifies against metrics and logs, ' +
        'and rolls back artifact and configuration together.',
    ],
    [],
    [toned('strong', 'Usage'), '  backstop COMMAND [ARGUMENTS] [OPTIONS]'],
    ...groups.flatMap(group => [
      [],
      [toned('strong', group)],
      ...commands
        .filter(command => command.group === group)
        .flatMap(command => [
          ['  ', toned('canary', padEnd(command.name, width)), command.summary],
          ['  ', ' '.repeat(width), toned('dim', command.examples[0] ?? '')],
        ]),
    ]),
    [],
    [toned('strong', 'Everywhere')],
    ['  --help     Shows this text; after a command, the help of that command.'],
    ['  --version  Shows the version of Backstop.'],
    [],
    [toned('strong', 'Environment')],
    ["  BACKSTOP_USER  Your name in runs and approvals (by default Git's user.name, then your login)."],
    ['  BACKSTOP_HOME  The folder for runs, releases and learned log events.'],
    ['  BACKSTOP_CREDENTIAL_NAME  The value of the credential NAME (upper case, _ for other characters).'],
    ['  BACKSTOP_GUARD  If "off", runs are started without a guardian.'],
    ['  OTEL_EXPORTER_OTLP_ENDPOINT  An OpenTelemetry collector, which receives each finished run.'],
    ['  BACKSTOP_DEBUG  If set, details for debugging are written to standard error.'],
    ['  NO_COLOR, FORCE_COLOR  No colour, or colour even in a pipe.'],
    [],
    [toned('strong', 'Exit status')],
    ['  0 promoted or pass, 1 rolled back or fail, 2 held or inconclusive, 3 invalid input, 130 cancelled'],
  ];
}

export function commandHelp(command: Command): readonly Line[] {
  const options: [string, OptionSpec][] = [
    ...Object.entries(command.options),
    ['help', { type: 'boolean', text: 'Shows this text.' }],
  ];
  const left = options.map(([name, option]) => optionName(name, option));
  const width = Math.max(...left.map(text => text.length)) + 2;
  return [
    [toned('strong', `backstop ${command.name}`), `: ${command.summary}`],
    [],
    [toned('strong', 'Usage'), `  backstop ${command.name}${command.usage ? ` ${command.usage}` : ''}`],
    ...(command.details.length ? [[], ...command.details.map(detail => [detail])] : []),
    [],
    [toned('strong', 'Options')],
    ...options.map(([, option], index): Line => [
      '  ',
      toned('canary', padEnd(left[index] ?? '', width)),
      option.text,
      ...more(option),
    ]),
    [],
    [toned('strong', 'Exit status')],
    ...Object.entries(command.statuses).map(([status, meaning]): Line => [`  ${status.padEnd(5)}${meaning}`]),
    [],
    [toned('strong', 'Examples')],
    ...command.examples.map((example): Line => [`  ${example}`]),
  ];
}

/** An option in the form `-e, --environment E`. */
export function optionName(name: string, { type, short, value, allowed }: OptionSpec): string {
  const shown = type === 'boolean' ? '' : ` ${value ?? allowed?.join('|') ?? 'VALUE'}`;
  return `${short ? `-${short}, ` : ''}--${name}${shown}`;
}

function more({ multiple, default: standard }: OptionSpec): Line {
  const notes = [
    multiple ? 'may be given several times' : '',
    standard === undefined ? '' : `default ${standard}`,
  ].filter(Boolean);
  return notes.length ? [toned('dim', ` (${notes.join(', ')})`)] : [];
}
