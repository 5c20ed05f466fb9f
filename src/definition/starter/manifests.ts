// Finds facts about a service in Kubernetes manifests, Helm charts, Argo Rollouts, Flagger and Compose files.
import type { Finding, FindingKind } from '../../model/starter.ts';
import { readYamlDocuments, type Told, type YamlDocument } from './yamlDocuments.ts';

type Tell = (kind: FindingKind, told: Told | undefined, value?: string) => void;

/** The findings of one YAML file; empty if it is none of these. */
export function findInManifest(file: string, text: string): readonly Finding[] {
  const found: Finding[] = [];
  const tell: Tell = (kind, told, value = told?.value) => {
    if (told && value) found.push({ kind, value, file, line: told.line });
  };
  const name = file.slice(file.lastIndexOf('/') + 1);
  for (const document of readYamlDocuments(text))
    if (/^(?:docker-)?compose(?:\.[\w-]+)?\.ya?ml$/.test(name)) tellCompose(document, tell);
    else if (name === 'Chart.yaml') tellChart(document, tell);
    else if (name === 'values.yaml') tellValues(document, tell);
    else if (document.first('apiVersion') && document.first('kind')) tellObject(document, tell);
  return found;
}

function tellCompose(document: YamlDocument, tell: Tell): void {
  // A service that is built here is this repository's own; a database beside it is only an image.
  const services = document.keys('services');
  const isBuilt = ({ value }: Told): boolean =>
    document.first('services', value, 'build') !== undefined || document.keys('services', value, 'build').length > 0;
  const service = services.find(isBuilt) ?? services[0];
  tell('platform', service, 'compose');
  tell('service', document.first('name') ?? service);
  if (!service) return;
  const of = (...path: readonly string[]) => document.first('services', service.value, ...path);
  tell('replicas', of('deploy', 'replicas'));
  const port = of('ports', '*') ?? of('ports', '*', 'target') ?? of('expose', '*');
  const number = port && /(\d{1,5})(?:\/\w+)?$/.exec(port.value)?.[1];
  tell('port', port, number);
  const tests = document.all('services', service.value, 'healthcheck', 'test', '*');
  for (const test of [...tests, ...document.all('services', service.value, 'healthcheck', 'test')])
    tell('health', test, /https?:\/\/[^/\s'"]{1,200}(\/[\w./-]{0,200})/.exec(test.value.slice(0, 1_000))?.[1] ?? '');
}

function tellChart(document: YamlDocument, tell: Tell): void {
  tell('platform', document.first('name'), 'helm');
  tell('service', document.first('name'));
}

function tellValues(document: YamlDocument, tell: Tell): void {
  tell('replicas', document.first('replicaCount'));
  tell('port', document.first('service', 'targetPort') ?? document.first('service', 'port'));
}

function tellObject(document: YamlDocument, tell: Tell): void {
  const kind = document.first('kind')!;
  switch (kind.value) {
    case 'Deployment':
    case 'StatefulSet':
      tell('platform', kind, 'kubernetes');
      tellPods(document, tell);
      break;
    case 'Service':
      tell('service', document.first('spec', 'selector', 'app'));
      break;
    case 'Rollout':
      tell('platform', kind, 'argo');
      tellPods(document, tell);
      for (const weight of document.all('spec', 'strategy', 'canary', 'steps', '*', 'setWeight')) tell('phase', weight);
      for (const wait of document.all('spec', 'strategy', 'canary', 'steps', '*', 'pause', 'duration'))
        tell('wait', wait);
      break;
    case 'AnalysisTemplate':
    case 'ClusterAnalysisTemplate':
      for (const query of document.all('spec', 'metrics', '*', 'provider', 'prometheus', 'query')) tell('query', query);
      tellServer(document.first('spec', 'metrics', '*', 'provider', 'prometheus', 'address'), tell);
      break;
    case 'Canary':
      tell('platform', kind, 'flagger');
      tell('service', document.first('spec', 'targetRef', 'name'));
      tell('port', document.first('spec', 'service', 'port'));
      tellFlaggerSteps(document, tell);
      break;
    case 'MetricTemplate':
      if (document.first('spec', 'provider', 'type')?.value !== 'prometheus') break;
      tell('query', document.first('spec', 'query'));
      tellServer(document.first('spec', 'provider', 'address'), tell);
      break;
    default:
  }
}

/** As `backstop init --backend` takes it. */
function tellServer(address: Told | undefined, tell: Tell): void {
  if (address && /^https?:\/\/[\w.:/-]{1,300}$/.test(address.value))
    tell('server', address, `prometheus=${address.value}`);
}

function tellPods(document: YamlDocument, tell: Tell): void {
  const template = ['spec', 'template'];
  const labels = [...template, 'metadata', 'labels'];
  tell(
    'service',
    document.first(...labels, 'app.kubernetes.io/name') ??
      document.first(...labels, 'app') ??
      document.first('metadata', 'name'),
  );
  tell('replicas', document.first('spec', 'replicas'));
  const container = [...template, 'spec', 'containers', '*'];
  tell('port', document.first(...container, 'ports', '*', 'containerPort'));
  tell('health', document.first(...container, 'readinessProbe', 'httpGet', 'path'));
  const annotations = [...template, 'metadata', 'annotations'];
  const scraped = document.first(...annotations, 'prometheus.io/scrape');
  if (scraped?.value !== 'true') return;
  const port = document.first(...annotations, 'prometheus.io/port')?.value;
  const path = document.first(...annotations, 'prometheus.io/path')?.value ?? '/metrics';
  if (/^\d{1,5}$/.test(port ?? '') && /^\/[\w./-]*$/.test(path))
    tell('metrics', scraped, `http://{node}:${port}${path}`);
}

const mostSteps = 20;

/** Flagger increases the weight in equal steps, or as `stepWeights` lists them. */
function tellFlaggerSteps(document: YamlDocument, tell: Tell): void {
  const of = (key: string) => document.first('spec', 'analysis', key);
  const named = document.all('spec', 'analysis', 'stepWeights', '*');
  for (const weight of named) tell('phase', weight);
  const step = of('stepWeight');
  const by = Number(step?.value),
    most = Number(of('maxWeight')?.value ?? 50);
  if (named.length === 0 && by > 0 && most <= 100 && most / by <= mostSteps)
    for (let weight = by; weight <= most; weight += by) tell('phase', step, String(weight));
  tell('wait', of('interval'));
}
