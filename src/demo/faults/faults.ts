// Intentional faults of a vendor's API: one object that the local servers consult, set by a test, a person or a
// scenario.
import { succeed, type Result } from '../../model/failure.ts';
import { checkSpecification } from './faultSpecification.ts';
import {
  ConnectionLost,
  textResponse,
  type DemoRequest,
  type DemoResponse,
  type Handler,
} from '../servers/httpServer.ts';
import type { Fault, FaultKind, Vendor } from './fault.ts';
import { createRandom } from '../fleet/random.ts';
import type { Telemetry, TelemetryEvent } from '../fleet/telemetry.ts';

export interface Faults {
  /**
   * Replaces all faults by `{"newRelic": [...], "sumoLogic": [...], "jenkins": [...]}`; changes nothing when any of it
   * is wrong.
   */
  set(specification: unknown): Result<void>;
  /** The first fault of this kind that applies to the request; counts as one use. */
  take<K extends FaultKind>(vendor: Vendor, kind: K, request: DemoRequest): (Fault & { readonly kind: K }) | undefined;
  /** The time on the vendor's clock, epoch milliseconds. */
  now(vendor: Vendor): number;
  /** The telemetry that the vendor shows now. */
  view(vendor: Vendor, telemetry: Telemetry): Telemetry;
}

type FaultLists = Readonly<Record<Vendor, readonly Standing[]>>;

interface Standing {
  readonly fault: Fault;
  remaining: number;
  readonly setAtMs: number;
  readonly shifted: WeakMap<object, object>;
}

/** `seed`: for the random choice of a fault with a `share`. */
export function createFaults(now: () => number, seed = 1): Faults {
  const chance = createRandom(seed, 'faults');
  let lists: FaultLists = { newRelic: [], sumoLogic: [], jenkins: [], other: [] };
  return {
    set(specification) {
      const checked = checkSpecification(specification);
      if (!checked.ok) return checked;
      const stand = (fault: Fault): Standing => ({
        fault,
        remaining: fault.times ?? (fault.kind === 'authFlap' ? 1 : Infinity),
        setAtMs: now(),
        shifted: new WeakMap(),
      });
      const { newRelic, sumoLogic, jenkins, other } = checked.value;
      lists = {
        newRelic: newRelic.map(stand),
        sumoLogic: sumoLogic.map(stand),
        jenkins: jenkins.map(stand),
        other: other.map(stand),
      };
      return succeed(undefined);
    },
    take(vendor, kind, request) {
      const target = `${request.method} ${request.path}\n${request.body}`;
      const standing = lists[vendor].find(
        ({ fault, remaining }) =>
          fault.kind === kind &&
          remaining > 0 &&
          target.includes(fault.match ?? '') &&
          !(fault.unless !== undefined && target.includes(fault.unless)) &&
          (fault.share === undefined || chance.next() < fault.share),
      );
      if (!standing) return undefined;
      standing.remaining--;
      return standing.fault as Fault & { kind: typeof kind };
    },
    now: vendor =>
      now() +
      1000 * lists[vendor].reduce((sum, { fault }) => (fault.kind === 'vendorClock' ? sum + fault.seconds : sum), 0),
    view: (vendor, telemetry) =>
      lists[vendor].reduce((seen, { fault, setAtMs, shifted }) => {
        switch (fault.kind) {
          case 'lateData':
            return hideLate(seen, now() - fault.seconds * 1000);
          case 'vendorClock':
          case 'skew':
            return shift(seen, fault.seconds * 1000, shifted);
          case 'duplicates':
            return { ...seen, logs: (fromMs, toMs) => seen.logs(fromMs, toMs).flatMap(record => [record, record]) };
          case 'noData':
            return hideNodes(seen, fault.nodes, fault.fromMs ?? setAtMs);
          default:
            return seen;
        }
      }, telemetry),
  };
}

function hideLate(telemetry: Telemetry, newestMs: number): Telemetry {
  return {
    ...telemetry,
    logs: (fromMs, toMs) => telemetry.logs(fromMs, Math.min(toMs, newestMs)),
    events: (type, fromMs, toMs) => telemetry.events(type, fromMs, Math.min(toMs, newestMs)),
  };
}

