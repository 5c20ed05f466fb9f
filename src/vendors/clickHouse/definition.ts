// ClickHouse in a pipeline file: a server to connect to, and log lines in any of its tables.
import { z } from 'zod';
import { compileServer, serverFields } from '../../model/file/connectionFields.ts';
import { toMs } from '../../model/file/durations.ts';
import { formed, name, text } from '../../model/file/fields.ts';
import { delay, lookBack, mostLines, sidesBy, versionLike } from '../../model/file/sourceFields.ts';
import type { CompiledSource, VendorDefinition } from '../vendor.ts';
import { vendor, type ClickHouseConnection, type ClickHouseSource } from './options.ts';

const word = '[A-Za-z_][A-Za-z0-9_]{0,127}';
const identifier = (description: string) =>
  formed(
    description,
    new RegExp(`^${word}$`),
    'This name has letters, digits and underscores, and does not begin with a digit.',
  );

const connectionSchema = (credential: z.ZodString) =>
  z
    .strictObject({
      ...serverFields(credential, '`https://clickhouse.example.com:8443`, which speaks HTTP'),
      database: identifier('Database of tables that are named without one. By default that of the user.').optional(),
    })
    .meta({ description: 'A ClickHouse: logs in a table.' });
type ConnectionText = z.output<ReturnType<typeof connectionSchema>>;

const sourceSchema = () =>
  z
    .strictObject({
      connection: name('A connection of kind `clickHouse`.'),
      table: formed(
        'Table or view with a row for each log line, such as `otel_logs` or `logs.shop`.',
        new RegExp(`^${word}(?:\\.${word})?$`),
        'A table has letters, digits and underscores; a database is put before it with a dot.',
      ),
      where: text(
        "SQL condition that finds the service's log lines, such as `ServiceName = 'storefront'`.",
        4_000,
      ).optional(),
      time: identifier('Column with the time of the line: a `DateTime` or `DateTime64`.').default('Timestamp'),
      text: text('Column or SQL expression of the log line.').default('Body'),
      level: text(
        'Column or SQL expression of the level, such as `SeverityText`. It is put before a line that does not have it.',
      ).optional(),
      node: text(
        'Column or SQL expression that is the name of the node. Backstop tells canary and baseline apart by it.',
      ).default("ResourceAttributes['host.name']"),
      mostLines: mostLines(),
      version: versionLike(text('')),
      delay: delay('30s'),
      lookBack: lookBack(),
    })
    .meta({ description: 'Logs from a table in ClickHouse.' });

export const clickHouse: VendorDefinition = {
  kind: vendor,
  title: 'ClickHouse',
  connection: {
    schema: ({ credential }) => connectionSchema(credential),
    compile: compileConnection,
    starter: '{ clickHouse: { url: https://clickhouse.example.com:8443, credential: clickhouse } }',
  },
  credential: { prompt: 'ClickHouse: user:password, or a token.', forms: [] },
  source: { schema: sourceSchema, compile: compileSource },
};

function compileConnection(given: unknown): Omit<ClickHouseConnection, 'vendor'> {
  const { database, ...server } = given as ConnectionText;
  const compiled = compileServer(server);
  return { ...compiled, options: { ...compiled.options, ...(database !== undefined && { database }) } };
}

function compileSource(given: unknown): CompiledSource {
  const source = given as z.output<ReturnType<typeof sourceSchema>>;
  const { table, where, time, text: line, level } = source;
  return {
    kind: 'logs',
    connection: source.connection,
    ...sidesBy(source.node, source.version),
    mostLines: source.mostLines,
    delayMs: toMs(source.delay),
    lookBackMs: toMs(source.lookBack),
    options: {
      table,
      time,
      text: line,
      ...(where !== undefined && { where }),
      ...(level !== undefined && { level }),
    },
  } satisfies Omit<ClickHouseSource, 'name' | 'vendor'>;
}
