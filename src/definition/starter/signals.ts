// Which metrics of an endpoint are worth a check: requests, errors, latency, saturation, the best of each first.
import type { Offered, Signal } from '../../model/starter.ts';

/** One value of an endpoint in the text format of Prometheus. */
export interface EndpointSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
  readonly isCounter?: boolean;
}

/** Of the runtime and of the exporter itself, not of the service. */
const ofRuntime = /^(?:go|promhttp|nodejs|python|jvm|dotnet)_/;
const statusLabels = ['code', 'status', 'status_code', 'http_status', 'http_response_status_code'];
const requestForms = [/^http_(?:server_)?requests?_total$/, /requests?_total$/, /request.*_count$/, /requests?$/];
const errorForms = [/(?:^|_)errors?_total$/, /(?:fail|exception)\w{0,20}_total$/, /(?:errors?|failures?)$/];
const latencyForms = [/request.*(?:duration|latency|seconds).*_bucket$/, /(?:duration|latency|seconds).*_bucket$/];
const saturationForms = [/queue/, /in_?flight/, /connections?/, /^process_resident_memory_bytes$/];
const mostBounds = 10;

export function rankSignals(samples: readonly EndpointSample[]): readonly Signal[] {
  const own = samples.filter(({ name }) => !ofRuntime.test(name));
  const counted = own.filter(({ name, isCounter }) => isCounter === true || /_(?:total|count)$/.test(name));
  const measured = own.filter(
    ({ name, isCounter }) => isCounter !== true && !/_(?:total|count|sum|bucket)$/.test(name),
  );
  const requests = firstOf(counted, requestForms);
  const errors = (requests && shareOfStatus(requests, own)) ?? countOf('errors', firstOf(counted, errorForms));
  const latency = firstOf(own, latencyForms);
  const saturation = firstOf(measured, saturationForms);
  const found: readonly (Signal | undefined)[] = [
    countOf('requests', requests),
    errors,
    latency && latencyOf(latency.name, own),
    saturation && { ...signalOf('saturation', saturation), kind: 'gauge' },
  ];
  return found.filter(signal => signal !== undefined);
}

/** Labels that usually tell nodes apart, in the order in which one is preferred. */
const nodeLabels = ['instance', 'pod', 'node', 'host', 'hostname'];

export function rankOffered(series: readonly EndpointSample[]): Omit<Offered, 'where'> {
  const valuesOf = (label: string): readonly string[] => [
    ...new Set(series.flatMap(({ labels }) => labels.get(label) ?? [])),
  ];
  const node = nodeLabels.find(label => valuesOf(label).length > 1) ?? nodeLabels[0]!;
  return {
    node,
    nodes: valuesOf(node).toSorted(),
    labels: [...new Set(series.flatMap(({ labels }) => [...labels.keys()]))].toSorted(),
    signals: rankSignals(series),
  };
}

function firstOf(samples: readonly EndpointSample[], forms: readonly RegExp[]): EndpointSample | undefined {
  for (const form of forms) {
    const found = samples.find(({ name }) => form.test(name));
    if (found) return found;
  }
  return undefined;
}

function signalOf(role: Signal['role'], { name, labels, value }: EndpointSample): Signal {
  const words = [...labels].map(([label, word]) => `${label}="${word.replaceAll(/["\\\n]/g, '')}"`).join(',');
  return { role, series: name, kind: 'count', bounds: [], sample: `${name}${words && `{${words}}`} ${value}` };
}

function countOf(role: Signal['role'], sample: EndpointSample | undefined): Signal | undefined {
  return sample && signalOf(role, sample);
}

/** Requests that were answered with 5xx, where a label tells the status. */
function shareOfStatus({ name }: EndpointSample, samples: readonly EndpointSample[]): Signal | undefined {
  const alike = samples.filter(sample => sample.name === name);
  const label = statusLabels.find(one => alike.some(({ labels }) => /^[1-5]\d\d$/.test(labels.get(one) ?? '')));
  if (label === undefined) return undefined;
  const failed = alike.find(({ labels }) => labels.get(label)?.startsWith('5')) ?? alike[0]!;
  return { ...signalOf('errors', failed), series: `${name}{${label}=~"5.."}` };
}

function latencyOf(name: string, samples: readonly EndpointSample[]): Signal | undefined {
  const buckets = samples.filter(sample => sample.name === name);
  const bounds = [...new Set(buckets.map(({ labels }) => Number(labels.get('le') ?? NaN)))]
    .filter(bound => Number.isFinite(bound) && bound > 0)
    .toSorted((one, other) => one - other)
    .slice(0, mostBounds);
  if (bounds.length === 0) return undefined;
  const unit = /_ms_|millisecond/.test(name) ? 'ms' : 's';
  return { ...signalOf('latency', buckets[0]!), kind: 'histogram', bounds, unit };
}
