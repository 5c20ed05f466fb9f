// A table of the extension's settings, from its manifest and the English texts of the manifest.
import { markdownTable } from './markdownTable.ts';

export interface Manifest {
  readonly contributes: {
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly default: unknown; readonly markdownDescription: string }>
      >;
    };
    readonly commands: readonly { readonly command: string; readonly title: string }[];
  };
}
export type ManifestTexts = Readonly<Record<string, string>>;

export function settingsTable({ contributes }: Manifest, texts: ManifestTexts): string {
  return markdownTable(
    ['Setting', 'Default', 'Meaning'],
    Object.entries(contributes.configuration.properties).map(([name, setting]) => [
      `\`${name}\``,
      setting.default === '' ? 'empty' : `\`${String(setting.default)}\``,
      textOf(setting.markdownDescription, texts),
    ]),
  );
}

/** Resolves a placeholder such as `%commands.deploy%` to its text. */
export function textOf(reference: string, texts: ManifestTexts): string {
  const text = texts[reference.replaceAll('%', '')];
  if (text === undefined) throw new Error(`The manifest's texts have no ${reference}.`);
  return text;
}
