// A webhook for CDEvents in a pipeline file: an address that is told of each deployment and each rollback.
import { z } from 'zod';
import { compileServer, serverFields } from '../../model/file/connectionFields.ts';
import { text } from '../../model/file/fields.ts';
import type { VendorDefinition } from '../vendor.ts';
import { vendor, type CdEventsConnection } from './options.ts';

const connectionSchema = (credential: z.ZodString) =>
  z
    .strictObject({
      ...serverFields(credential, '`https://events.example.com/cdevents`'),
      service: text('Name of the service, as those who read the events call it.', 100),
      environment: text('Name of the environment that is deployed to.', 100),
    })
    .meta({ description: 'A webhook that takes CDEvents: one for each deployment and each rollback.' });

export const cdEvents: VendorDefinition = {
  kind: vendor,
  title: 'CDEvents',
  connection: {
    schema: ({ credential }) => connectionSchema(credential),
    compile(given) {
      const { service, environment, ...server } = given as z.output<ReturnType<typeof connectionSchema>>;
      const { options, ...connection } = compileServer(server);
      return {
        ...connection,
        marks: true,
        options: { ...options, service, environment },
      } satisfies Omit<CdEventsConnection, 'vendor'>;
    },
    starter: '{ cdEvents: { url: https://events.example.com, service: SERVICE, environment: production } }',
  },
  credential: { prompt: 'CDEvents webhook: a token, or user:password.', forms: [] },
};
