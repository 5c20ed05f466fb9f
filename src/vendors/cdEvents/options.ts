// What a connection that takes CDEvents holds beside what all have.
import type { ServerConnection } from '../../model/file/connectionFields.ts';

export const vendor = 'cdEvents';

export type CdEventsConnection = ServerConnection & {
  readonly options: { readonly service: string; readonly environment: string };
};
