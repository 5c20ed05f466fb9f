// What distinguishes the new release from the one it replaces: artifact, files and variables, old to new.
import { compareReleases, type Release } from '../../model/release.ts';
import { stagesOf, type RunState } from '../../model/runs/runState.ts';
import { shortId } from '../words/format.ts';
import { plainLine } from '../words/plainText.ts';

export interface ComparisonSnapshot {
  readonly from: ReleaseSnapshot;
  readonly to: ReleaseSnapshot;
  readonly files: readonly { readonly name: string; readonly change: 'added' | 'removed' | 'changed' }[];
  readonly variables: readonly {
    readonly name: string;
    /** Absent: it did not exist. */
    readonly from?: string;
    readonly to?: string;
  }[];
  /** Beyond the bound. */
  readonly hidden: number;
}
export interface ReleaseSnapshot {
  readonly version: string;
  readonly release: string;
  readonly configuration: string;
}

const most = 200,
  longestValue = 400;

/** Null if no older release is known. */
export function snapshotComparison(state: RunState, working: Release | undefined): ComparisonSnapshot | null {
  const rollback = stagesOf(state).findLast(stage => stage.rollback)?.rollback;
  const older = rollback?.to ?? working,
    newer = rollback?.from ?? state.release;
  if (!older) return null;
  const { files, variables } = compareReleases(older, newer);
  return {
    from: releaseOf(older),
    to: releaseOf(newer),
    files: files.slice(0, most).map(({ path, change }) => ({ name: plainLine(path, 200), change })),
    variables: variables.slice(0, most).map(({ name, from, to }) => ({
      name: plainLine(name, 200),
      ...(from !== undefined && { from: plainLine(from, longestValue) }),
      ...(to !== undefined && { to: plainLine(to, longestValue) }),
    })),
    hidden: Math.max(0, files.length - most) + Math.max(0, variables.length - most),
  };
}

function releaseOf({ id, artifact, configuration }: Release): ReleaseSnapshot {
  return {
    version: plainLine(artifact.version, 80),
    release: shortId(id),
    configuration: shortId(configuration.digest),
  };
}
