// What a local New Relic is made of.
import type { Faults } from '../faults/faults.ts';
import type { Telemetry } from '../fleet/telemetry.ts';

export interface NewRelicOptions {
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (durationMs: number) => Promise<void>;
  readonly faults: Faults;
  readonly accountId: number;
  readonly apiKey: string;
  /** The entity of the service, an APM application. */
  readonly entityGuid: string;
  /** Further accounts whose entities the user sees; each has a service of the same name. */
  readonly otherAccounts?: readonly number[];
  readonly serviceName?: string;
  /** Names of the host entities. */
  readonly hosts?: readonly string[];
  readonly entityPageSize?: number;
  /** The number of rows for `LIMIT MAX`. */
  readonly limitMax?: number;
  readonly limits?: AccountLimits;
}

/**
 * More than `concurrent` requests at once: HTTP 429. More than this many queries in a minute: the class
 * TOO_MANY_REQUESTS with HTTP 200.
 */
export interface AccountLimits {
  readonly concurrent: number;
  readonly queriesPerMinute: number;
}
