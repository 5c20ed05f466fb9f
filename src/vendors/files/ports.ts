// How files of the workspace folder are read as health sources.
import { fail } from '../../model/failure.ts';
import type { ReadRequest } from '../../model/ports.ts';
import type { SampleMetric } from '../transport/samplePoints.decode.ts';
import type { VendorPorts } from '../vendor.ts';
import { createFileLogs, type FileLogsRequest } from './logs.ts';
import { readFileMetrics, type FileMetricsRequest } from './metrics.ts';

const pathOf = ({ source }: ReadRequest): string => (source.options as { readonly path: string }).path;

export const filesPorts: VendorPorts = {
  source({ machine, clock }) {
    const readLogs = machine && createFileLogs(machine.folder, clock);
    return {
      read(request, deliver, signal) {
        if (!machine || !readLogs)
          return Promise.resolve(fail('refused', `Health source "${request.source.name}": no files are read here.`));
        return request.source.kind === 'logs'
          ? readLogs(request as FileLogsRequest, deliver, signal)
          : readFileMetrics({ folder: machine.folder, clock }, request as FileMetricsRequest, deliver, signal);
      },
      describe(request) {
        const path = pathOf(request);
        return path.includes('{node}') ? request.nodes.map(node => path.replaceAll('{node}', () => node)) : [path];
      },
      hintOfMetric: metric => `Check \`series\`: ${(metric as SampleMetric).options.series}`,
    };
  },
};
