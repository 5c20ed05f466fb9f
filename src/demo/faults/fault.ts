// The faults that a test can ask the local servers for.

/** `other`: one that the demo does not have, and a test does. */
export type Vendor = 'newRelic' | 'sumoLogic' | 'jenkins' | 'other';

interface FaultCommon {
  /** Number of uses after which the fault ends; absent: when it is cleared (`authFlap`: once). */
  readonly times?: number;
  /** Only requests whose method and path (`POST /graphql`), or whose body, contain this text. */
  readonly match?: string;
  /** Does not apply to requests whose method, path or body contain this text. */
  readonly unless?: string;
  /** The share of matching requests that it affects, at random: 0.05 is every twentieth. */
  readonly share?: number;
}

export type Fault = FaultCommon &
  (
    | { readonly kind: 'status'; readonly status: number; readonly retryAfterSec?: number }
    | { readonly kind: 'graphqlErrors'; readonly errorClass: string; readonly message?: string }
    /** JSON that is cut in the middle. */
    | { readonly kind: 'malformed' }
    | { readonly kind: 'slow'; readonly delayMs: number }
    /** The request is taken and never answered. */
    | { readonly kind: 'hang' }
    /** The answer comes a few bytes at a time. */
    | { readonly kind: 'drip'; readonly bytesPerSec: number }
    /** The right answer under another content type. */
    | { readonly kind: 'contentType'; readonly value: string }
    /** HTTP 200 with an HTML page, as from a proxy or a sign-in page. */
    | { readonly kind: 'page' }
    /** To the same path on another server of this machine; 302 unless another status is given. */
    | { readonly kind: 'redirect'; readonly to: string; readonly status?: number }
    | { readonly kind: 'drop' }
    /** The work is done, but the connection ends before the answer. */
    | { readonly kind: 'lostAnswer' }
    | { readonly kind: 'down' }
    | { readonly kind: 'authFlap' }
    /**
     * A NRQL query takes this long: asynchronous ones return a query id, synchronous ones fail beyond their time-out.
     */
    | { readonly kind: 'slowQuery'; readonly durationMs: number }
    /**
     * The ids of running queries are numbers. The schema declares strings; New Relic's client for Go accepts only
     * numbers.
     */
    | { readonly kind: 'numericQueryIds' }
    /** The account's API has no `changeTrackingCreateEvent` yet. */
    | { readonly kind: 'olderSchema' }
    | { readonly kind: 'expireJob' }
    | { readonly kind: 'loseCookie' }
    | { readonly kind: 'shortPages'; readonly rows: number }
    | { readonly kind: 'wrongDeployment' }
    /** Metrics queries return a part of their series, and report that in `errors`. */
    | { readonly kind: 'incompleteMetrics' }
    /** A search returns this warning, and no error. */
    | { readonly kind: 'warning'; readonly message: string }
    /** Records younger than this are not visible yet; for Jenkins: the console output of builds. */
    | { readonly kind: 'lateData'; readonly seconds: number }
    /** The clocks of the nodes are ahead by this much, or behind if negative. */
    | { readonly kind: 'skew'; readonly seconds: number }
    /** The clocks of the vendor and of the nodes are ahead of ours by this much, or behind if negative. */
    | { readonly kind: 'vendorClock'; readonly seconds: number }
    /** Every log record was delivered twice with the same id; entities, builds and waiting items are listed twice. */
    | { readonly kind: 'duplicates' }
    /** Records of these nodes (absent: of all) from `fromMs` on (absent: from when it was set) are invisible. */
    | { readonly kind: 'noData'; readonly nodes?: readonly string[]; readonly fromMs?: number }
  );

export type FaultKind = Fault['kind'];
