// The demo's servers as `npm run demo:servers` starts them: a program of their own, found by the line of JSON that it
// prints.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import type { DemoServers } from '../../src/demo/servers/demoServers.ts';

export const root = join(import.meta.dirname, '..', '..');

/** They end with the test. */
export async function startDemoProgram(
  context: Pick<TestContext, 'after'>,
): Promise<DemoServers & { readonly line: string }> {
  const program = spawn(process.execPath, [join(root, 'dist', 'demo.js'), 'servers', '--with-parent'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.after(async () => {
    program.kill('SIGTERM');
    if (program.exitCode === null) await once(program, 'exit');
  });
  for await (const line of createInterface({ input: program.stdout }))
    return { ...(JSON.parse(line) as DemoServers), line };
  throw new Error(`the servers ended with ${program.exitCode}`);
}
