// Grafana Loki in a pipeline file: a server to connect to, and its log lines.
import { z } from 'zod';
import { compileServer, serverFields, tenant } from '../../model/file/connectionFields.ts';
import { toMs } from '../../model/file/durations.ts';
import { errorAt, type Report } from '../../model/file/drafts.ts';
import { name, oneOf, text } from '../../model/file/fields.ts';
import { entryOf, textOf, type Entry } from '../../model/file/place.ts';
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
import type { CompiledSource, VendorDefinition } from '../vendor.ts';
import { endOfSelector } from './logQl.ts';
import { vendor, type LokiSource } from './options.ts';

const connectionSchema = (credential: z.ZodString) =>
  z
    .strictObject({ ...serverFields(credential, '`https://loki.example.com`'), tenant })
    .meta({ description: 'A Grafana Loki: logs.' });

const sourceSchema = () =>
  z
    .strictObject({
      connection: name('A connection of kind `loki`.'),
      query: text(
        'LogQL that selects the log lines of the service, such as `{app="storefront"} != "/health"`. ' +
          'Backstop limits it to the nodes.',
        4_000,
      ),
      node: attribute('Label that names the node. Backstop tells canary and baseline apart by it.').default('host'),
      nodePattern: nodePattern(),
      version: versionAttribute(),
      nodeIn: oneOf(
        'Where the label of the node comes from. `stream`: it is a label of the stream, found by the index. ' +
          '`line`: the query extracts it, or it is structured metadata.',
        ['stream', 'line'],
      ).default('stream'),
      delay: delay('30s'),
      lookBack: lookBack(),
      mostLines: mostLines(),
    })
    .meta({ description: 'Logs (`query`) from Loki.' });

export const loki: VendorDefinition = {
  kind: vendor,
  title: 'Loki',
  connection: {
    schema: ({ credential }) => connectionSchema(credential),
    compile: given => compileServer(given as z.output<ReturnType<typeof connectionSchema>>),
    starter: '{ loki: { url: https://loki.example.com } }',
  },
  credential: { prompt: 'Loki: a token, or user:password.', forms: [] },
  source: { schema: sourceSchema, check: checkSource, compile: compileSource },
};

function compileSource(given: unknown): CompiledSource {
  const source = given as z.output<ReturnType<typeof sourceSchema>>;
  return {
    kind: 'logs',
    connection: source.connection,
    ...sidesBy(source.node, source.version),
    delayMs: toMs(source.delay),
    lookBackMs: toMs(source.lookBack),
    mostLines: source.mostLines,
    options: {
      query: source.query,
      nodeIn: source.nodeIn,
      ...(source.nodePattern !== undefined && { nodePattern: source.nodePattern }),
    },
  } satisfies Omit<LokiSource, 'name' | 'vendor'>;
}

function checkSource(source: Entry, report: Report): void {
  const query = entryOf(source.value, 'query'),
    written = textOf(query?.value);
  if (query && written !== undefined && endOfSelector(written) === undefined)
    report(
      errorAt(
        query.keySpan,
        'wrong-form',
        'A query for log lines begins with a stream selector in braces: `{app="storefront"}`.',
      ),
    );
  checkNodePattern(source, report);
  checkVersion(source, report);
}
