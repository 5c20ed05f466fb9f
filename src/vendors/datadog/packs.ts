// The metrics of the pack `golden`: what Datadog APM counts of the requests of a service.
import type { DatadogMetric } from './options.ts';
import { storedTag } from './tags.decode.ts';

export interface PackSettings {
  /** Name of the operation in the names of the metrics, such as `http.request`. */
  readonly operation: string;
  /** Tags that find the service, such as `service:storefront`. */
  readonly where: string;
  /** Tag of the node, or of the version where the sides are told apart by it. */
  readonly node: string;
}

export function golden({ operation, where, node }: PackSettings): readonly DatadogMetric[] {
  const count = (part: string): string => `sum:trace.${operation}.${part}{${where}} by {${storedTag(node)}}.as_count()`;
  return [
    { name: 'requests', options: { query: count('hits') }, kind: 'count', direction: 'decrease', unit: '' },
    {
      name: 'errors',
      options: { query: count('errors') },
      kind: 'count',
      denominator: 'requests',
      direction: 'increase',
      unit: '',
    },
    {
      name: 'p95 latency',
      options: { query: `p95:trace.${operation}{${where}} by {${storedTag(node)}}` },
      kind: 'gauge',
      direction: 'increase',
      unit: 's',
    },
  ];
}
