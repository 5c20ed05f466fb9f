// Packs the built extension into a VSIX, as `npm run package` does, into a folder of the caller's.
import { createVSIX } from '@vscode/vsce';
import { statSync } from 'node:fs';
import { join } from 'node:path';

/** The bundles must be built. Gives the file's path. */
export async function packExtension(folder: string): Promise<string> {
  const packagePath = join(folder, 'backstop.vsix');
  await createVSIX({ cwd: join(import.meta.dirname, '..', '..'), packagePath, dependencies: false });
  if (statSync(packagePath).size === 0) throw new Error('the package is empty');
  return packagePath;
}
