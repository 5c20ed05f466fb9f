// The vendors' local servers with known telemetry, a virtual clock, and two ways to reach them: in process, and over
// real sockets.
import type { TestContext } from 'node:test';
import type { Budget } from '../../../src/model/outside.ts';
import type { Credentials } from '../../../src/model/outside.ts';
import { createHttp } from '../../../src/vendors/transport/http.ts';
import type { Http } from '../../../src/model/outside.ts';
import { createFaults } from '../../../src/demo/faults/faults.ts';
import type { Fault, Vendor } from '../../../src/demo/faults/fault.ts';
import { listen } from '../../../src/demo/servers/httpServer.ts';
import type { DemoRequest, Handler } from '../../../src/demo/servers/httpServer.ts';
import { createTelemetry } from '../../../src/demo/fleet/telemetry.ts';
import type { Telemetry } from '../../../src/demo/fleet/telemetry.ts';
import { fail, succeed } from '../../../src/model/failure.ts';
import { createLocalBudget } from '../../fakes/localBudget.ts';
import { createVirtualClock } from '../../fakes/virtualClock.ts';
import type { VirtualClock } from '../../fakes/virtualClock.ts';
import { createHandlerHttp } from './handlerHttp.ts';
import { createPatientClock } from '../patientClock.ts';

export type Transport = 'in process' | 'over sockets';
export const transports: readonly Transport[] = ['in process', 'over sockets'];

export interface Vendors {
  readonly clock: VirtualClock;
  readonly telemetry: Telemetry;
  readonly http: Http;
  readonly url: string;
  /** Every request that reached the server, as `METHOD /path`. */
  readonly requests: string[];
  readonly credentials: Credentials;
  readonly budget: Budget;
  fail(...faults: readonly Fault[]): void;
}

export interface VendorParts {
  readonly telemetry: Telemetry;
  readonly now: () => number;
  readonly sleep: (durationMs: number) => Promise<void>;
  readonly faults: ReturnType<typeof createFaults>;
}

const secrets = new Map([
  ['nr', 'NRAK-CONTRACTTESTKEY'],
  ['sumo', 'suACCESSID:accessKEYsecret'],
  ['jenkins', 'robot:jenkinsTOKEN11'],
  ['hook', 'hookTOKENsecret'],
  ['prom', 'promUSERNAME:promPASSWORDsecret'],
  ['loki', 'lokiTOKENsecret'],
  ['house', 'houseUSERNAME:housePASSWORD'],
  ['search', 'searchUSERNAME:searchPASSWORD'],
  ['search-key', 'searchAPIKEYsecret'],
  ['dog', 'dogAPIKEYsecret:dogAPPLICATIONKEY'],
  ['cloud', 'AKIATESTTESTTESTTEST:cloudSECRETACCESSKEY'],
]);
/** What must not be found anywhere. */
export const secretValues = [...secrets.values()].flatMap(value => value.split(':').filter(part => part.length >= 10));
export const credentials: Credentials = {
  get: name => (secrets.has(name) ? succeed(secrets.get(name)!) : fail('unauthorized', `No credential "${name}".`)),
};

/** Starts one vendor's server; it is closed after the test. */
export async function startVendor(
  context: TestContext,
  vendor: Vendor,
  transport: Transport,
  create: (parts: VendorParts) => Handler,
): Promise<Vendors> {
  const patient = createPatientClock(),
    virtual = createVirtualClock();
  const clock = transport === 'in process' ? virtual : patient;
  const telemetry = createTelemetry();
  const faults = createFaults(clock.now);
  const sleep = (durationMs: number): Promise<void> =>
    transport === 'in process' ? virtual.sleep(durationMs) : patient.sleepWithin(durationMs);
  const handle = create({ telemetry, now: clock.now, sleep, faults });
  const requests: string[] = [];
  const recorded: Handler = (request: DemoRequest) => {
    requests.push(`${request.method} ${request.path}`);
    return handle(request);
  };
  const set = (...list: readonly Fault[]): void => {
    const done = faults.set({ [vendor]: list });
    if (!done.ok) throw new Error(done.failure.message);
  };
  const common = { clock, telemetry, requests, credentials, budget: createLocalBudget(context, clock), fail: set };
  if (transport === 'in process')
    return { ...common, url: 'http://127.0.0.1:9', http: createHandlerHttp(recorded, virtual) };
  const server = await listen(recorded);
  context.after(() => server.close());
  const http = createHttp();
  return { ...common, url: server.url, http: { request: request => patient.hold(http.request(request)) } };
}
