// The services of the host that commands work with, made once by startHost.ts from the parts in hostParts.ts.
import type * as vscode from 'vscode';
import type { Person } from '../model/runs/runEvents.ts';
import type { Documents } from './documents/documents.ts';
import type { Engines, HostEngine } from './runs/engines.ts';
import type { Logs } from './runs/logs.ts';
import type { Notify } from './notices/notify.ts';
import type { OwnRuns } from './runs/ownRuns.ts';
import type { Remembered } from './stored/remembered.ts';
import type { RunFeed } from './panel/runFeed.ts';
import type { SentInstructions } from './runs/sentInstructions.ts';
import type { Secrets } from './asking/secrets.ts';
import type { KeptFilter } from './tree/runFilter.ts';
import type { WorkspacePipelines } from './workspace/workspacePipelines.ts';

export interface HostServices {
  readonly context: vscode.ExtensionContext;
  readonly engines: Engines;
  readonly pipelines: WorkspacePipelines;
  readonly feed: RunFeed;
  readonly secrets: Secrets;
  /** The value of a credential from the environment variables. */
  readonly hasEnvironmentCredential: (name: string) => boolean;
  readonly documents: Documents;
  readonly logs: Logs;
  readonly notify: Notify;
  readonly sent: SentInstructions;
  readonly runFilter: KeptFilter;
  readonly ownRuns: OwnRuns;
  readonly remembered: Remembered;
  /** Opens an engine, or reports why it cannot be opened. */
  readonly engineFor: (folder?: string) => Promise<HostEngine | undefined>;
  readonly person: (folder?: string) => Promise<Person>;
  /** Returns false, and reports why, in an untrusted workspace. */
  readonly mayAct: () => boolean;
  readonly validatePipelines: () => Promise<{ readonly files: number; readonly broken: number }>;
}

export type Run = (services: HostServices, given: unknown) => Promise<void>;
