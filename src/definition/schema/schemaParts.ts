// The shape of a pipeline file, part one: artifact, inputs, connections, environments and hooks.
import { z } from 'zod';
import { newRelicLimits } from '../../model/pipeline.ts';
import { defaults } from '../compile/defaults.ts';
import {
  credential,
  duration,
  formed,
  inputKey,
  looseText,
  name,
  nodeName,
  oneOf,
  pattern,
  relativePath,
  text,
  textMap,
  url,
} from './fields.ts';

const job = formed(
  'The job with its folders: `shop/main`.',
  /^[^\s/?#\\%"'<>][^/?#\\%"'<>]*(?:\/[^\s/?#\\%"'<>][^/?#\\%"'<>]*)*$/,
  'A job is written as its folders and its name, separated by slashes: `shop/main`.',
);
const branch = text('Branch of a multibranch job, as Git names it: `feature/x`.', 300).optional();
const oneKey = { minProperties: 1, maxProperties: 1 };

export const retry = z
  .strictObject({
    attempts: z
      .int()
      .min(1)
      .max(20)
      .default(defaults.retry.attempts)
      .meta({ description: 'Number of attempts in total; 1 means no retry.' }),
    delay: duration('Time before the second attempt.', '0s', '1h').default(defaults.retry.delay),
    factor: z
      .number()
      .min(1)
      .max(10)
      .default(defaults.retry.factor)
      .meta({ description: 'Each further delay is this many times as long.' }),
    maxDelay: duration('The longest delay between two attempts.', '0s', '1h').default(defaults.retry.maxDelay),
  })
  .prefault({})
  .meta({ description: 'Retries what failed, with growing delays.' });

export const artifact = z
  .strictObject({
    version: z
      .strictObject({
        pattern: pattern('Regular expression that the whole version must match.').optional(),
      })
      .optional()
      .meta({ description: 'The version is given at the start of a run.' }),
    jenkins: z
      .strictObject({
        connection: name('A connection of kind `jenkins`.'),
        job,
        branch,
        version: z
          .union(
            [
              oneOf('Which build property to use as the version.', ['number', 'displayName']),
              z.strictObject({ parameter: text('A parameter of the build.', 200) }),
            ],
            { error: 'The version of a build is `number`, `displayName`, or `{ parameter: NAME }`.' },
          )
          .default('number')
          .meta({
            description:
              'Which build property to use as the version: its `number`, its `displayName`, or `{ parameter: NAME }`.',
          }),
        file: text(
          'Path pattern of the one build artifact to deploy: `*` and `?` match characters of a name, `**` matches folders, as in `target/*.jar`. A build without a match, or with several, is refused. The release records the md5 of the file; another md5 is another release.',
          300,
        ).optional(),
        watch: oneOf(
          'What an open editor does when a build succeeds: `offer` to deploy it, `deploy` it, or nothing (`off`).',
          ['offer', 'deploy', 'off'],
        ).default(defaults.artifact.watch),
      })
      .optional()
      .meta({
        description:
          'The version comes from a build of a Jenkins job: the newest of its last 50 builds that can be deployed, or the build of the given version.',
      }),
  })
  .prefault({ version: {} })
  .meta({ description: 'Where the version comes from: `version` or `jenkins`.', ...oneKey });

export const input = z.strictObject({
  type: oneOf('Kind of value.', ['string', 'number', 'boolean', 'choice']).default('string'),
  description: text('Shown to whoever gives the value.').optional(),
  required: z
    .boolean()
    .optional()
    .meta({ description: 'Whether a value must be given. By default `true` if there is no `default`.' }),
  default: looseText.optional().meta({ description: 'The value if none is given.' }),
  values: z
    .array(looseText)
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'The allowed values of a `choice`, which needs them.' }),
  pattern: pattern(
    'Regular expression that the whole text must match; for a `string` only. Slow expressions are refused.',
  ).optional(),
  minimum: z.number().optional().meta({ description: 'The least value; for a `number` only.' }),
  maximum: z.number().optional().meta({ description: 'The greatest value; for a `number` only.' }),
});
export const inputs = z.record(inputKey, input).default({});

