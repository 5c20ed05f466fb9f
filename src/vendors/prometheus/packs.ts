// The metrics that a pack stands for: what one looks at first in a service and its hosts, written out as PromQL.
import type { PrometheusMetric } from './options.ts';

export interface PackSettings {
  /** Label by which the sides are told apart. */
  readonly label: string;
  /** Label matchers that find the service, such as `job="storefront"`; absent: everything on the nodes. */
  readonly where?: string;
}

type Write = (settings: PackSettings) => PrometheusMetric;

/** A selector of the service's own series. */
function select(name: string, { where }: PackSettings, ...matchers: readonly string[]): string {
  const all = [...(where === undefined ? [] : [where]), ...matchers].join(', ');
  return all === '' ? name : `${name}{${all}}`;
}

const requests =
  (counter: string): Write =>
  settings => ({
    name: 'requests',
    options: { query: select(counter, settings) },
    kind: 'count',
    isCumulative: true,
    direction: 'decrease',
    unit: '',
  });
/** Counters name the status in different ways; a way that is not used finds nothing. */
const errors =
  (counter: string, ...labels: readonly string[]): Write =>
  settings => ({
    name: 'errors',
    options: { query: labels.map(label => select(counter, settings, `${label}=~"5.."`)).join(' or ') },
    kind: 'count',
    isCumulative: true,
    denominator: 'requests',
    direction: 'increase',
    unit: '',
  });
const latency =
  (histogram: string): Write =>
  settings => ({
    name: 'p95 latency',
    options: {
      query:
        `histogram_quantile(0.95, sum by (${settings.label}, le) ` +
        `(rate(${select(`${histogram}_bucket`, settings)}[$__rate_interval])))`,
    },
    kind: 'gauge',
    direction: 'increase',
    unit: 's',
  });
const meanLatency =
  (histogram: string): Write =>
  settings => {
    const rateOf = (part: string): string =>
      `sum by (${settings.label}) (rate(${select(`${histogram}_${part}`, settings)}[$__rate_interval]))`;
    return {
      name: 'mean latency',
      options: { query: `${rateOf('sum')} / ${rateOf('count')}` },
      kind: 'gauge',
      direction: 'increase',
      unit: 's',
    };
  };
const cpu: Write = ({ label }) => ({
  name: 'CPU',
  options: { query: `100 * (1 - avg by (${label}) (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval])))` },
  kind: 'gauge',
  direction: 'increase',
  unit: '%',
});
const memory: Write = () => ({
  name: 'memory',
  options: { query: '100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)' },
  kind: 'gauge',
  direction: 'increase',
  unit: '%',
});

const openTelemetry = 'http_server_request_duration_seconds',
  micrometer = 'http_server_requests_seconds';

const packs = {
  golden: {
    of: "OpenTelemetry's `http_server_request_duration_seconds`",
    metrics: [
      requests(`${openTelemetry}_count`),
      errors(`${openTelemetry}_count`, 'http_response_status_code'),
      latency(openTelemetry),
    ],
  },
  http: {
    of: '`http_requests_total` and `http_request_duration_seconds`',
    metrics: [
      requests('http_requests_total'),
      errors('http_requests_total', 'code', 'status'),
      latency('http_request_duration_seconds'),
    ],
  },
  micrometer: {
    of: '`http_server_requests_seconds` of Spring Boot and Micrometer',
    metrics: [requests(`${micrometer}_count`), errors(`${micrometer}_count`, 'status'), meanLatency(micrometer)],
  },
  host: { of: 'the node exporter', metrics: [cpu, memory] },
} as const satisfies Readonly<Record<string, { readonly of: string; readonly metrics: readonly Write[] }>>;

export type PackName = keyof typeof packs;
export const packNames = Object.keys(packs) as [PackName, ...PackName[]];

/** A metric of a later pack replaces one of its name. */
export function metricsOfPacks(names: readonly PackName[], settings: PackSettings): readonly PrometheusMetric[] {
  return names.flatMap((name): readonly Write[] => packs[name].metrics).map(write => write(settings));
}

/** `golden`: requests, errors, p95 latency, of so-and-so. */
export function describePacks(): string {
  return packNames
    .map(name => {
      const metrics = metricsOfPacks([name], { label: '' }).map(metric => metric.name);
      return `\`${name}\`: ${metrics.join(', ')}, from ${packs[name].of}.`;
    })
    .join(' ');
}
