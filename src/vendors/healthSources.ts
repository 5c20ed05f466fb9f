// Reads any health source: finds the vendor by the source, and speaks with each in the vendor's time.
import { fail, succeed } from '../model/failure.ts';
import type { Failure, Result } from '../model/failure.ts';
import type { Outside } from '../model/outside.ts';
import type { MetricQuery } from '../model/healthSource.ts';
import type { HealthSources, LineCounter, ReadRequest } from '../model/ports.ts';
import { vendorPorts, type PortsByVendor } from './ports.ts';
import { createVendorClock, type VendorClock } from './transport/vendorClock.ts';
import type { Deliver, SourcePorts } from './vendor.ts';

/** What is asked of a health source beside reading it. */
export interface VendorSources extends HealthSources {
  /** What to look at where a metric of this vendor has no value. */
  hintOfMetric(vendor: string, metric: MetricQuery): string;
  /** What to look at where none of the nodes was found, asked of the vendor; undefined: it cannot tell. */
  hintOfNodes(request: ReadRequest, signal: AbortSignal): Promise<string | undefined>;
  /** Why a measurement could not be asked, without asking it. */
  findProblem(request: ReadRequest): Failure | undefined;
  /** Absent: the vendor does not charge for scans. */
  estimateOf(vendor: string): SourcePorts['estimate'];
}

export function createHealthSources(outside: Outside, ports: PortsByVendor = vendorPorts): VendorSources {
  const vendors = new Map(
    Object.entries(ports).flatMap(([kind, { source }]) => {
      if (!source) return [];
      const clock = createVendorClock(outside.clock);
      return [[kind, { clock, source: source({ ...outside, http: clock.watch(outside.http) }) }]];
    }),
  );
  const find = ({ source, connection }: ReadRequest) =>
    connection.vendor === source.vendor ? vendors.get(source.vendor) : undefined;

  return {
    async read(request, deliver, signal) {
      const vendor = find(request);
      if (!vendor) return refuse(request, [...vendors.keys()]);
      const { clock, source } = vendor;
      const read = await inVendorTime(clock, request, asked =>
        source.read(asked, marked(clock, request, deliver), signal),
      );
      const aheadMs = inSteps(clock.aheadMs(), request);
      return read.ok && aheadMs !== 0 ? succeed({ ...read.value, clockAheadMs: aheadMs }) : read;
    },
    counterOf(request) {
      const vendor = find(request),
        counter = vendor?.source.counter;
      return vendor && counter && counterInOurTime(vendor.clock, counter);
    },
    describe: request => find(request)?.source.describe(request) ?? [],
    hintOfMetric: (vendor, metric) => vendors.get(vendor)?.source.hintOfMetric(metric) ?? '',
    hintOfNodes: async (request, signal) => find(request)?.source.hintOfNodes?.(request, signal),
    findProblem: request => find(request)?.source.findProblem?.(request),
    estimateOf: vendor => vendors.get(vendor)?.source.estimate,
  };
}

/** Only an answer tells the vendor's time: the window that was asked for may not have been the one that was meant. */
async function inVendorTime<Request extends ReadRequest, T>(
  clock: VendorClock,
  request: Request,
  ask: (request: Request) => Promise<Result<T>>,
): Promise<Result<T>> {
  const askAt = (byMs: number) => ask({ ...request, fromMs: request.fromMs + byMs, toMs: request.toMs + byMs });
  const askedMs = inSteps(clock.aheadMs(), request),
    first = await askAt(askedMs);
  const aheadMs = inSteps(clock.aheadMs(), request);
  return first.ok && aheadMs !== askedMs ? askAt(aheadMs) : first;
}

/** The pages say by how much their times are ahead. */
function marked(clock: VendorClock, request: ReadRequest, deliver: Deliver): Deliver {
  return page => {
    const aheadMs = inSteps(clock.aheadMs(), request);
    return deliver(aheadMs === 0 ? page : { ...page, context: { ...page.context, clockAheadMs: aheadMs } });
  };
}

function counterInOurTime(clock: VendorClock, counter: LineCounter): LineCounter {
  return {
    ...counter,
    async probe(request, signal) {
      const probed = await inVendorTime(clock, request, asked => counter.probe(asked, signal));
      if (!probed.ok) return probed;
      const aheadMs = clock.aheadMs();
      const paces = probed.value.paces.map(pace => ({
        ...pace,
        firstMs: pace.firstMs - aheadMs,
        newestMs: pace.newestMs - aheadMs,
      }));
      return succeed({ ...probed.value, paces });
    },
    async count(request, deliver, signal) {
      const read = await inVendorTime(clock, request, asked =>
        counter.count(asked, marked(clock, request, deliver), signal),
      );
      const aheadMs = clock.aheadMs();
      return read.ok && aheadMs !== 0 ? succeed({ ...read.value, clockAheadMs: aheadMs }) : read;
    },
  };
}

/** Buckets of metrics begin at whole intervals: theirs are moved by whole intervals. */
function inSteps(aheadMs: number, { source, intervalMs }: ReadRequest): number {
  return source.kind === 'metrics' ? Math.round(aheadMs / intervalMs) * intervalMs : aheadMs;
}

function refuse({ source, connection }: ReadRequest, kinds: readonly string[]): Result<never> {
  return fail(
    'invalid',
    `Health source "${source.name}" asks for ${source.kind}, ` +
      `which a connection of kind ${connection.vendor} does not give.`,
    { hint: `Metrics and logs come from ${kinds.join(' and ')}.` },
  );
}
