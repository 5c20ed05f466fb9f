// A hook of a pipeline: a command, a request or a job that deploys, checks or rolls back.
import type { OfVendor } from './ofVendor.ts';

interface HookCommon {
  readonly name: string;
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  /** `each`: called once for each node, in parallel. `together`: called once with all nodes. */
  readonly nodes: 'each' | 'together';
}
export type Hook =
  | (HookCommon & {
      readonly kind: 'command';
      readonly command: readonly string[];
      /** If true, the command is one string for `/bin/sh -c`. */
      readonly shell: boolean;
      /** Working directory relative to the workspace folder. */
      readonly directory: string;
      readonly variables: Readonly<Record<string, string>>;
      /** Variables of Backstop's own environment that the hook gets in addition to the usual ones. */
      readonly environment?: readonly string[];
    })
  | (HookCommon & {
      readonly kind: 'http';
      readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      /** Without a body, POST, PUT and PATCH send the BACKSTOP_ variables as JSON. */
      readonly body?: string;
      readonly credential?: string;
      readonly expectStatus: readonly number[];
    })
  | (HookCommon &
      OfVendor & {
        /** A job of another system, which Backstop starts and follows. */
        readonly kind: 'job';
        /** The vendor's name as people write it. */
        readonly title: string;
        readonly connection: string;
        readonly job: string;
        readonly parameters: Readonly<Record<string, string>>;
      });

export interface RetryPolicy {
  /** The total number of attempts; 1 means no retry. */
  readonly attempts: number;
  readonly delayMs: number;
  readonly factor: number;
  readonly maxDelayMs: number;
}
