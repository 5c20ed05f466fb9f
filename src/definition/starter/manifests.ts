// Finds facts about a service in Kubernetes manifests, Helm charts, Argo Rollouts, Flagger and Compose files.
import type { Finding, FindingKind } from '../../model/starter.ts';
import { readYamlDocuments, type LocatedScalar, type YamlDocument } from './yamlDocuments.ts';

type Add = (kind: FindingKind, scalar: LocatedScalar | undefined, value?: string) => void;

/** The findings of one YAML file; empty if it is none of these. */
export function findInManifest(file: string, text: string): readonly Finding[] {
  const found: Finding[] = [];
  const add: Add = (kind, scalar, value = scalar?.value) => {
    if (scalar && value) found.push({ kind, value, file, line: scalar.line });
  };
  const name = file.slice(file.lastIndexOf('/') + 1);
  for (const document of readYamlDocuments(text))
    if (/^(?:docker-)?compose(?:\.[\w-]+)?\.ya?ml$/.test(name)) findInCompose(document, add);
    else if (name === 'Chart.yaml') findInChart(document, add);
    else if (name === 'values.yaml') findInValues(document, add);
    else if (document.first('apiVersion') && document.first('kind')) findInObject(document, add);
  return found;
}

function findInCompose(document: YamlDocument, add: Add): void {
  const [service] = document.keys('services');
  add('platform', service, 'compose');
  add('service', document.first('name') ?? service);
  if (!service) return;
  const of = (...path: readonly string[]) => document.first('services', service.value, ...path);
  add('replicas', of('deploy', 'replicas'));
  const port = of('ports', '*') ?? of('ports', '*', 'target') ?? of('expose', '*');
  const number = port && /(\d{1,5})(?:\/\w+)?$/.exec(port.value)?.[1];
  add('port', port, number);
}

function findInChart(document: YamlDocument, add: Add): void {
  add('platform', document.first('name'), 'helm');
  add('service', document.first('name'));
}

function findInValues(document: YamlDocument, add: Add): void {
  add('replicas', document.first('replicaCount'));
  add('port', document.first('service', 'targetPort') ?? document.first('service', 'port'));
}

function findInObject(document: YamlDocument, add: Add): void {
  const kind = document.first('kind')!;
  switch (kind.value) {
    case 'Deployment':
    case 'StatefulSet':
      add('platform', kind, 'kubernetes');
      findInPods(document, add);
      break;
    case 'Service':
      add('service', document.first('spec', 'selector', 'app'));
      break;
    case 'Rollout':
      add('platform', kind, 'argo');
      findInPods(document, add);
      for (const weight of document.all('spec', 'strategy', 'canary', 'steps', '*', 'setWeight')) add('phase', weight);
      for (const wait of document.all('spec', 'strategy', 'canary', 'steps', '*', 'pause', 'duration'))
        add('wait', wait);
      break;
    case 'AnalysisTemplate':
    case 'ClusterAnalysisTemplate':
      for (const query of document.all('spec', 'metrics', '*', 'provider', 'prometheus', 'query')) add('query', query);
      break;
    case 'Canary':
      add('platform', kind, 'flagger');
      add('service', document.first('spec', 'targetRef', 'name'));
      add('port', document.first('spec', 'service', 'port'));
      findFlaggerSteps(document, add);
      break;
    case 'MetricTemplate':
      if (document.first('spec', 'provider', 'type')?.value === 'prometheus')
        add('query', document.first('spec', 'query'));
      break;
    default:
  }
}

function findInPods(document: YamlDocument, add: Add): void {
  const template = ['spec', 'template'];
  add('service', document.first(...template, 'metadata', 'labels', 'app') ?? document.first('metadata', 'name'));
  add('replicas', document.first('spec', 'replicas'));
  const container = [...template, 'spec', 'containers', '*'];
  add('port', document.first(...container, 'ports', '*', 'containerPort'));
  add('health', document.first(...container, 'readinessProbe', 'httpGet', 'path'));
  const annotations = [...template, 'metadata', 'annotations'];
  const scraped = document.first(...annotations, 'prometheus.io/scrape');
  if (scraped?.value !== 'true') return;
  const port = document.first(...annotations, 'prometheus.io/port')?.value;
  const path = document.first(...annotations, 'prometheus.io/path')?.value ?? '/metrics';
  if (/^\d{1,5}$/.test(port ?? '') && /^\/[\w./-]*$/.test(path))
    add('metrics', scraped, `http://{node}:${port}${path}`);
}

const mostSteps = 20;

/** Flagger increases the weight in equal steps, or as `stepWeights` lists them. */
function findFlaggerSteps(document: YamlDocument, add: Add): void {
  const of = (key: string) => document.first('spec', 'analysis', key);
  const named = document.all('spec', 'analysis', 'stepWeights', '*');
  for (const weight of named) add('phase', weight);
  const step = of('stepWeight');
  const by = Number(step?.value),
    most = Number(of('maxWeight')?.value ?? 50);
  if (named.length === 0 && by > 0 && most <= 100 && most / by <= mostSteps)
    for (let weight = by; weight <= most; weight += by) add('phase', step, String(weight));
  add('wait', of('interval'));
}
