// What Jenkins' parts of a pipeline hold beside what all vendors have.
import type { Hook } from '../../model/hook.ts';
import type { ArtifactSource, ConnectionWithCredential } from '../../model/pipeline.ts';

export type JenkinsConnection = ConnectionWithCredential;

export type JenkinsArtifact = ArtifactSource & {
  readonly kind: 'build';
  readonly options: {
    /** What of the build is the version: its number, its display name, or one of its parameters. */
    readonly version: 'number' | 'displayName' | { readonly parameter: string };
    /** Path pattern that one artifact of the build must match; absent: the build as a whole is deployed. */
    readonly file?: string;
  };
};

export type JenkinsHook = Hook & {
  readonly kind: 'job';
  readonly options: { readonly expectResult: readonly BuildResult[] };
};

/** How a build ended. */
export type BuildResult = 'SUCCESS' | 'UNSTABLE' | 'FAILURE' | 'NOT_BUILT' | 'ABORTED';
