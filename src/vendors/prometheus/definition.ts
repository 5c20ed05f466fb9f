// Prometheus, and what speaks its API, in a pipeline file: a server to connect to, and its metrics.
import { z } from 'zod';
import { compileServer, serverFields, tenant } from '../../model/file/connectionFields.ts';
import type { VendorDefinition } from '../vendor.ts';
import { vendor } from './options.ts';
import { prometheusSource } from './sourceDefinition.ts';

const connectionSchema = (credential: z.ZodString) =>
  z
    .strictObject({
      ...serverFields(
        credential,
        '`https://prometheus.example.com`, or `https://mimir.example.com/prometheus` where the API is below a path',
      ),
      tenant,
    })
    .meta({
      description: 'A Prometheus, or a server with its API (VictoriaMetrics, Thanos, Mimir): metrics.',
    });

export const prometheus: VendorDefinition = {
  kind: vendor,
  title: 'Prometheus',
  connection: {
    schema: ({ credential }) => connectionSchema(credential),
    compile: given => compileServer(given as z.output<ReturnType<typeof connectionSchema>>),
    starter: '{ prometheus: { url: https://prometheus.example.com } }',
  },
  credential: { prompt: 'Prometheus: a token, or user:password.', forms: [] },
  source: prometheusSource,
};
