// What the VictoriaLogs parts of a pipeline hold beside what all vendors have.
import type { ServerConnection } from '../../model/file/connectionFields.ts';
import type { LogsSource } from '../../model/healthSource.ts';

export const vendor = 'victoriaLogs';

export type VictoriaLogsConnection = ServerConnection & {
  /** `AccountID:ProjectID`. */
  readonly options: { readonly account?: string };
};

export type VictoriaLogsSource = LogsSource & {
  readonly options: {
    /** LogsQL that selects lines: filters, and pipes that keep `_time`, `_msg` and the field of the node. */
    readonly query: string;
    /** Its first group is the node's name in the value of the node field. */
    readonly nodePattern?: string;
  };
};