/** `known`: records that were shifted before, since they are requested repeatedly. */
function shift(telemetry: Telemetry, byMs: number, known: WeakMap<object, object>): Telemetry {
  const later = <T extends { readonly atMs: number }>(records: readonly T[]): readonly T[] =>
    records.map(record => {
      let shifted = known.get(record) as T | undefined;
      if (!shifted) known.set(record, (shifted = { ...record, atMs: record.atMs + byMs }));
      return shifted;
    });
  return {
    ...telemetry,
    logs: (fromMs, toMs) => later(telemetry.logs(fromMs - byMs, toMs - byMs)),
    events: (type, fromMs, toMs) => later(telemetry.events(type, fromMs - byMs, toMs - byMs)),
  };
}

function hideNodes(telemetry: Telemetry, nodes: readonly string[] | undefined, fromMs: number): Telemetry {
  const hidden = (atMs: number, names: readonly unknown[]) =>
    atMs >= fromMs && (!nodes || names.some(name => nodes.includes(name as string)));
  return {
    ...telemetry,
    logs: (from, to) => telemetry.logs(from, to).filter(record => !hidden(record.atMs, [record.node])),
    events: (type, from, to) => telemetry.events(type, from, to).filter(event => !hidden(event.atMs, nodeNames(event))),
  };
}

function nodeNames({ attributes }: TelemetryEvent): readonly unknown[] {
  return [attributes['host'], attributes['hostname'], attributes['node'], attributes['instance']];
}

/**
 * A handler that fails as the faults say, before or after the vendor's work. `failWith` gives the vendor's body for a
 * status.
 */
export function withFaults(
  vendor: Vendor,
  faults: Faults,
  sleep: (durationMs: number) => Promise<void>,
  failWith: (status: number) => DemoResponse,
  handler: Handler,
): Handler {
  const answer: Handler = async request => {
    if (faults.take(vendor, 'down', request)) throw new ConnectionLost('ECONNREFUSED');
    if (faults.take(vendor, 'drop', request)) throw new ConnectionLost('ECONNRESET');
    if (faults.take(vendor, 'hang', request)) return new Promise<never>(() => {});
    const slow = faults.take(vendor, 'slow', request);
    if (slow) await sleep(slow.delayMs);
    if (faults.take(vendor, 'authFlap', request)) return failWith(401);
    const failing = faults.take(vendor, 'status', request);
    if (failing) return withRetryAfter(failWith(failing.status), failing.retryAfterSec);
    const moved = faults.take(vendor, 'redirect', request);
    if (moved)
      return textResponse(moved.status ?? 302, 'Moved', {
        Location: `${moved.to}${request.path}${request.query.size > 0 ? `?${request.query}` : ''}`,
      });
    if (faults.take(vendor, 'page', request))
      return textResponse(200, '<!doctype html><title>Sign in</title><p>Please sign in.</p>', {
        'Content-Type': 'text/html',
      });
    const done = await handler(request);
    if (faults.take(vendor, 'lostAnswer', request)) throw new ConnectionLost('ECONNRESET');
    return spoil(done, kind => faults.take(vendor, kind, request));
  };
  return async request => {
    const given = await answer(request);
    return { ...given, headers: { Date: new Date(faults.now(vendor)).toUTCString(), ...given.headers } };
  };
}

/** What can happen to a correct answer in transit. */
function spoil(
  answer: DemoResponse,
  take: <K extends FaultKind>(kind: K) => (Fault & { readonly kind: K }) | undefined,
): DemoResponse {
  const cut = take('malformed'),
    other = take('contentType'),
    drip = take('drip');
  return {
    ...answer,
    ...(cut && { body: answer.body.slice(0, Math.ceil(answer.body.length / 2)) }),
    ...(other && { headers: { ...answer.headers, 'Content-Type': other.value } }),
    ...(drip && { bytesPerSec: drip.bytesPerSec }),
  };
}

function withRetryAfter(answer: DemoResponse, seconds: number | undefined): DemoResponse {
  return seconds === undefined ? answer : { ...answer, headers: { ...answer.headers, 'Retry-After': String(seconds) } };
}
