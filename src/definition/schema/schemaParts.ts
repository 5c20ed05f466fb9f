// The shape of a pipeline file, part one, which does not depend on the vendors: inputs, configuration, environments
// and the hooks without a vendor.
import { z } from 'zod';
import { defaults } from '../compile/defaults.ts';
import {
  duration,
  inputKey,
  looseText,
  nodeName,
  oneOf,
  pattern,
  relativePath,
  text,
  textMap,
} from '../../model/file/fields.ts';
import { programFields } from '../../model/file/programFields.ts';

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

const nodesCommand = z.strictObject({
  command: z
    .array(looseText)
    .min(1)
    .max(200)
    .meta({
      description:
        'A program and its arguments, run without a shell and with the environment of a command hook. ' +
        'It prints JSON: a list of names, or of objects with `name` and, where known, `version`, `weight` and ' +
        '`labels`; or one such ' +
        'object a line. With `version`, the nodes of the new version are the canary, whatever they are called.',
    }),
  ...programFields('5m'),
  timeout: duration('A program that takes longer is stopped, and the nodes are not known.', '1s', '5m').default('20s'),
});

const weightedNode = z
  .strictObject({
    name: nodeName,
    weight: z
      .number()
      .min(0)
      .max(1_000_000)
      .default(1)
      .meta({ description: 'The traffic that it receives, compared with the others: twice as much with 2.' }),
  })
  .meta({ description: 'A node that receives another share of the traffic than the others.' });

export const environment = z
  .strictObject({
    nodes: z
      .union(
        [
          z
            .array(
              z.union([nodeName, weightedNode], { error: 'Write the name of a node, or `{ name: a, weight: 2 }`.' }),
            )
            .min(1)
            .max(10_000),
          nodesCommand,
        ],
        { error: 'Write a list of nodes, as in `[a, b]`, or `command` with a program that lists them.' },
      )
      .meta({
        description:
          'The nodes, spelled as in your logs and metrics, in the order in which they are upgraded; or a `command` ' +
          'that lists them as they are, asked again in each phase. A node that receives another share of the traffic ' +
          'is written as `{ name: a, weight: 2 }`.',
      }),
    whenBusy: oneOf('What a run does if another run uses this environment: wait (`queue`) or fail (`refuse`).', [
      'queue',
      'refuse',
    ]).default(defaults.whenBusy),
  })
  .meta({ description: 'A place to deploy to, and its nodes.' });
