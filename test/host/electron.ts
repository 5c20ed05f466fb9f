// `npm run test:electron`: the in-host suite in desktop VS Code, downloaded or named by `BACKSTOP_TEST_EDITOR`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { buildSuite, extensionDevelopmentPath, extensionTestsPath } from '../editor/buildSuite.ts';
import { startWatchedJenkins } from './watchedJenkins.ts';
import { writeSuiteWorkspace } from './workspace.ts';

await buildSuite();
const home = mkdtempSync(join(tmpdir(), 'backstop-electron-'));
const workspace = join(home, 'workspace');
const jenkins = await startWatchedJenkins();
const vscodeExecutablePath = process.env['BACKSTOP_TEST_EDITOR'];
try {
  writeSuiteWorkspace(workspace, process.execPath, jenkins.url);
  await runTests({
    extensionDevelopmentPath,
    extensionTestsPath,
    ...(vscodeExecutablePath !== undefined && { vscodeExecutablePath }),
    extensionTestsEnv: {
      BACKSTOP_HOME: join(home, 'backstop'),
      BACKSTOP_USER: 'maria',
      BACKSTOP_TEST_MODE: 'suite',
      ...jenkins.environment,
    },
    launchArgs: [
      workspace,
      '--disable-extensions',
      '--disable-workspace-trust',
      '--user-data-dir',
      join(home, 'data'),
      '--extensions-dir',
      join(home, 'extensions'),
    ],
  });
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  await jenkins.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}
