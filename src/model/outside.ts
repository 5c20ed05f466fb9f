// What whoever speaks to an outside system is given: HTTP, credentials, the budget of an account, a clock, and what
// may be used of this machine.
import type { Failure, Result } from './failure.ts';
import type { Clock, HookRequest } from './ports.ts';
import type { HookOutcome } from './runs/runEvents.ts';

export interface Outside {
  readonly http: Http;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly budget: Budget;
  /** Absent where nothing of this machine may be used. */
  readonly machine?: Machine;
}

export interface Machine {
  /** The workspace folder, absolute: files are read below it. */
  readonly folder: string;
  runProgram: RunProgram;
  /** Why such a call could not be started, without starting it; undefined where nothing is known to be wrong. */
  findProblem(call: ProgramCall): Failure | undefined;
}

/**
 * Runs a program to its end, with the environment of a command hook. Never throws. One that ends with another exit
 * status than 0, or takes longer than it may, is a failure, and so is one that cannot be started.
 */
export type RunProgram = (call: ProgramCall, signal: AbortSignal) => Promise<Result<ProgramOutput>>;

export interface ProgramCall {
  /** What failures call it: `Health source "quality"`. */
  readonly title: string;
  /** The command is one string for the shell of this machine; absent: it is run without one. */
  readonly shell?: boolean;
  /** Program and arguments, in which `${BACKSTOP_NAME}` stands for one of `values`. */
  readonly command: readonly string[];
  /** Relative to the workspace folder. */
  readonly directory: string;
  /** They may name `${credential:NAME}`. */
  readonly variables: Readonly<Record<string, string>>;
  /** Names of variables of our own environment that it is given beside the usual ones. */
  readonly environment: readonly string[];
  /** The BACKSTOP_ variables. */
  readonly values: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Its error output counts too, behind the other. */
  readonly withErrors: boolean;
  /** Of its output; of a longer one the end is kept. */
  readonly mostBytes: number;
  /** Exit statuses beside 0 that are no failure. */
  readonly statuses?: readonly number[];
}

export interface ProgramOutput {
  /** Owns its memory. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes at the beginning that were not kept. */
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
  /** For the whole exchange, from the first look-up of the name to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Of the answer, unpacked. Default 32 MiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; several of one name joined by a comma, `set-cookie` apart in `cookies`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  /** Owns its memory, so that it can be transferred to a worker. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * A Result; a failure also says whether the other side may have got the request, for those that must not be repeated
 * blindly.
 */
export type HttpResult =
  | { readonly ok: true; readonly value: HttpAnswer }
  | { readonly ok: false; readonly failure: Failure; readonly sent: boolean };

export interface Credentials {
  /**
   * Each vendor's definition says what form it has; of HTTP hooks it is a token, or `user:password`.
   * `url`: where it will be sent. A missing one fails as `unauthorized`, saying where it was looked for.
   */
  get(name: string, url?: string): Result<string>;
}

export function credentialVariable(name: string): string {
  return `BACKSTOP_CREDENTIAL_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

/** What the vendor allows. */
export interface AccountLimits {
  /** Exchanges under way at once. */
  readonly concurrent: number;
  /** So many in any stretch of `perMs`, by the vendor's count. */
  readonly requests: number;
  readonly perMs: number;
}

export interface Account {
  /** From `nameAccount`: it tells accounts apart, and nothing about them. */
  readonly key: string;
  readonly limits: AccountLimits;
}

export interface Turn {
  /** Not waited for beyond this (epoch ms). */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
  /** What it counts for in the rate; 1 by default. A document with two queries counts as two. */
  readonly weight?: number;
}

/** Must be called when the exchange is over; a turn that is never given back expires. */
export type GiveBack = () => void;

export interface Budget {
  /** Fails as `cancelled`, as `rate-limited` when the turn does not come in time, or as `store`. */
  take(account: Account, turn: Turn): Promise<Result<GiveBack>>;
  /**
   * The vendor said "too often": until then, or for a while that grows each time, nobody who shares the account asks.
   */
  holdBack(account: Account, afterMs?: number): void;
}

/** Where the state of all accounts is kept. Throws when that is broken. */
export interface BudgetStore {
  enter(account: Account, request: { readonly weight: number; readonly ticket?: number }): Entry;
  leave(id: number): void;
  giveUp(ticket: number): void;
  holdBack(key: string, afterMs: number | undefined): void;
}
/** A place in the line is kept by asking again in time. */
export type Entry =
  | { readonly kind: 'admitted'; readonly id: number }
  | { readonly kind: 'waits'; readonly ticket: number; readonly forMs: number };
