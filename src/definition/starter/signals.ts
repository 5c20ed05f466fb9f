// Chooses which metrics of a service are worth a check: requests, errors, latency, saturation. An endpoint and the
// servers of all vendors are treated in the same way.
import type { Candidate, Rank, Ranked, Signal, SignalRole } from '../../model/starter.ts';

/** One value that an endpoint returns in the text format of Prometheus. */
export interface EndpointSample extends Candidate {
  readonly value: number;
}

/** Metrics of the runtime or of the exporter, not of the service. */
const ofRuntime = /^(?:go|promhttp|nodejs|python|jvm|dotnet|scrape)_/;
const statusLabels = ['code', 'status', 'status_code', 'http_status', 'http_response_status_code'];
/** Patterns of names in the style of Prometheus, the best first. */
const requestForms = [
  /^http_(?:server_)?requests?_total$/,
  /requests?_total$/,
  /request.*_count$/,
  /(?:requests?|hits|invocations)(?:_count)?$/,
];
const errorForms = [
  /(?:^|_)errors?_total$/,
  /(?:fail|exception)\w{0,20}_total$/,
  /5xx(?:_count)?$/,
  /(?:errors?|failures?|exceptions?|faults?)(?:_count)?$/,
];
const bucketForms = [/request.*(?:duration|latency|seconds).*_bucket$/, /(?:duration|latency|seconds).*_bucket$/];
const levelForms = [
  /(?:duration|latency|time)\w{0,40}_(?:p95|p99|upper_9[059]|95percentile)$/,
  /(?:request|response|transaction)\w{0,40}(?:duration|latency|time)(?!_stamp|stamp)/,
  /(?:^|_)(?:duration|latency)/,
];
const saturationForms = [
  /queue/,
  /in_?flight/,
  /connections?/,
  /^process_resident_memory_bytes$/,
  /cpu_?(?:utili[sz]ation|usage|percent|total_norm_pct|total_pct)/,
  /memory_?(?:utili[sz]ation|usage|used)/,
];
const isFailure = /error|fail|exception|fault|[45]xx/;
const isCount = /_(?:total|count)$/;
const soundsCounted = /(?:_total|_count|requests?|hits|invocations|errors?|failures?|exceptions?|faults?|[45]xx)$/;
const mostBounds = 10;

export const rank: Rank = candidates => {
  const own = candidates.map(candidate => ({ candidate, name: plain(candidate.name) })).filter(isOfService);
  const counted = own.filter(({ candidate, name }) => candidate.isCounter ?? soundsCounted.test(name));
  const measured = own.filter(
    ({ candidate, name }) =>
      !(candidate.isCounter ?? soundsCounted.test(name)) &&
      !/_(?:total|count|sum|bucket)$/.test(name) &&
      !candidate.labels.has('quantile'),
  );
  const requests = firstOf(
    counted.filter(({ name }) => !isFailure.test(name)),
    requestForms,
  );
  const errors = (requests && shareOfStatus(requests, candidates)) ?? as('errors', firstOf(counted, errorForms));
  const buckets = firstOf(own, bucketForms);
  const latency = (buckets && histogramOf(buckets, candidates)) ?? as('latency', firstOf(measured, levelForms));
  const found = [as('requests', requests), errors, latency, as('saturation', firstOf(measured, saturationForms))];
  return found.filter(one => one !== undefined);
};

/** Writes `HTTPCode_Target_5XX_Count`, `http.server.duration` or `queueDuration` in the style of Prometheus. */
function plain(name: string): string {
  return name
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
}

interface Named<Of extends Candidate> {
  readonly candidate: Of;
  readonly name: string;
}

function isOfService({ name }: { readonly name: string }): boolean {
  return !ofRuntime.test(name);
}

function firstOf<Of extends Candidate>(named: readonly Named<Of>[], forms: readonly RegExp[]): Of | undefined {
  for (const form of forms) {
    const found = named.find(({ name }) => form.test(name));
    if (found) return found.candidate;
  }
  return undefined;
}

function as<Of extends Candidate>(role: SignalRole, candidate: Of | undefined): Ranked<Of> | undefined {
  const kind = role === 'requests' || role === 'errors' ? 'count' : 'gauge';
  return candidate && { role, candidate, kind, bounds: [] };
}

/** Requests with a 5xx response, if a label has the status. */
function shareOfStatus<Of extends Candidate>({ name }: Of, candidates: readonly Of[]): Ranked<Of> | undefined {
  const alike = candidates.filter(candidate => candidate.name === name);
  const label = statusLabels.find(one => alike.some(({ labels }) => /^[1-5]\d\d$/.test(labels.get(one) ?? '')));
  if (label === undefined) return undefined;
  const failed = alike.find(({ labels }) => labels.get(label)?.startsWith('5')) ?? alike[0]!;
  return { role: 'errors', candidate: failed, kind: 'count', bounds: [], status: label };
}

function histogramOf<Of extends Candidate>({ name }: Of, candidates: readonly Of[]): Ranked<Of> | undefined {
  const buckets = candidates.filter(candidate => candidate.name === name);
  const bounds = [...new Set(buckets.map(({ labels }) => Number(labels.get('le') ?? NaN)))]
    .filter(bound => Number.isFinite(bound) && bound > 0)
    .toSorted((one, other) => one - other)
    .slice(0, mostBounds);
  if (bounds.length === 0) return undefined;
  const unit = /_ms_|millisecond/.test(name) ? 'ms' : 's';
  return { role: 'latency', candidate: buckets[0]!, kind: 'histogram', bounds, unit };
}

/** Ranks the metrics of an endpoint. The ending of a name shows which of them are counters. */
export function rankSignals(samples: readonly EndpointSample[]): readonly Signal[] {
  const marked = samples.map(sample => ({
    ...sample,
    isCounter: sample.isCounter === true || isCount.test(sample.name),
  }));
  return rank(marked).map(({ candidate: { name, labels, value }, status, ...signal }) => {
    const words = [...labels].map(([label, word]) => `${label}="${word.replaceAll(/["\\\n]/g, '')}"`).join(',');
    const series = status === undefined ? name : `${name}{${status}=~"5.."}`;
    return { ...signal, series, sample: `${name}${words && `{${words}}`} ${value}` };
  });
}