export const configuration = z
  .strictObject({
    files: z
      .array(relativePath('A file, relative to the workspace folder.'))
      .max(1_000)
      .default([])
      .meta({ description: 'Files that belong to the release, relative to the workspace folder; each 10 MB at most.' }),
    variables: textMap('Variables that belong to the release; hooks receive them.'),
  })
  .prefault({})
  .meta({
    description:
      'Run-time configuration. It is part of the release: it is deployed and rolled back together with the artifact.',
  });

export const connection = z
  .strictObject({
    newRelic: z
      .strictObject({
        account: z.int().min(1).meta({ description: 'Account number.' }),
        credential,
        region: oneOf('Region of the account.', ['us', 'eu', 'jp', 'gov']).default(defaults.newRelic.region),
        url: url('NerdGraph address; it overrides `region`.').optional(),
        entity: z
          .union(
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
          )
          .optional()
          .meta({
            description:
              'The entity that receives deployment markers: its GUID, or `{ name: NAME }`. A name must match exactly one entity of the account. Without it there are no markers.',
          }),
        limits: z
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
              description:
                'Queries of the account per minute; all runs, windows and terminals of this machine share them.',
            }),
          })
          .prefault({})
          .meta({ description: 'What the plan of the account allows.' }),
      })
      .optional()
      .meta({ description: 'A New Relic account: metrics and deployment markers.' }),
    sumoLogic: z
      .strictObject({
        url: url('API address of your deployment, such as `https://api.eu.sumologic.com/api`.'),
        credential,
      })
      .optional()
      .meta({ description: 'A Sumo Logic organisation: logs and metrics.' }),
    jenkins: z
      .strictObject({
        url: url('Address of the controller.'),
        credential,
      })
      .optional()
      .meta({ description: 'A Jenkins controller: builds and jobs.' }),
  })
  .meta({ description: 'An external server: `newRelic`, `sumoLogic` or `jenkins`.', ...oneKey });

export const environment = z
  .strictObject({
    nodes: z.array(nodeName).min(1).max(10_000).meta({
      description: 'The nodes, spelled as in your logs and metrics, in the order in which they are upgraded.',
    }),
    whenBusy: oneOf('What a run does if another run uses this environment: wait (`queue`) or fail (`refuse`).', [
      'queue',
      'refuse',
    ]).default(defaults.whenBusy),
  })
  .meta({ description: 'A place to deploy to, and its nodes.' });

const httpCall = z.strictObject({
  method: oneOf('HTTP method.', ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default(defaults.hook.method),
  url: url('Address; placeholders such as `${BACKSTOP_VERSION}` are replaced.'),
  headers: textMap(
    'Request headers.',
    formed('A header.', /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'The name of a header has letters, digits and dashes.'),
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

export const hook = z
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
          'Variables of the environment of Backstop that a command is given beside the usual ones (PATH, HOME, LANG and their kind). Others, as tokens of a build server, are not passed on.',
      }),
    http: httpCall.optional().meta({ description: 'An HTTP request instead of a command.' }),
    jenkins: z
      .strictObject({
        connection: name('A connection of kind `jenkins`.'),
        job,
        branch,
        expectResult: z
          .array(oneOf('A result.', ['SUCCESS', 'UNSTABLE', 'FAILURE', 'NOT_BUILT']))
          .min(1)
          .max(4)
          .default([...defaults.hook.expectResult])
          .meta({ description: 'Build results that mean success.' }),
        parameters: textMap(
          'Parameters of the build; placeholders such as `${BACKSTOP_VERSION}` are replaced.',
          formed(
            'A parameter.',
            /^[\w.-]{1,200}$/,
            'The name of a parameter has letters, digits, dots, dashes and underscores.',
          ),
        ),
      })
      .optional()
      .meta({ description: 'A build of a Jenkins job instead of a command.' }),
    nodes: oneOf('`each` calls the hook once for each node, in parallel. `together` calls it once with all nodes.', [
      'each',
      'together',
    ]).default(defaults.hook.nodes),
    timeout: duration('A call that takes longer fails.', '1s', '1d').default(defaults.hook.timeout),
    retry,
  })
  .meta({ description: 'Your own way to deploy, roll back or check: `command`, `http` or `jenkins`.' });
