// The commands of `backstop` in Markdown, from the same objects that answer `--help`.
import type { Command } from '../terminal/command.ts';
import type { OptionSpec } from '../terminal/commandLine.ts';
import { optionName } from '../terminal/help.ts';
import { markdownTable } from './markdownTable.ts';

export function commandOverview(commands: readonly Command[]): string {
  return markdownTable(
    ['Command', 'What it does'],
    commands.map(({ name, summary }) => [`[\`backstop ${name}\`](#backstop-${name})`, escapeText(summary)]),
  );
}

export function commandReference(commands: readonly Command[]): string {
  return commands.map(describeCommand).join('\n\n');
}

function describeCommand({ name, summary, usage, details, options, statuses, examples }: Command): string {
  const entries = Object.entries(options);
  return [
    `### backstop ${name}`,
    escapeText(summary),
    `\`\`\`sh\nbackstop ${name}${usage ? ` ${usage}` : ''}\n\`\`\``,
    ...details.map(escapeText),
    ...(entries.length > 0
      ? [
          markdownTable(
            ['Option', 'Meaning'],
            entries.map(([option, spec]) => [
              `\`${optionName(option, spec)}\``,
              `${escapeText(spec.text)}${notesOf(spec)}`,
            ]),
          ),
        ]
      : []),
    markdownTable(
      ['Exit status', 'Meaning'],
      Object.entries(statuses).map(([status, meaning]) => [status, meaning]),
    ),
    `\`\`\`sh\n${examples.join('\n')}\n\`\`\``,
  ].join('\n\n');
}

function notesOf({ multiple, default: standard }: OptionSpec): string {
  return (
    (multiple ? ' It may be given several times.' : '') + (standard === undefined ? '' : ` Default: \`${standard}\`.`)
  );
}

/** Escapes what Markdown would interpret as HTML or as emphasis. */
function escapeText(text: string): string {
  return text.replaceAll(/[<*]/g, '\\$&');
}
