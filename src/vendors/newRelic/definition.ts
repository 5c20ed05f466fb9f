// New Relic in a pipeline file: an account to connect to, deployment markers on one of its entities, and its health
// sources.
import { z } from 'zod';
import { formed, oneOf, text, url } from '../../model/file/fields.ts';
import type { VendorDefinition } from '../vendor.ts';
import { newRelicLimits, vendor, type EntityName, type NewRelicConnection } from './options.ts';
import { newRelicSource } from './sourceDefinition.ts';

/** NerdGraph by region. */
const urls = {
  us: 'https://api.newrelic.com/graphql',
  eu: 'https://api.eu.newrelic.com/graphql',
  jp: 'https://api.jp.newrelic.com/graphql',
  gov: 'https://gov-api.newrelic.com/graphql',
} as const;

const entity = z.union(
  [
    text('Its GUID.', 200),
    z.strictObject({
      name: text('Its name in New Relic.', 200),
      type: formed(
        'Domain and type of the entity, such as `APM-APPLICATION`; needed where several entities share the name.',
        /^[A-Z][A-Z0-9_]{0,39}-[A-Z][A-Z0-9_]{0,59}$/,
        'A type is written with its domain in capitals: `APM-APPLICATION`.',
      ).optional(),
    }),
  ],
  { error: 'An entity is its GUID, or `{ name: NAME }`, with a `type` where several share the name.' },
);

const limits = z
  .strictObject({
    rows: z
      .int()
      .min(100)
      .max(5_000)
      .default(newRelicLimits.rows)
      .meta({ description: 'Rows that one query returns at most: the meaning of `LIMIT MAX`.' }),
    concurrent: z
      .int()
      .min(1)
      .max(1_000)
      .default(newRelicLimits.concurrent)
      .meta({ description: 'Requests of one user at the same time.' }),
    queriesPerMinute: z.int().min(1).max(100_000).default(newRelicLimits.queriesPerMinute).meta({
      description: 'Queries of the account per minute; all runs, windows and terminals of this machine share them.',
    }),
  })
  .prefault({})
  .meta({ description: 'What the plan of the account allows.' });

const connectionSchema = (credential: z.ZodString) =>
  z
    .strictObject({
      account: z.int().min(1).meta({ description: 'Account number.' }),
      credential,
      region: oneOf('Region of the account.', ['us', 'eu', 'jp', 'gov']).default('us'),
      url: url('NerdGraph address; it overrides `region`.').optional(),
      entity: entity.optional().meta({
        description:
          'The entity that receives deployment markers: its GUID, or `{ name: NAME }`. ' +
          'A name must match exactly one entity of the account. Without it there are no markers.',
      }),
      limits,
    })
    .meta({ description: 'A New Relic account: metrics and deployment markers.' });

export const newRelic: VendorDefinition = {
  kind: vendor,
  title: 'New Relic',
  connection: {
    schema: ({ credential }) => connectionSchema(credential),
    compile: compileConnection,
    domains: ['newrelic.com'],
    starter: '{ newRelic: { account: 1, credential: new-relic } }',
  },
  credential: {
    prompt: 'New Relic: the user API key (NRAK-...).',
    forms: [
      /\bNR(?:AK|II|JS|RA|SP|AA|BR)-[A-Za-z0-9_-]{6,}/g, // user, ingest and browser keys
      /\b[A-Za-z0-9]{36}NRAL\b/g, // licence key
    ],
  },
  source: newRelicSource,
};

type ConnectionText = z.output<ReturnType<typeof connectionSchema>>;
function compileConnection(given: unknown): Omit<NewRelicConnection, 'vendor'> {
  const { account, credential, region, url: own, entity: marked, limits: allowed } = given as ConnectionText;
  return {
    url: own ?? urls[region],
    credential,
    ...(marked !== undefined && { marks: true as const }),
    options: { account, ...(marked !== undefined && { entity: compileEntity(marked) }), limits: allowed },
  };
}

function compileEntity(marked: z.output<typeof entity>): string | EntityName {
  if (typeof marked === 'string') return marked;
  const [domain, type] = marked.type?.split('-') ?? [];
  return { name: marked.name, ...(domain !== undefined && { domain }), ...(type !== undefined && { type }) };
}
