// The parts of the host that commands work with, made once in startHost.ts.
import type * as vscode from 'vscode';
import type { Person } from '../model/runEvents.ts';
import type { Documents } from './documents.ts';
import type { Engines, HostEngine } from './engines.ts';
import type { Logs } from './logs.ts';
import type { Notify } from './notify.ts';
import type { OwnRuns } from './ownRuns.ts';
import type { Remembered } from './remembered.ts';
import type { RunFeed } from './runFeed.ts';
import type { Secrets } from './secrets.ts';
import type { WorkspacePipelines } from './workspacePipelines.ts';

export interface HostParts {
  readonly context: vscode.ExtensionContext;
  readonly engines: Engines;
  readonly pipelines: WorkspacePipelines;
  readonly feed: RunFeed;
  readonly secrets: Secrets;
  readonly documents: Documents;
  readonly logs: Logs;
  readonly notify: Notify;
  readonly ownRuns: OwnRuns;
  readonly remembered: Remembered;
  /** Opens an engine, or says why it cannot be opened. */
  readonly engineFor: (folder?: string) => Promise<HostEngine | undefined>;
  readonly person: (folder?: string) => Promise<Person>;
  /** False, and says why, in a workspace that nobody trusts. */
  readonly mayAct: () => boolean;
  readonly validatePipelines: () => Promise<{ readonly files: number; readonly broken: number }>;
}

export type Run = (parts: HostParts, given: unknown) => Promise<void>;
