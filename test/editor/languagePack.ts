// Sets an editor to a language without the vendor's language pack, which is in no package registry: the editor tells
// its extensions the language, as with that pack, and keeps its own English words.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes what the editor keeps of an installed language pack; before it starts. */
export function writeLanguagePack(home: string, language: string): void {
  const data = join(home, 'data'),
    words = join(data, `${language}.i18n.json`);
  mkdirSync(data, { recursive: true });
  writeFileSync(words, JSON.stringify({ version: '1.0.0', contents: {} }));
  const pack = {
    hash: language,
    label: language,
    extensions: [{ extensionIdentifier: { id: `test.language-pack-${language}` }, version: '1.0.0' }],
    translations: { vscode: words },
  };
  writeFileSync(join(data, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
}
