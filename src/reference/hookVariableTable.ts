// A table of the variables that hooks receive, with the descriptions that completion shows in the editor.
import { hookVariables } from '../host/language/document/variables.ts';
import { markdownTable } from './markdownTable.ts';

export function hookVariableTable(): string {
  return markdownTable(
    ['Variable', 'Value'],
    hookVariables(['name'], (text, ...values) => fill(text, values)).map(({ name, description }) => [
      `\`${name}\``,
      description,
    ]),
  );
}

function fill(text: string, values: readonly (string | number | boolean)[]): string {
  return text.replaceAll(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)]));
}
