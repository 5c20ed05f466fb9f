// Bundles the suite that runs inside the extension host; it is no part of what is shipped.
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..', '..');

/** What both launchers hand to VS Code. */
export const extensionDevelopmentPath = root;
export const extensionTestsPath = join(root, 'dist', 'test', 'host.cjs');

export async function buildSuite(): Promise<void> {
  await build({
    entryPoints: [join(root, 'test', 'host', 'suite', 'run.ts')],
    outfile: extensionTestsPath,
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    sourcemap: 'linked',
    logLevel: 'warning',
    external: ['vscode', 'mocha'],
  });
}
