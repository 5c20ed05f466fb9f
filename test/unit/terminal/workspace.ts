// A throw-away workspace folder with pipeline files; what is in them does not matter to a fake engine.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

export function createWorkspace(
  context: Pick<TestContext, 'after'>,
  files: readonly string[] = ['storefront.yaml'],
): string {
  const folder = mkdtempSync(join(tmpdir(), 'backstop-terminal-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, '.backstop/pipelines'), { recursive: true });
  for (const file of files) writeFileSync(join(folder, '.backstop/pipelines', file), 'name: storefront\n');
  return folder;
}
