// The shape of an approval: of a stage, and between two phases of a canary.
import { z } from 'zod';
import { duration, oneOf, text } from '../../model/file/fields.ts';
import { defaults } from '../compile/defaults.ts';
import { inputs } from './schemaParts.ts';

const asked = {
  message: text('The question that approvers see.', 2_000),
  by: z
    .array(text('A person.', 100))
    .max(100)
    .default([])
    .meta({ description: 'Names of those who may approve; an empty list allows everyone.' }),
  minimum: z
    .int()
    .min(1)
    .max(100)
    .default(defaults.approval.minimum)
    .meta({ description: 'Number of different people who must approve.' }),
  notTheStarter: z
    .boolean()
    .default(defaults.approval.notTheStarter)
    .meta({ description: 'Whether whoever started the run is excluded.' }),
  comment: oneOf('Whether an answer needs a comment.', ['required', 'optional']).default(defaults.approval.comment),
};

export const approval = z
  .strictObject({
    ...asked,
    inputs: inputs.meta({ description: 'Values that the approver gives; later hooks receive them.' }),
    timeout: duration('How long the run waits for the approval.', '1s', '30d').default(defaults.approval.timeout),
    onTimeout: oneOf(
      'What happens after that: `reject` ends the run as rejected, `hold` ends it as held. A time-out never approves.',
      ['reject', 'hold'],
    ).default(defaults.approval.onTimeout),
  })
  .meta({ description: 'Waits for an approval.' });

export const phaseApproval = z
  .strictObject({
    ...asked,
    timeout: duration('How long the canary waits for the approval.', '1s', '30d').default(
      defaults.phaseApproval.timeout,
    ),
    onTimeout: oneOf(
      'What happens after that: `rollback` rolls the canary back, `hold` ends the run as held. ' +
        'A time-out never approves.',
      ['rollback', 'hold'],
    ).default(defaults.phaseApproval.onTimeout),
  })
  .meta({
    description:
      'Once this phase has passed, waits for an approval before the next phase begins. Verification continues ' +
      'meanwhile: a regression does what `onFailure` says. Whoever rejects rolls the canary back.',
  });
