// Reads any health source: finds the vendor by the connection's kind, and speaks with each in the vendor's time.
import type { EvidencePage } from '../model/evidence/analysis.ts';
import { fail, succeed } from '../model/failure.ts';
import type { Failure, Result } from '../model/failure.ts';
import type { HealthSources, ReadRequest } from '../model/ports.ts';
import { createNewRelic } from './newRelic/newRelic.ts';
import type { MetricsRequest } from './newRelic/newRelic.ts';
import { describeNewRelicLogs, readNewRelicLogs } from './newRelic/logs.ts';
import type { NewRelicLogsRequest } from './newRelic/logs.ts';
import { createSumoLogic } from './sumoLogic/sumoLogic.ts';
import type { LogsRequest } from './sumoLogic/sumoLogic.ts';
import type { SumoDeps } from './sumoLogic/client.ts';
import { createSumoMetrics } from './sumoLogic/metrics.ts';
import type { SumoMetricsRequest } from './sumoLogic/metrics.ts';
import { createVendorClock } from './transport/vendorClock.ts';

type Deliver = (page: EvidencePage) => Promise<Result<{ rows: number }>>;

export function createHealthSources(deps: SumoDeps): HealthSources {
  const newRelicClock = createVendorClock(deps.clock),
    sumoLogicClock = createVendorClock(deps.clock);
  const clocks = {
    newRelic: newRelicClock,
    newRelicLogs: newRelicClock,
    sumoLogic: sumoLogicClock,
    sumoMetrics: sumoLogicClock,
  };
  const newRelicHttp = newRelicClock.watch(deps.http);
  const newRelic = createNewRelic({ ...deps, http: newRelicHttp });
  const sumoDeps = { ...deps, http: sumoLogicClock.watch(deps.http) };
  const sumoLogic = createSumoLogic(sumoDeps),
    sumoMetrics = createSumoMetrics(sumoDeps);

  function readFrom(fitted: Fitted, deliver: Deliver, signal: AbortSignal): ReturnType<HealthSources['read']> {
    switch (fitted.vendor) {
      case 'newRelic':
        return newRelic.read(fitted.request, deliver, signal);
      case 'newRelicLogs':
        return readNewRelicLogs({ ...deps, http: newRelicHttp }, fitted.request, deliver, signal);
      case 'sumoLogic':
        return sumoLogic.read(fitted.request, deliver, signal);
      case 'sumoMetrics':
        return sumoMetrics.read(fitted.request, deliver, signal);
      case 'none':
        return Promise.resolve({ ok: false, failure: fitted.failure });
      default:
        return fitted satisfies never;
    }
  }

  return {
    async read(request, deliver, signal) {
      const { vendor } = fit(request);
      const aheadMs = (): number => (vendor === 'none' ? 0 : inSteps(clocks[vendor].aheadMs(), request));
      const marked: Deliver = page =>
        deliver(aheadMs() === 0 ? page : { ...page, context: { ...page.context, clockAheadMs: aheadMs() } });
      const readAt = (byMs: number) =>
        readFrom(fit({ ...request, fromMs: request.fromMs + byMs, toMs: request.toMs + byMs }), marked, signal);
      const askedMs = aheadMs();
      const first = await readAt(askedMs);
      // Only an answer tells the vendor's time: the window that was asked for may not have been the one that was meant.
      const read = first.ok && aheadMs() !== askedMs ? await readAt(aheadMs()) : first;
      return read.ok && aheadMs() !== 0 ? succeed({ ...read.value, clockAheadMs: aheadMs() }) : read;
    },
    describe(request) {
      const fitted = fit(request);
      switch (fitted.vendor) {
        case 'newRelic':
          return newRelic.describe(fitted.request);
        case 'newRelicLogs':
          return describeNewRelicLogs(fitted.request);
        case 'sumoLogic':
          return sumoLogic.describe(fitted.request);
        case 'sumoMetrics':
          return sumoMetrics.describe(fitted.request);
        case 'none':
          return [];
        default:
          return fitted satisfies never;
      }
    },
  };
}

/** Buckets of metrics begin at whole intervals: theirs are moved by whole intervals. */
function inSteps(aheadMs: number, { source, intervalMs }: ReadRequest): number {
  return source.kind === 'metrics' ? Math.round(aheadMs / intervalMs) * intervalMs : aheadMs;
}

type Fitted =
  | { readonly vendor: 'newRelic'; readonly request: MetricsRequest }
  | { readonly vendor: 'newRelicLogs'; readonly request: NewRelicLogsRequest }
  | { readonly vendor: 'sumoLogic'; readonly request: LogsRequest }
  | { readonly vendor: 'sumoMetrics'; readonly request: SumoMetricsRequest }
  | { readonly vendor: 'none'; readonly failure: Failure };

function fit(request: ReadRequest): Fitted {
  const { source, connection } = request;
  if (source.kind === 'metrics' && connection.kind === 'newRelic')
    return { vendor: 'newRelic', request: { ...request, source, connection } };
  if (source.kind === 'logs' && connection.kind === 'newRelic')
    return { vendor: 'newRelicLogs', request: { ...request, source, connection } };
  if (source.kind === 'logs' && connection.kind === 'sumoLogic')
    return { vendor: 'sumoLogic', request: { ...request, source, connection } };
  if (source.kind === 'metrics' && connection.kind === 'sumoLogic')
    return { vendor: 'sumoMetrics', request: { ...request, source, connection } };
  return {
    vendor: 'none',
    failure: fail(
      'invalid',
      `Health source "${source.name}" asks for ${source.kind}, which a connection of kind ${connection.kind} does not give.`,
      { hint: 'Metrics and logs come from newRelic and sumoLogic.' },
    ).failure,
  };
}
