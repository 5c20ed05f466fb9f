// Reads any health source: finds the vendor by the connection's kind.
import { fail } from '../model/failure.ts';
import type { Failure } from '../model/failure.ts';
import type { HealthSources, ReadRequest } from '../model/ports.ts';
import { createNewRelic } from './newRelic.ts';
import type { MetricsRequest } from './newRelic.ts';
import { describeNewRelicLogs, readNewRelicLogs } from './newRelicLogs.ts';
import type { NewRelicLogsRequest } from './newRelicLogs.ts';
import { createSumoLogic } from './sumoLogic.ts';
import type { LogsRequest } from './sumoLogic.ts';
import type { SumoDeps } from './sumoClient.ts';

export function createHealthSources(deps: SumoDeps): HealthSources {
  const newRelic = createNewRelic(deps), sumoLogic = createSumoLogic(deps);
  return {
    async read(request, deliver, signal) {
      const fitted = fit(request);
      switch (fitted.vendor) {
        case 'newRelic': return newRelic.read(fitted.request, deliver, signal);
        case 'newRelicLogs': return readNewRelicLogs(deps, fitted.request, deliver, signal);
        case 'sumoLogic': return sumoLogic.read(fitted.request, deliver, signal);
        case 'none': return { ok: false, failure: fitted.failure };
        default: return fitted satisfies never;
      }
    },
    describe(request) {
      const fitted = fit(request);
      switch (fitted.vendor) {
        case 'newRelic': return newRelic.describe(fitted.request);
        case 'newRelicLogs': return describeNewRelicLogs(fitted.request);
        case 'sumoLogic': return sumoLogic.describe(fitted.request);
        case 'none': return [];
        default: return fitted satisfies never;
      }
    },
  };
}

type Fitted =
  | { readonly vendor: 'newRelic'; readonly request: MetricsRequest }
  | { readonly vendor: 'newRelicLogs'; readonly request: NewRelicLogsRequest }
  | { readonly vendor: 'sumoLogic'; readonly request: LogsRequest }
  | { readonly vendor: 'none'; readonly failure: Failure };

function fit(request: ReadRequest): Fitted {
  const { source, connection } = request;
  if (source.kind === 'metrics' && connection.kind === 'newRelic') return { vendor: 'newRelic', request: { ...request, source, connection } };
  if (source.kind === 'logs' && connection.kind === 'newRelic') return { vendor: 'newRelicLogs', request: { ...request, source, connection } };
  if (source.kind === 'logs' && connection.kind === 'sumoLogic') return { vendor: 'sumoLogic', request: { ...request, source, connection } };
  return { vendor: 'none', failure: fail('invalid', `Health source "${source.name}" asks for ${source.kind}, which a connection of kind ${connection.kind} does not give.`, { hint: 'Metrics come from newRelic, logs from newRelic and sumoLogic.' }).failure };
}
