// What the Loki parts of a pipeline hold beside what all vendors have.
import type { LogsSource } from '../../model/healthSource.ts';

export const vendor = 'loki';

export type LokiSource = LogsSource & {
  readonly options: {
    /** LogQL that selects lines: a stream selector, and stages behind it. */
    readonly query: string;
    /** Its first group is the node's name in the value of the node label. */
    readonly nodePattern?: string;
    /** Where the node label comes from: the stream, or the stages of the query and structured metadata. */
    readonly nodeIn: 'stream' | 'line';
  };
};
