// What a connection to Grafana holds beside what all have.
import type { ServerConnection } from '../../model/file/connectionFields.ts';

export const vendor = 'grafana';

export type GrafanaConnection = ServerConnection & {
  readonly options: {
    /** Its UID; absent: every dashboard that asks for the tags shows the annotations. */
    readonly dashboard?: string;
    readonly tags: readonly string[];
  };
};
