// How a program is read: as a health source, and as what lists versions.
import { fail } from '../../model/failure.ts';
import type { SampleMetric } from '../transport/text/samplePoints.decode.ts';
import type { VendorPorts } from '../vendor.ts';
import { createCommandArtifacts } from './artifacts.ts';
import { readCommandLogs, type CommandLogsRequest } from './logs.ts';
import { readCommandMetrics, type CommandMetricsRequest } from './metrics.ts';
import { fillSide, type CommandOptions } from './options.ts';
import { createReadings } from './readings.ts';

export const commandPorts: VendorPorts = {
  artifacts: createCommandArtifacts,
  source({ machine, clock }) {
    const readings = createReadings();
    return {
      read(request, deliver, signal) {
        if (!machine)
          return Promise.resolve(fail('refused', `Health source "${request.source.name}": no program is run here.`));
        const runner = { machine, clock, readings };
        return request.source.kind === 'logs'
          ? readCommandLogs(runner, request as CommandLogsRequest, deliver, signal)
          : readCommandMetrics(runner, request as CommandMetricsRequest, deliver, signal);
      },
      describe({ source, nodes }) {
        const { command, nodes: how } = source.options as CommandOptions;
        const line = command.join(' ');
        return how === 'together' ? [line] : nodes.map(node => fillSide(line, node));
      },
      hintOfMetric: metric => `Check \`series\`: ${(metric as SampleMetric).options.series}`,
    };
  },
};
