// How files of the workspace folder are read as health sources.
import { fail } from '../../model/failure.ts';
import type { Failure, Result } from '../../model/failure.ts';
import type { ReadRequest } from '../../model/ports.ts';
import type { SampleMetric } from '../transport/text/samplePoints.decode.ts';
import type { VendorPorts } from '../vendor.ts';
import { createFileLogs, type FileLogsRequest } from './logs.ts';
import { readFileMetrics, type FileMetricsRequest } from './metrics.ts';
import { fillSide, namesSide } from './options.ts';

const pathOf = ({ source }: ReadRequest): string => (source.options as { readonly path: string }).path;

function named({ source }: ReadRequest, { failure }: { readonly failure: Failure }): Result<never> {
  return { ok: false, failure: { ...failure, message: `Health source "${source.name}": ${failure.message}` } };
}

export const filesPorts: VendorPorts = {
  source({ machine, clock }) {
    const readLogs = machine && createFileLogs(machine.folder, clock);
    return {
      async read(request, deliver, signal) {
        if (!machine || !readLogs) return named(request, fail('refused', 'no files are read here.'));
        const read =
          request.source.kind === 'logs'
            ? await readLogs(request as FileLogsRequest, deliver, signal)
            : await readFileMetrics({ folder: machine.folder, clock }, request as FileMetricsRequest, deliver, signal);
        return read.ok ? read : named(request, read);
      },
      describe(request) {
        const path = pathOf(request);
        return namesSide(path) ? request.nodes.map(node => fillSide(path, node)) : [path];
      },
      hintOfMetric: metric => `Check \`series\`: ${(metric as SampleMetric).options.series}`,
    };
  },
};
