// What the ClickHouse parts of a pipeline hold beside what all vendors have.
import type { ServerConnection } from '../../model/file/connectionFields.ts';
import type { LogsSource } from '../../model/healthSource.ts';

export const vendor = 'clickHouse';

export type ClickHouseConnection = ServerConnection & { readonly options: { readonly database?: string } };

export type ClickHouseSource = LogsSource & {
  readonly options: {
    /** Perhaps with its database. */
    readonly table: string;
    /** Condition that finds the lines. */
    readonly where?: string;
    /** Column of a date with a time. */
    readonly time: string;
    /** Expressions in SQL, as `nodeAttribute` is. */
    readonly text: string;
    readonly level?: string;
  };
};
