// Everything that code for outside systems receives: HTTP, credentials, the budget of an account, a clock, and limited
// access to this machine.
import type { Failure, Result } from './failure.ts';
import type { Clock, HookRequest } from './ports.ts';
import type { HookOutcome } from './runs/runEvents.ts';

export interface Outside {
  readonly http: Http;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly budget: Budget;
  /** Absent if nothing of this machine may be used. */
  readonly machine?: Machine;
}

export interface Machine {
  /** The workspace folder (absolute path), below which files are read. */
  readonly folder: string;
  runProgram: RunProgram;
  /** Explains why such a call could not be started, without starting it. Undefined if no problem is known. */
  findProblem(call: ProgramCall): Failure | undefined;
}

/**
 * Runs a program to its end, with the environment of a command hook. Never throws. It fails if the program cannot be
 * started, ends with another exit status than 0, or exceeds its time.
 */
export type RunProgram = (call: ProgramCall, signal: AbortSignal) => Promise<Result<ProgramOutput>>;

export interface ProgramCall {
  /** Names the program in failures: `Health source "quality"`. */
  readonly title: string;
  /** If true, the command is one string for the shell of this machine; otherwise it runs without a shell. */
  readonly shell?: boolean;
  /** The program and its arguments, in which `${BACKSTOP_NAME}` is replaced by one of `values`. */
  readonly command: readonly string[];
  /** Relative to the workspace folder. */
  readonly directory: string;
  /** Values may contain `${credential:NAME}`. */
  readonly variables: Readonly<Record<string, string>>;
  /** Variables of Backstop's own environment that the program gets in addition to the usual ones. */
  readonly environment: readonly string[];
  /** The BACKSTOP_ variables. */
  readonly values: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** If true, the error output is appended to the output. */
  readonly withErrors: boolean;
  /** The limit of the output in bytes; of longer output, the end is kept. */
  readonly mostBytes: number;
  /** Exit statuses besides 0 that do not mean failure. */
  readonly statuses?: readonly number[];
}

export interface ProgramOutput {
  /** Owns its memory. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The bytes at the beginning that were not kept. */
  readonly cut: number;
  /** Exit status: 0, or one of `statuses`. */
  readonly status: number;
}

/** Runs one hook to its end. Never throws. */
export type RunHook = (request: HookRequest, signal: AbortSignal) => Promise<HookOutcome>;

/**
 * Tests and simulations pass a server's handler in its place. Never throws; any status is an answer, redirects are
 * never followed.
 */
export interface Http {
  request(request: HttpRequest): Promise<HttpResult>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange, from the DNS look-up to the last byte of the response. */
  readonly timeoutMs: number;
  /** The limit for the unpacked response. Default: 32 MiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /**
   * Names in lower case. Several values of one name are joined by a comma, except `set-cookie`, which is in `cookies`.
   */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  /** Owns its memory, so that it can be transferred to a worker. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * A Result whose failure also tells whether the other side may have received the request, for requests that must not be
 * repeated blindly.
 */
export type HttpResult =
  | { readonly ok: true; readonly value: HttpAnswer }
  | { readonly ok: false; readonly failure: Failure; readonly sent: boolean };

export interface Credentials {
  /**
   * Each vendor's definition describes the form of its credential; for HTTP hooks it is a token, or `user:password`.
   * `url` is where it will be sent. A missing credential fails as `unauthorized`, with where it was looked for.
   */
  get(name: string, url?: string): Result<string>;
}

export function credentialVariable(name: string): string {
  return `BACKSTOP_CREDENTIAL_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

/** The limits of the vendor. */
export interface AccountLimits {
  /** The maximum number of simultaneous requests. */
  readonly concurrent: number;
  /** The maximum number of requests in any interval of `perMs`, as the vendor counts. */
  readonly requests: number;
  readonly perMs: number;
}

export interface Account {
  /** From `nameAccount`: distinguishes accounts without revealing anything about them. */
  readonly key: string;
  readonly limits: AccountLimits;
}

export interface Turn {
  /** Waits no longer than until this time (epoch ms). */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
  /** Its weight in the rate; 1 by default. A document with two queries counts as two. */
  readonly weight?: number;
}

/** Must be called when the exchange is over. A turn that is never returned expires. */
export type GiveBack = () => void;

export interface Budget {
  /** Fails as `cancelled`, as `rate-limited` if the turn does not come in time, or as `store`. */
  take(account: Account, turn: Turn): Promise<Result<GiveBack>>;
  /**
   * Call it after a rate-limit response: until the given time, or for a pause that grows each time, no process that
   * shares the account sends requests.
   */
  holdBack(account: Account, afterMs?: number): void;
}

/** The storage for the state of all accounts. Throws if it is broken. */
export interface BudgetStore {
  enter(account: Account, request: { readonly weight: number; readonly ticket?: number }): Entry;
  leave(id: number): void;
  giveUp(ticket: number): void;
  holdBack(key: string, afterMs: number | undefined): void;
}
/** A process keeps its place in the queue by asking again in time. */
export type Entry =
  | { readonly kind: 'admitted'; readonly id: number }
  | { readonly kind: 'waits'; readonly ticket: number; readonly forMs: number };
