// What distinguishes the new release from the one it replaces: artifact, keys or lines of its files, and variables.
import { compareReleases, type Release, type ReleaseDifference } from '../../model/release.ts';
import { stagesOf, type RunState } from '../../model/runs/runState.ts';
import { shortId } from '../words/format.ts';
import { plainLine } from '../words/plainText.ts';
import { compareFiles, shownValue, type SettingChange } from './configurationChange.ts';

export interface ComparisonSnapshot {
  readonly from: ReleaseSnapshot;
  readonly to: ReleaseSnapshot;
  readonly files: readonly FileSnapshot[];
  readonly variables: readonly SettingChange[];
  /** Number of settings beyond the bound. */
  readonly hidden: number;
}
export interface ReleaseSnapshot {
  readonly version: string;
  readonly release: string;
  readonly configuration: string;
}
export interface FileSnapshot {
  readonly name: string;
  readonly change: ReleaseDifference['files'][number]['change'];
  /** Absent: what is in the file is not known here. */
  readonly settings?: readonly SettingChange[];
  /** The number of unchanged keys. */
  readonly sameKeys?: number;
}

/** The text of a stored configuration file; undefined if it cannot be read, or is no text. */
export type ReadStored = (digest: string) => string | undefined;

const most = 200,
  longestValue = 400;

/** `running`: what the new release would replace, if the run waits for an approval. Null: no older release is known. */
export function snapshotComparison(
  state: RunState,
  known: { readonly working?: Release; readonly running?: Release; readonly read?: ReadStored },
): ComparisonSnapshot | null {
  const rollback = stagesOf(state).findLast(stage => stage.rollback)?.rollback;
  const older = rollback?.to ?? known.running ?? known.working,
    newer = rollback?.from ?? state.release;
  if (!older) return null;
  const difference = compareReleases(older, newer);
  const files = difference.files.slice(0, most).map(file => fileOf(file, older, newer, known.read)),
    variables = difference.variables.map(({ name, from, to }) =>
      shown({
        name,
        ...(from !== undefined && { from: shownValue(name, from) }),
        ...(to !== undefined && { to: shownValue(name, to) }),
      }),
    );
  return {
    from: releaseOf(older),
    to: releaseOf(newer),
    ...bounded(files, variables),
  };
}

/** Number of settings that differ; a file whose content is not known counts once. */
export function countChanges({ files, variables, hidden }: ComparisonSnapshot): number {
  return files.reduce((sum, { settings }) => sum + Math.max(1, settings?.length ?? 1), variables.length + hidden);
}

function fileOf(
  { path, change }: ReleaseDifference['files'][number],
  older: Release,
  newer: Release,
  read: ReadStored | undefined,
): FileSnapshot {
  const [before, after] = [older, newer].map(({ configuration }) => {
    const file = configuration.files.find(one => one.path === path);
    return file ? read?.(file.digest) : '';
  });
  const file = { name: plainLine(path, 200), change };
  if (before === undefined || after === undefined) return file;
  const { settings, sameKeys } = compareFiles(path, before, after);
  return { ...file, settings: settings.map(shown), ...(sameKeys !== undefined && { sameKeys }) };
}

function shown({ name, from, to }: SettingChange): SettingChange {
  return {
    name: plainLine(name, 200),
    ...(from !== undefined && { from: plainLine(from, longestValue) }),
    ...(to !== undefined && { to: plainLine(to, longestValue) }),
  };
}

function bounded(
  files: readonly FileSnapshot[],
  variables: readonly SettingChange[],
): Pick<ComparisonSnapshot, 'files' | 'variables' | 'hidden'> {
  let left = most,
    hidden = 0;
  const cut = (settings: readonly SettingChange[]): readonly SettingChange[] => {
    const some = settings.slice(0, left);
    left -= some.length;
    hidden += settings.length - some.length;
    return some;
  };
  const shownVariables = cut(variables);
  return {
    files: files.map(file => (file.settings ? { ...file, settings: cut(file.settings) } : file)),
    variables: shownVariables,
    hidden,
  };
}

function releaseOf({ id, artifact, configuration }: Release): ReleaseSnapshot {
  return {
    version: plainLine(artifact.version, 80),
    release: shortId(id),
    configuration: shortId(configuration.digest),
  };
}
