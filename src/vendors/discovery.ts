// Asks the server of a connection what it has of a service, before there is a pipeline and without a store.
import { fail, succeed } from '../model/failure.ts';
import type { Budget, Outside } from '../model/outside.ts';
import type { Discover } from './vendor.ts';
import { vendorPorts, type PortsByVendor } from './ports.ts';
import { bindCredentials, createHostRules, guardHttp } from './transport/hostRules.ts';

/** A look asks a dozen questions, once; no run waits for the same account yet. */
const alone: Budget = { take: () => Promise.resolve(succeed(() => undefined)), holdBack: () => undefined };

export interface DiscoveryOptions extends Pick<Outside, 'http' | 'clock' | 'credentials'> {
  /** The user's own list of hosts, and the vendors' own domains. */
  readonly allowedHosts: string;
  readonly vendorDomains: readonly string[];
}

/** A person has just typed the address, so that the credential may go there, but never in clear. */
export function createDiscovery(
  { http, clock, credentials, allowedHosts, vendorDomains }: DiscoveryOptions,
  ports: PortsByVendor = vendorPorts,
): Discover {
  return (question, signal) => {
    const { vendor, url } = question.connection,
      discover = ports[vendor]?.discover;
    if (!discover) return Promise.resolve(fail('invalid', `A server of ${vendor} cannot be asked what it has.`));
    const address = URL.parse(url),
      typed = address?.protocol === 'https:' ? [address.host] : [];
    const rules = createHostRules(allowedHosts, typed, vendorDomains);
    const outside: Outside = {
      http: guardHttp(http, rules),
      clock,
      credentials: bindCredentials(credentials, rules),
      budget: alone,
    };
    return discover(outside)(question, signal);
  };
}
