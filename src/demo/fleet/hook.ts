// The deploy, rollback and check hooks of the demo workspace: like a user's own scripts, against the fleet's API.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, succeed, type Result } from '../../model/failure.ts';
import { digestConfiguration, type ConfigurationContent } from './configurationDigest.ts';
import { askFleet } from './fleetClient.ts';
import type { FleetNode } from './fleet.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Print = (line: string) => void;

interface Order {
  readonly fleet: string;
  readonly environment: string;
  readonly nodes: readonly string[];
  readonly version: string;
  readonly content: ConfigurationContent;
  /** Digest of the content in the folder. */
  readonly configuration: string;
}

/** Runs `deploy`, `rollback` or `check` as the BACKSTOP_ variables say; returns the exit status. */
export async function runHook(
  action: string | undefined,
  environment: Environment,
  print: Print,
  printError: Print,
): Promise<number> {
  if (action !== 'deploy' && action !== 'rollback' && action !== 'check') {
    printError(`Usage: hook deploy|rollback|check. Found: ${action ?? 'nothing'}.`);
    return 3;
  }
  const order = readOrder(environment);
  const done = order.ok
    ? await (action === 'check' ? check(order.value, print) : bring(action, order.value, print))
    : order;
  if (!done.ok) printError(done.failure.message);
  return done.ok ? 0 : 1;
}

/** Deploys the release to all nodes at once and reports the result of each. */
async function bring(
  action: 'deploy' | 'rollback',
  { fleet, nodes, version, content, configuration }: Order,
  print: Print,
): Promise<Result<void>> {
  const verb = action === 'deploy' ? 'deploying' : 'rolling back to';
  print(`${verb} storefront ${version}, configuration ${configuration.slice(0, 12)}`);
  const results = await Promise.all(
    nodes.map(async node => {
      print(`${node}: restarting`);
      const startedAt = performance.now();
      const answer = await askFleet(`${fleet}/deploy`, { node, version, configuration: content });
      if (answer.ok) print(`${node}: serves ${version} after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
      return { node, answer };
    }),
  );
  const failed = results.flatMap(({ node, answer }) => (answer.ok ? [] : [`${node}: ${answer.failure.message}`]));
  return failed.length === 0 ? succeed(undefined) : fail('hook-failed', failed.join('\n'));
}

/** Succeeds only if every node reports exactly this version and configuration. */
async function check(
  { fleet, environment, nodes, version, configuration }: Order,
  print: Print,
): Promise<Result<void>> {
  const answer = await askFleet(`${fleet}/nodes?environment=${encodeURIComponent(environment)}`);
  if (!answer.ok) return answer;
  const running = new Map((answer.value as readonly FleetNode[]).map(one => [one.node, one]));
  const wrong: string[] = [];
  for (const node of nodes) {
    const found = running.get(node);
    const says = found
      ? `${found.version}, configuration ${found.configuration.slice(0, 12)}`
      : 'nothing: the fleet does not know it';
    print(`${node}: runs ${says}`);
    if (found?.version !== version || found.configuration !== configuration) wrong.push(`${node} runs ${says}`);
  }
  return wrong.length === 0
    ? succeed(undefined)
    : fail('hook-failed', `Expected ${version}, configuration ${configuration.slice(0, 12)}, but ${wrong.join('; ')}.`);
}

function readOrder(environment: Environment): Result<Order> {
  const wanted = [
    'DEMO_FLEET_URL',
    'BACKSTOP_ENVIRONMENT',
    'BACKSTOP_NODES',
    'BACKSTOP_VERSION',
    'BACKSTOP_CONFIG_DIR',
  ] as const;
  const missing = wanted.filter(name => !environment[name]);
  if (missing.length > 0)
    return fail(
      'invalid',
      `Not set: ${missing.join(', ')}. This program is a hook; Backstop sets the BACKSTOP_ variables.`,
    );
  const [fleet, place, nodes, version, folder] = wanted.map(name => environment[name]!) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const content = readContent(folder);
  if (!content.ok) return content;
  const configuration = digestConfiguration(content.value);
  const expected = environment['BACKSTOP_CONFIG_DIGEST'];
  if (expected && expected !== configuration)
    return fail(
      'invalid',
      `${folder} holds configuration ${configuration.slice(0, 12)}, not ${expected.slice(0, 12)}.`,
    );
  return succeed({
    fleet,
    environment: place,
    nodes: nodes.split(',').filter(Boolean),
    version,
    content: content.value,
    configuration,
  });
}

/** The files of the release, and its variables from `variables.json` at the top of the folder. */
function readContent(folder: string): Result<ConfigurationContent> {
  try {
    const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry =>
        join(entry.parentPath, entry.name)
          .slice(folder.replace(/[\\/]+$/, '').length + 1)
          .replaceAll('\\', '/'),
      );
    const files = Object.fromEntries(
      paths.filter(path => path !== 'variables.json').map(path => [path, readFileSync(join(folder, path), 'utf8')]),
    );
    const variables = paths.includes('variables.json')
      ? (JSON.parse(readFileSync(join(folder, 'variables.json'), 'utf8')) as Record<string, string>)
      : {};
    return succeed({ files, variables });
  } catch (error) {
    return fail('invalid', `The configuration in ${folder} cannot be read: ${(error as Error).message}`);
  }
}
