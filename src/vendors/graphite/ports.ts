// Talks to Graphite: health sources.
import { readComputed } from '../transport/readComputed.ts';
import type { VendorPorts } from '../vendor.ts';
import { discoverGraphite } from './discover.ts';
import { questionsOf, type GraphiteRequest } from './metrics.ts';

export const graphitePorts: VendorPorts = {
  source: outside => ({
    read(request, deliver, signal) {
      const asked = request as GraphiteRequest;
      const vendor = { title: 'Graphite', decoder: 'graphiteSeries' };
      return readComputed(outside, asked, vendor, questionsOf(asked), deliver, signal);
    },
    describe: request => [...new Set(questionsOf(request as GraphiteRequest).map(({ text }) => text))],
    hintOfMetric: () => 'Check the `target` of the metric, `node` and `nodePattern`.',
  }),
  discover: outside => (question, signal) => discoverGraphite(outside, question, signal),
};
