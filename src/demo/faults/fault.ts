// The faults that the vendors' local servers know.
export type Vendor = 'newRelic' | 'sumoLogic' | 'jenkins';

interface FaultCommon {
  /** Uses after which the fault is over; absent: until it is cleared (`authFlap`: once). */
  readonly times?: number;
  /** Only requests whose method and path (`POST /graphql`), or whose body, contain this text. */
  readonly match?: string;
  /** And not those whose method, path or body contain this. */
  readonly unless?: string;
  /** Of the requests that it applies to, this share at random: 0.05 is every twentieth. */
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
    /** HTTP 200 with a page of HTML, as a proxy or a sign-in sends it. */
    | { readonly kind: 'page' }
    /** To the same path on another server of this machine; 302 unless another status is given. */
    | { readonly kind: 'redirect'; readonly to: string; readonly status?: number }
    | { readonly kind: 'drop' }
    /** The work is done, and the connection ends before its answer. */
    | { readonly kind: 'lostAnswer' }
    | { readonly kind: 'down' }
    | { readonly kind: 'authFlap' }
    /** A NRQL query takes this long: async ones answer with a query id, sync ones beyond their time-out fail. */
    | { readonly kind: 'slowQuery'; readonly durationMs: number }
    /** The ids of queries that go on are numbers. The schema makes them texts; New Relic's client for Go reads numbers only. */
    | { readonly kind: 'numericQueryIds' }
    /** The account's API has no `changeTrackingCreateEvent` yet. */
    | { readonly kind: 'olderSchema' }
    | { readonly kind: 'expireJob' }
    | { readonly kind: 'loseCookie' }
    | { readonly kind: 'shortPages'; readonly rows: number }
    | { readonly kind: 'wrongDeployment' }
    /** Metrics queries answer with a part of their series, and say so in `errors`. */
    | { readonly kind: 'incompleteMetrics' }
    /** A search warns of this, and of nothing worse. */
    | { readonly kind: 'warning'; readonly message: string }
    /** Records younger than this are not visible yet; of Jenkins: what builds wrote to their consoles. */
    | { readonly kind: 'lateData'; readonly seconds: number }
    /** The nodes' clocks are ahead by so much, or behind when negative. */
    | { readonly kind: 'skew'; readonly seconds: number }
    /** The clocks of the vendor and of the nodes are ahead of ours by so much, or behind when negative. */
    | { readonly kind: 'vendorClock'; readonly seconds: number }
    /** Every log record was delivered twice, under one id; entities, builds and waiting items are listed twice. */
    | { readonly kind: 'duplicates' }
    /** Records of these nodes (absent: of all) from `fromMs` on (absent: from when it was set) are invisible. */
    | { readonly kind: 'noData'; readonly nodes?: readonly string[]; readonly fromMs?: number }
  );
export type FaultKind = Fault['kind'];
