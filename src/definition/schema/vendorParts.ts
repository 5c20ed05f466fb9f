// The shape of a pipeline file, part two: artifact, connections, hooks and health sources, with a key for each kind
// that a vendor adds.
import { z } from 'zod';
import {
  credential as credentialName,
  formed,
  looseText,
  oneOf,
  pattern,
  relativePath,
  text,
  textMap,
  url,
  duration,
} from '../../model/file/fields.ts';
import { createSecretFinder } from '../../model/file/secrets.ts';
import type { VendorDefinition } from '../../vendors/vendor.ts';
import { defaults } from '../compile/defaults.ts';
import { retry } from './schemaParts.ts';

type Vendors = readonly VendorDefinition[];
const oneKey = { minProperties: 1, maxProperties: 1 };

export function vendorParts(vendors: Vendors) {
  const credential = credentialName(createSecretFinder(vendors.flatMap(one => one.credential?.forms ?? [])));
  const jobs = partsOf(vendors, one => one.hook?.schema());
  const builds = partsOf(vendors, one => one.artifact?.schema());
  const connections = partsOf(vendors, one => one.connection?.schema({ credential }));
  const sources = partsOf(vendors, one => one.source?.schema());
  return {
    artifact: z
      .strictObject({ version: givenVersion, ...builds })
      .prefault({ version: {} })
      .meta({
        description: `Where the version comes from: ${listKinds(['version', ...Object.keys(builds)])}.`,
        ...oneKey,
      }),
    connection: z
      .strictObject(connections)
      .meta({ description: `An external server: ${listKinds(Object.keys(connections))}.`, ...oneKey }),
    hook: hookSchema(credential, jobs),
    hooksAre:
      'Your own programs, ' +
      `${listWords(['HTTP calls', ...vendors.filter(one => one.hook).map(one => `${one.title} jobs`)])}, by name.`,
    healthSource: z
      .strictObject(sources)
      .meta({ description: `Where evidence comes from: ${listKinds(Object.keys(sources))}.`, ...oneKey }),
  };
}

/** A key for each vendor that has such a part. */
function partsOf(
  vendors: Vendors,
  schemaOf: (vendor: VendorDefinition) => z.ZodObject | undefined,
): Record<string, z.ZodOptional<z.ZodObject>> {
  return Object.fromEntries(
    vendors.flatMap(vendor => {
      const schema = schemaOf(vendor);
      return schema ? [[vendor.kind, schema.optional().meta({ description: schema.description })]] : [];
    }),
  );
}

/** Formats a list as `a`, `b` or `c`. */
function listKinds(kinds: readonly string[]): string {
  return listWords(
    kinds.map(kind => `\`${kind}\``),
    'or',
  );
}

function listWords(words: readonly string[], last = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

const givenVersion = z
  .strictObject({
    pattern: pattern('Regular expression that the whole version must match.').optional(),
  })
  .optional()
  .meta({ description: 'The version is given at the start of a run.' });

const httpCall = (credential: z.ZodString) =>
  z.strictObject({
    method: oneOf('HTTP method.', ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default(defaults.hook.method),
    url: url('Address; placeholders such as `${BACKSTOP_VERSION}` are replaced.'),
    headers: textMap(
      'Request headers.',
      formed(
        'A header.',
        /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/,
        'The name of a header has letters, digits and dashes.',
      ),
    ),
    body: text(
      'Request body. Without it, POST, PUT and PATCH send the `BACKSTOP_` variables as JSON.',
      100_000,
    ).optional(),
    credential: credential.optional(),
    expectStatus: z
      .array(z.int().min(100).max(599))
      .min(1)
      .max(50)
      .default([...defaults.hook.expectStatus])
      .meta({ description: 'HTTP statuses that mean success.' }),
  });

/** `jobs`: the kinds of hooks that vendors add. */
function hookSchema(credential: z.ZodString, jobs: z.ZodRawShape) {
  const kinds = ['command', 'http', ...Object.keys(jobs)];
  return z
    .strictObject({
      command: z
        .union([z.array(looseText).min(1).max(200), text('', 20_000)], {
          error: 'A command is a list of the program and its arguments; with `shell: true` it is one text.',
        })
        .optional()
        .meta({
          description:
            'Program and arguments as a list, run without a shell. With `shell: true` it is one text for the shell.',
        }),
      shell: z
        .boolean()
        .default(false)
        .meta({ description: 'Whether `command` (then one text) is run by `/bin/sh -c`.' }),
      directory: relativePath('Working directory of a command, relative to the workspace folder.').default(
        defaults.hook.directory,
      ),
      variables: textMap('More environment variables for a command.'),
      environment: z
        .array(
          formed(
            'Name of an environment variable.',
            /^(?!BACKSTOP_)[A-Za-z_][A-Za-z0-9_()]*$/,
            'The name of an environment variable that is not one of Backstop: `KUBECONFIG`.',
          ),
        )
        .max(100)
        .default([])
        .meta({
          description:
            'Environment variables that Backstop passes to a command in addition to the usual ones (such as PATH, ' +
            'HOME and LANG). Others, such as tokens of a build server, are not passed.',
        }),
      http: httpCall(credential).optional().meta({ description: 'An HTTP request instead of a command.' }),
      ...jobs,
      nodes: oneOf('`each` calls the hook once for each node, in parallel. `together` calls it once with all nodes.', [
        'each',
        'together',
      ]).default(defaults.hook.nodes),
      timeout: duration('A call that takes longer fails.', '1s', '1d').default(defaults.hook.timeout),
      retry,
    })
    .meta({ description: `Your own way to deploy, roll back or check: ${listKinds(kinds)}.` });
}
