// Packs the built extension into a VSIX, as `npm run package` does, into a folder of the caller's.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..', '..');

/** The bundles must be built. Gives the file's path. */
export async function packExtension(folder: string): Promise<string> {
  const packagePath = join(folder, 'backstop.vsix');
  await promisify(execFile)(
    process.execPath,
    [
      join(root, 'node_modules', '@vscode', 'vsce', 'vsce'),
      'package',
      '--no-dependencies',
      '--no-rewrite-relative-links',
      '--readme-path',
      'media/extension-page.md',
      '--out',
      packagePath,
    ],
    { cwd: root },
  );
  return packagePath;
}
