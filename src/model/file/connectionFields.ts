// The keys of a connection to a self-hosted server. Such a server is often behind a proxy, so it may expect the
// credential in any header, and a tenant.
import type { z } from 'zod';
import type { Connection } from '../pipeline.ts';
import { formed, url } from './fields.ts';

/** How to authenticate at such a server, in addition to its address and credential. */
export interface ServerAccess {
  /** The header that contains the unchanged credential; absent: `Authorization`, as Basic or Bearer. */
  readonly header?: string;
  readonly tenant?: string;
}
export type ServerConnection = Connection & { readonly options: ServerAccess };

/** `example`: what the description of the address shows. */
export function serverFields(credential: z.ZodString, example: string) {
  return {
    url: url(`Address of the server, such as ${example}.`),
    credential: credential.optional().meta({
      description:
        'Name of a stored credential: a token, or `user:password`. Without this key, requests have no credential. ' +
        'The value itself never belongs in a pipeline file.',
    }),
    header: formed(
      'Header that contains the unchanged credential. By default it is `Authorization`: `user:password` is sent ' +
        'as Basic and any other text as Bearer.',
      /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/,
      'The name of a header has letters, digits and dashes.',
    ).optional(),
  };
}

export const tenant = formed(
  'Tenant, sent as `X-Scope-OrgID`. Several are separated by `|`.',
  /^[A-Za-z0-9!\-_.*'()|]{1,300}$/,
  "The name of a tenant has letters, digits and the characters `!-_.*'()`.",
).optional();

export function compileServer({
  url: address,
  credential,
  header,
  tenant: ofTenant,
}: z.output<z.ZodObject<ReturnType<typeof serverFields>>> & { readonly tenant?: string | undefined }): Omit<
  ServerConnection,
  'vendor'
> {
  return {
    url: address,
    ...(credential !== undefined && { credential }),
    options: { ...(header !== undefined && { header }), ...(ofTenant !== undefined && { tenant: ofTenant }) },
  };
}
