// A pipeline file of the workspace, as the rest of the host uses it.
import type { Pipeline } from '../../model/pipeline.ts';

export interface PipelineFile {
  /** Path of the workspace folder. */
  readonly folder: string;
  /** Absent if the workspace has only one folder. */
  readonly folderName?: string;
  /** Relative to the folder, with slashes. */
  readonly file: string;
  readonly pipeline?: Pipeline;
  readonly errors: number;
}

/** Names of the credentials that connections and hooks use. */
export function credentialsOf(pipeline: Pipeline): readonly string[] {
  const hooks = Object.values(pipeline.hooks);
  const inVariables = hooks
    .flatMap(hook => (hook.kind === 'command' ? Object.values(hook.variables) : []))
    // Health sources name them in the same way; each vendor has its own place for that.
    .concat(JSON.stringify(pipeline.healthSources))
    .flatMap(value => [...value.matchAll(/\$\{credential:([^{}]{1,200})\}/g)].map(match => match[1]!));
  return [
    ...new Set([
      ...[...Object.values(pipeline.connections), ...hooks.filter(hook => hook.kind === 'http')].flatMap(
        ({ credential }) => credential ?? [],
      ),
      ...inVariables,
    ]),
  ].sort();
}
