// VictoriaLogs in a pipeline file: a server to connect to, and its log lines.
import { z } from 'zod';
import { compileServer, serverFields } from '../../model/file/connectionFields.ts';
import { toMs } from '../../model/file/durations.ts';
import { formed, name, text } from '../../model/file/fields.ts';
import {
  attribute,
  checkNodePattern,
  checkVersion,
  delay,
  lookBack,
  mostLines,
  nodePattern,
  sidesBy,
  versionAttribute,
} from '../../model/file/sourceFields.ts';
import type { Report } from '../../model/file/drafts.ts';
import type { Entry } from '../../model/file/place.ts';
import type { CompiledSource, VendorDefinition } from '../vendor.ts';
import { vendor, type VictoriaLogsConnection, type VictoriaLogsSource } from './options.ts';

const connectionSchema = (credential: z.ZodString) =>
  z
    .strictObject({
      ...serverFields(credential, '`https://victorialogs.example.com`'),
      tenant: formed(
        'Tenant as `AccountID:ProjectID`, such as `12:34`. By default that of the server.',
        /^\d{1,10}:\d{1,10}$/,
        'A tenant is two numbers with a colon between them: `12:34`.',
      ).optional(),
    })
    .meta({ description: 'A VictoriaLogs: logs.' });

const sourceSchema = () =>
  z
    .strictObject({
      connection: name('A connection of kind `victoriaLogs`.'),
      query: text(
        'LogsQL that selects the log lines of the service, such as `{app="storefront"} -"GET /health"`. Pipes must ' +
          'keep `_time`, `_msg` and the field of the node. Backstop limits it to the nodes.',
        4_000,
      ),
      node: attribute('Field that names the node. Backstop tells canary and baseline apart by it.').default('host'),
      nodePattern: nodePattern(),
      mostLines: mostLines(),
      version: versionAttribute(),
      delay: delay('30s'),
      lookBack: lookBack(),
    })
    .meta({ description: 'Logs (`query`) from VictoriaLogs.' });

export const victoriaLogs: VendorDefinition = {
  kind: vendor,
  title: 'VictoriaLogs',
  connection: {
    schema: ({ credential }) => connectionSchema(credential),
    compile: compileConnection,
    starter: '{ victoriaLogs: { url: https://victorialogs.example.com } }',
  },
  credential: { prompt: 'VictoriaLogs: a token, or user:password.', forms: [] },
  source: { schema: sourceSchema, check: checkSource, compile: compileSource },
};

function compileConnection(given: unknown): Omit<VictoriaLogsConnection, 'vendor'> {
  const { tenant, ...server } = given as z.output<ReturnType<typeof connectionSchema>>;
  const compiled = compileServer(server);
  return { ...compiled, options: { ...compiled.options, ...(tenant !== undefined && { account: tenant }) } };
}

function checkSource(source: Entry, report: Report): void {
  checkNodePattern(source, report);
  checkVersion(source, report);
}

function compileSource(given: unknown): CompiledSource {
  const source = given as z.output<ReturnType<typeof sourceSchema>>;
  return {
    kind: 'logs',
    connection: source.connection,
    ...sidesBy(source.node, source.version),
    mostLines: source.mostLines,
    delayMs: toMs(source.delay),
    lookBackMs: toMs(source.lookBack),
    options: {
      query: source.query,
      ...(source.nodePattern !== undefined && { nodePattern: source.nodePattern }),
    },
  } satisfies Omit<VictoriaLogsSource, 'name' | 'vendor'>;
}
