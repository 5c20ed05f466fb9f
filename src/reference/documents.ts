// Lists the documents with generated parts and their content. `npm run docs` writes them; a test compares them.
import { pipelineJsonSchema } from '../definition/schema/jsonSchema.ts';
import { commands } from '../terminal/screen/terminal.ts';
import { fillBlocks } from './blocks.ts';
import { commandOverview, commandReference } from './commandReference.ts';
import { hookVariableTable } from './hookVariableTable.ts';
import type { SchemaNode } from './keyTable.ts';
import { keyTable } from './keyTable.ts';
import type { Manifest, ManifestTexts } from './settingsTable.ts';
import { settingsTable } from './settingsTable.ts';

/** Paths relative to the root of the repository. */
export const documentsWithReference = [
  'media/docs/pipeline-file.md',
  'media/docs/command-line.md',
  'media/docs/editor.md',
] as const;

/** `read` returns the text of a file; its path is relative to the root of the repository. */
export function writeReference(document: string, read: (path: string) => string): string {
  return fillBlocks(document, name => {
    switch (name) {
      case 'commands':
        return commandOverview(commands);
      case 'command details':
        return commandReference(commands);
      case 'hook variables':
        return hookVariableTable();
      case 'settings':
        return settingsTable(
          JSON.parse(read('package.json')) as Manifest,
          JSON.parse(read('package.nls.json')) as ManifestTexts,
        );
      default:
        return keyTable(pipelineJsonSchema() as SchemaNode, name);
    }
  });
}
