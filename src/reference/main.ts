// `npm run docs`: writes the generated parts of the documents. `--check` writes nothing and fails where a document
// differs.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentsWithReference, writeReference } from './documents.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const outdated = documentsWithReference.filter(path => writeReference(read(path), read) !== read(path));
if (process.argv.includes('--check')) {
  for (const path of outdated)
    console.error(`${path} differs from the schema, the commands or the settings: run npm run docs.`);
  if (outdated.length > 0) process.exitCode = 1;
} else {
  for (const path of outdated) writeFileSync(join(root, path), writeReference(read(path), read));
}
