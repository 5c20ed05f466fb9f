// The demo for an editor: fleet and vendors' servers in a process of their own, a workspace, credentials, and an old release that everything runs.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startProgram } from '../../src/demo/servers/childProgram.ts';
import { defaultNodes } from '../../src/demo/fleet/fleet.ts';
import type { ScenarioName } from '../../src/demo/story/scenarios.ts';
import type { DemoServers } from '../../src/demo/servers/addresses.ts';
import {
  changeConfiguration,
  credentialNames,
  goodVersion,
  writeDemoWorkspace,
} from '../../src/demo/story/workspace.ts';

export interface DemoWorld {
  readonly workspace: string;
  /** For the editor's server: credentials and store. */
  readonly environment: Readonly<Record<string, string>>;
  readonly servers: DemoServers;
  /** The version and configuration that the nodes of an environment run. */
  nodes(
    environment: string,
  ): Promise<readonly { readonly node: string; readonly version: string; readonly configuration: string }[]>;
  close(): Promise<void>;
}

export interface DemoWorldOptions {
  readonly scenario?: ScenarioName;
  /** What runs the demo's bundle for a hook; Node.js itself where absent. */
  readonly hookProgram?: string;
}

const dist = join(import.meta.dirname, '..', '..', 'dist');

/** Writes into `folder`, which the caller removes. The bundles must be built. */
export async function startDemoWorld(
  folder: string,
  { scenario = 'quality-regression', hookProgram = process.execPath }: DemoWorldOptions = {},
): Promise<DemoWorld> {
  const program = spawn(process.execPath, [join(dist, 'demo.js'), 'servers', '--scenario', scenario, '--with-parent'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise<void>(resolve => {
    program.once('close', () => resolve());
  });
  const close = async (): Promise<void> => {
    program.kill();
    await gone;
  };
  try {
    const servers = await readServers(program);
    const workspace = join(folder, 'storefront');
    writeDemoWorkspace(workspace, servers, {
      configuration: 'old',
      nodePath: hookProgram,
      demoPath: join(dist, 'demo.js'),
      forOnePerson: true,
    });
    const environment = environmentOf(join(folder, 'backstop'), servers);
    await adopt(workspace, environment);
    changeConfiguration(workspace, 'new');
    return {
      workspace,
      environment,
      servers,
      close,
      nodes: async name =>
        (await (await fetch(`${servers.fleet.url}/nodes?environment=${name}`)).json()) as Awaited<
          ReturnType<DemoWorld['nodes']>
        >,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function readServers(program: ChildProcess): Promise<DemoServers> {
  if (!program.stdout) throw new Error('the demo servers have no output');
  for await (const line of createInterface({ input: program.stdout })) return JSON.parse(line) as DemoServers;
  throw new Error('the demo servers ended without a word');
}

function environmentOf(home: string, { newRelic, sumoLogic }: DemoServers): Readonly<Record<string, string>> {
  const variable = (credential: string): string =>
    `BACKSTOP_CREDENTIAL_${credential.toUpperCase().replaceAll('-', '_')}`;
  return {
    BACKSTOP_HOME: home,
    [variable(credentialNames.newRelic)]: newRelic.apiKey,
    [variable(credentialNames.sumoLogic)]: `${sumoLogic.accessId}:${sumoLogic.accessKey}`,
  };
}

async function adopt(workspace: string, environment: Readonly<Record<string, string>>): Promise<void> {
  const environments = [...new Set(defaultNodes.map(node => node.environment))].flatMap(name => [
    '--environment',
    name,
  ]);
  const { status, complaint } = await startProgram(
    process.execPath,
    [join(dist, 'cli.js'), 'adopt', 'storefront', '--version', goodVersion, ...environments],
    {
      directory: workspace,
      environment: { ...process.env, ...environment },
    },
  ).done;
  if (status !== 0) throw new Error(`backstop adopt ended with ${status}: ${complaint}`);
}
