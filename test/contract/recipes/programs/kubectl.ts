// Stands in for kubectl with the plugin argo rollouts: ConfigMaps, Deployments and one Rollout.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  option,
  readState,
  refuseBroken,
  unknownCall,
  words,
  writeState,
  type Deployed,
  type Values,
} from './state.ts';

interface Running extends Deployed {
  readonly annotations: Readonly<Record<string, string>>;
}
interface Cluster {
  readonly configMaps: Record<string, string>;
  /** By Deployment; of the Rollout, by side. */
  readonly deployed: Record<string, Running>;
  /** What the template of the Rollout says. */
  wanted?: Running;
  phase: string;
}

const cluster = readState<Cluster>({ configMaps: {}, deployed: {}, phase: 'Healthy' });
const [verb = '', kind = '', name = ''] = words;

/** The value at a path of keys, which may be numbers of a list. */
function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce((within, key) => (within as Values | undefined)?.[key], value);
}

function running(annotations: unknown, image: unknown, configMap: unknown): Running {
  const configuration = cluster.configMaps[String(configMap)];
  if (configuration === undefined) throw new Error(`There is no ConfigMap ${String(configMap)}.`);
  return {
    annotations: annotations as Record<string, string>,
    version: String(image).replace(/^.*:/, ''),
    configuration,
  };
}

async function patchDeployment(text: string): Promise<void> {
  const yaml: unknown = await import(process.env['RECIPE_YAML'] ?? 'yaml');
  const { parse } = yaml as { parse: (text: string) => unknown };
  const patch = parse(text);
  const template = (...path: readonly (string | number)[]): unknown => at(patch, 'spec', 'template', ...path);
  cluster.deployed[name] = running(
    template('metadata', 'annotations'),
    template('spec', 'containers', 0, 'image'),
    template('spec', 'volumes', 0, 'configMap', 'name'),
  );
}

function patchRollout(patches: unknown): void {
  const valueOf = (end: string): unknown =>
    (patches as readonly Values[]).find(({ path }) => String(path).endsWith(end))?.['value'];
  cluster.wanted = running(valueOf('annotations'), valueOf('image'), at(valueOf('configMap'), 'name'));
  const { stable } = cluster.deployed;
  cluster.phase = !stable || stable.version === cluster.wanted.version ? 'Healthy' : 'Paused';
  if (cluster.wanted.version === '9.9.9') cluster.phase = 'Degraded';
  cluster.deployed['canary'] = cluster.wanted;
}

function rollouts(verb: string): void {
  if (verb === 'abort') cluster.deployed['canary'] = cluster.deployed['stable']!;
  else if (verb === 'promote' && cluster.wanted)
    Object.assign(cluster, { phase: 'Healthy', deployed: { canary: cluster.wanted, stable: cluster.wanted } });
  else if (verb === 'status') refuseBroken(cluster.wanted?.version ?? '');
  else unknownCall();
}

function get(): void {
  const of = kind === 'rollout' ? cluster.wanted : cluster.deployed[name];
  const told = option('-o')
    .replace('jsonpath=', '')
    .replaceAll(/\{([^}]*)\}/g, (_, path: string) => {
      if (path === '.status.phase') return cluster.phase;
      return path.endsWith('eneration') ? '7' : (of?.annotations[path.replace(/^.*annotations\./, '')] ?? '');
    });
  process.stdout.write(told);
}

const call = `${verb} ${kind}`;
if (call === 'create configmap') {
  const folder = option('--from-file');
  const text = readdirSync(folder).map(file => readFileSync(join(folder, file), 'utf8'));
  console.log(JSON.stringify({ name, text: text.join() }));
} else if (verb === 'apply') {
  const { name, text } = JSON.parse(readFileSync(0, 'utf8')) as { name: string; text: string };
  cluster.configMaps[name] = text;
} else if (call === 'patch deployment') await patchDeployment(option('--patch'));
else if (call === 'patch rollout') patchRollout(JSON.parse(option('--patch')));
else if (call === 'rollout status') refuseBroken(cluster.deployed[name.replace(/^.*\//, '')]!.version);
else if (call === 'argo rollouts') rollouts(name);
else if (verb === 'get') get();
else unknownCall();
// What only prints may run at the same time as another call, in a pipe.
if (verb !== 'create' && verb !== 'get') writeState(cluster);
