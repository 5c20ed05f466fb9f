// The shape of a verification in a pipeline file.
import { z } from 'zod';
import { defaults } from '../compile/defaults.ts';
import { duration, formed, name, oneOf } from '../../model/file/fields.ts';

export const sensitivity = oneOf(
  'How easily a check fails: `high` finds smaller regressions, `low` raises fewer false alarms.',
  ['low', 'medium', 'high'],
);

function valueNames(description: string) {
  const value = formed(
    'The words before a value.',
    /^[\p{L}\p{N}](?:[\p{L}\p{N} _.-]{0,58}[\p{L}\p{N}])?$/u,
    'A value is named by the words before it: letters, digits, spaces and `_.-`, at most 60 characters.',
  );
  return z.array(value).max(20).optional().meta({ description });
}

export const verifyDuration = duration(
  'Time of evidence on the canary that a pass needs; a failure does not wait for it.',
  '10s',
  '1d',
);

export const verification = z
  .strictObject({
    sources: z
      .array(name('A health source.'))
      .min(1)
      .optional()
      .meta({ description: 'Health sources that must all pass. By default all sources of the file.' }),
    duration: verifyDuration.default(defaults.verification.duration),
    extendTo: duration(
      'How long, in total, an inconclusive verification continues automatically when more time is all that its ' +
        'checks need. By default twice `duration`; set it to `duration` to turn this off.',
      '10s',
      '7d',
    ).optional(),
    passAfter: duration(
      'When a verification may pass before `duration` is over, ' +
        'provided that every check is surer than it must be at the end. By default only at the end.',
      '10s',
      '1d',
    ).optional(),
    interval: duration('Time between two evaluations of the evidence.', '1s', '10m').default(
      defaults.verification.interval,
    ),
    sensitivity: sensitivity.default(defaults.verification.sensitivity),
    watchValues: valueNames(
      'Values in log lines that matter, by the words before them, such as `exit code`: a value that the reference ' +
        'never had is an event, and counts as an error at least. By default a new number is no event, ' +
        'unless it is an exit status other than 0.',
    ),
    ignoreValues: valueNames(
      'Values in log lines that never matter, by the words before them, such as `tenant`: a new one is no event.',
    ),
    history: duration('How much of the time before the deployment is read for comparison.', '0s', '1d').default(
      defaults.verification.history,
    ),
    missingData: oneOf(
      'What happens if something still could not be measured when `holdFor` is over. It never passes.',
      ['hold', 'rollback'],
    ).default(defaults.verification.missingData),
    holdFor: duration(
      'How long an inconclusive verification keeps evaluating and waits for a user.',
      '0s',
      '7d',
    ).default(defaults.verification.holdFor),
    baseline: z
      .union(
        [
          oneOf(
            '`auto`: the nodes that keep the old release or, if there are none, the time before the deployment. ' +
              '`pinned`: the pinned run.',
            ['auto', 'pinned'],
          ),
          formed(
            'A run of this pipeline, by its number: `run 12`.',
            /^run [1-9][0-9]{0,9}$/,
            'A baseline is `auto`, `pinned`, or a run by its number: `run 12`.',
          ),
        ],
        { error: 'A baseline is `auto`, `pinned`, or a run by its number: `run 12`.' },
      )
      .default(defaults.verification.baseline)
      .meta({
        description:
          'What the canary is compared with. `auto`: the nodes that keep the old release or, if there are none, ' +
          'the time before the deployment. `pinned`: the pinned run, for load tests. `run 12`: ' +
          'the run of this pipeline with that number.',
      }),
    proof: duration(
      'How long nodes are verified after a rollback. With `0s` the check hook alone verifies it.',
      '0s',
      '1h',
    ).default(defaults.verification.proof),
  })
  .meta({
    description:
      'Compares the canary with the baseline. Without it a canary stage compares nothing, which is a warning.',
  });
