// The demo's program: `play` plays the story, `servers` runs fleet and vendors, `hook` is what the demo workspace's pipeline calls.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endAllPrograms } from './servers/childProgram.ts';
import { runHook } from './fleet/hook.ts';
import { isScenarioName, scenarioNames, type ScenarioName } from './story/scenarios.ts';
import type { DemoServers } from './servers/addresses.ts';

const usage = `Usage:
  demo play [--scenario NAME] [--seed N] [--servers FILE] [--json]   plays the story and judges it
  demo servers [--scenario NAME] [--seed N] [--with-parent] [--hours N]   runs until SIGTERM, or so long; prints one line of JSON
  demo workspace FOLDER --servers FILE --configuration old|new       writes the demo workspace for one person; prints one line of JSON
  demo hook deploy|rollback|check                                    a hook of the demo workspace

Scenarios: ${scenarioNames.join(', ')}`;

// A hook is started again and again, so it loads neither the servers nor the play.
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const printError = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

interface Options {
  readonly scenario: ScenarioName;
  readonly seed: number;
  readonly servers?: string;
  readonly json: boolean;
  readonly withParent: boolean;
  /** 0 = no limit. */
  readonly hours: number;
}

async function main([command, ...words]: readonly string[]): Promise<number> {
  switch (command) {
    case 'hook':
      return runHook(words[0], process.env, print, printError);
    case 'workspace':
      return writeWorkspace(words);
    case 'servers':
      return withOptions(words, 'healthy', serve);
    case 'play':
      return withOptions(words, 'quality-regression', async options =>
        (await import('./story/play.ts')).play({
          ...options,
          ...(options.servers !== undefined && { serversFile: options.servers }),
          demoPath: import.meta.filename,
          cliPath: join(import.meta.dirname, 'cli.js'),
          tell: options.json ? printError : print,
          print,
        }),
      );
    default:
      printError(usage);
      return command === '--help' ? 0 : 3;
  }
}

/** For the editor: what it needs to know of the workspace it opens. */
async function writeWorkspace(words: readonly string[]): Promise<number> {
  const {
    values,
    positionals: [folder],
  } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { servers: { type: 'string' }, configuration: { type: 'string', default: 'old' } },
  });
  const line =
    values.servers === undefined
      ? undefined
      : readFileSync(values.servers, 'utf8')
          .split('\n')
          .find(one => one.startsWith('{'));
  if (
    folder === undefined ||
    line === undefined ||
    (values.configuration !== 'old' && values.configuration !== 'new')
  ) {
    printError(usage);
    return 3;
  }
  const servers = JSON.parse(line) as DemoServers;
  const { changeNumber, credentialNames, goodVersion, newVersion, pipelinePath, writeDemoWorkspace } =
    await import('./story/workspace.ts');
  writeDemoWorkspace(folder, servers, {
    configuration: values.configuration,
    nodePath: process.execPath,
    demoPath: import.meta.filename,
    forOnePerson: true,
  });
  const { newRelic, sumoLogic, fleet } = servers;
  print(
    JSON.stringify({
      file: pipelinePath,
      goodVersion,
      newVersion,
      inputs: { change: changeNumber },
      fleetUrl: fleet.url,
      credentials: {
        [credentialNames.newRelic]: newRelic.apiKey,
        [credentialNames.sumoLogic]: `${sumoLogic.accessId}:${sumoLogic.accessKey}`,
      },
    }),
  );
  return 0;
}

function withOptions(
  words: readonly string[],
  scenario: ScenarioName,
  work: (options: Options) => Promise<number>,
): Promise<number> {
  let options: Options;
  try {
    options = readOptions(words, scenario);
  } catch (error) {
    printError(`${(error as Error).message}\n\n${usage}`);
    return Promise.resolve(3);
  }
  return work(options);
}

function readOptions(words: readonly string[], standard: ScenarioName): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      scenario: { type: 'string', default: standard },
      seed: { type: 'string', default: '1' },
      servers: { type: 'string' },
      json: { type: 'boolean', default: false },
      'with-parent': { type: 'boolean', default: false },
      hours: { type: 'string', default: '0' },
    },
  });
  const seed = Number(values.seed),
    hours = Number(values.hours);
  if (!isScenarioName(values.scenario)) throw new Error(`There is no scenario "${values.scenario}".`);
  if (values.seed.trim() === '' || !Number.isSafeInteger(seed))
    throw new Error(`--seed is a whole number, found "${values.seed}".`);
  if (!(hours >= 0 && hours <= 500)) throw new Error(`--hours is a number up to 500, found "${values.hours}".`);
  return {
    scenario: values.scenario,
    seed,
    hours,
    json: values.json,
    withParent: values['with-parent'],
    ...(values.servers !== undefined && { servers: values.servers }),
  };
}

/** Resolves when it is told to stop, or, if so asked, when the program that started it is gone. */
async function serve({ scenario, seed, withParent, hours }: Options): Promise<number> {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  process.once('SIGTERM', () => stop()).once('SIGINT', () => stop());
  const parent = process.ppid;
  const watching = withParent
    ? setInterval(() => {
        if (process.ppid !== parent) stop();
      }, 1000)
    : undefined;
  const limit = hours > 0 ? setTimeout(stop, hours * 3_600_000) : undefined;
  const { startDemoServers } = await import('./servers/servers.ts');
  const { servers, close } = await startDemoServers(scenario, seed);
  print(JSON.stringify({ ...servers, pid: process.pid }));
  await stopped;
  clearInterval(watching);
  clearTimeout(limit);
  await close();
  return 0;
}

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  if (process.argv[2] === 'play')
    process.once(signal, () => {
      endAllPrograms();
      process.exitCode = status;
    });
}
const status = await main(process.argv.slice(2));
process.exitCode ||= status;
