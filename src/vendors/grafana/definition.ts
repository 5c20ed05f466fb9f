// Grafana in a pipeline file: a server whose dashboards show each deployment as an annotation.
import { z } from 'zod';
import { compileServer, serverFields } from '../../model/file/connectionFields.ts';
import { formed, text } from '../../model/file/fields.ts';
import type { VendorDefinition } from '../vendor.ts';
import { vendor, type GrafanaConnection } from './options.ts';

const connectionSchema = (credential: z.ZodString) =>
  z
    .strictObject({
      ...serverFields(credential, '`https://grafana.example.com`'),
      dashboard: formed(
        'UID of the dashboard that shows the annotations. Without it they belong to the organization, and every ' +
          'dashboard that asks for their tags shows them.',
        /^[A-Za-z0-9_-]{1,40}$/,
        'The UID of a dashboard stands in its address behind `/d/`: letters, digits, `-` and `_`.',
      ).optional(),
      tags: z
        .array(text('A tag.', 50))
        .max(20)
        .default([])
        .meta({ description: 'Tags beside `backstop`, `canary` or `rollback`, and the version.' }),
    })
    .meta({ description: 'A Grafana: an annotation for each deployment and each rollback.' });

export const grafana: VendorDefinition = {
  kind: vendor,
  title: 'Grafana',
  connection: {
    schema: ({ credential }) => connectionSchema(credential),
    compile(given) {
      const { dashboard, tags, ...server } = given as z.output<ReturnType<typeof connectionSchema>>;
      const { options, ...connection } = compileServer(server);
      return {
        ...connection,
        marks: true,
        options: { ...options, tags, ...(dashboard !== undefined && { dashboard }) },
      } satisfies Omit<GrafanaConnection, 'vendor'>;
    },
    starter: '{ grafana: { url: https://grafana.example.com, credential: grafana } }',
  },
  credential: {
    prompt: 'Grafana: a service account token with the permission to write annotations.',
    forms: [/\bglsa_[A-Za-z0-9]{32}_[0-9a-f]{8}\b/g],
  },
};
