// The metrics of the pack `golden`: what Elastic APM writes of each transaction.
import type { OpenSearchMetric } from './options.ts';

const transactions = 'processor.event:transaction';

export const golden: readonly OpenSearchMetric[] = [
  {
    name: 'requests',
    options: { value: 'count', where: transactions },
    kind: 'count',
    direction: 'decrease',
    unit: '',
  },
  {
    name: 'errors',
    options: { value: 'count', where: `${transactions} AND event.outcome:failure` },
    kind: 'count',
    denominator: 'requests',
    direction: 'increase',
    unit: '',
  },
  {
    name: 'p95 latency',
    options: { value: 'p95(transaction.duration.us)', where: transactions },
    kind: 'gauge',
    direction: 'increase',
    unit: 'us',
  },
];
