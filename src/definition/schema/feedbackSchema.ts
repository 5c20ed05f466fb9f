// The shape of the feedback file: an entry for each log event that a reviewer marked.
import { z } from 'zod';
import { feedbackMarks } from '../../model/evidence/feedback.ts';
import { oneOf, text } from '../../model/file/fields.ts';

const moment = z.string({ error: 'A moment is written like 2026-11-23T14:13:45Z.' }).superRefine((value, context) => {
  if (
    /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?)?$/.test(value) &&
    Number.isFinite(Date.parse(value))
  )
    return;
  context.addIssue({
    code: 'custom',
    message: 'This is not a moment. Write it like 2026-11-23T14:13:45Z.',
    params: { code: 'bad-moment' },
  });
});

const entry = z
  .strictObject({
    template: text(
      'The log event, with `<*>` for its variable parts. A template with nearly the same text matches too.',
      8_000,
    ),
    mark: oneOf(
      '`not-a-risk`: never counts against a release. `not-a-risk-while-normal`: known, ' +
        'but its frequency is still judged. `risk`: unknown, even where it was learned. `always-fail`: ' +
        'one line of it on the canary fails.',
      feedbackMarks,
    ),
    reason: text('Why, for the next person who sees it.', 2_000),
    by: text('Who marked it.', 200).optional(),
    at: moment.optional().meta({ description: 'When.' }),
    key: text('Key of the log event when it was marked.', 200).optional(),
  })
  .meta({ description: 'The mark of one log event.' });

export const feedbackSchema = z.strictObject({
  version: z.literal(1).default(1).meta({ description: 'Version of this format.' }),
  feedback: z.array(entry).max(5_000).nullish().meta({ description: 'The marks, in the order of the templates.' }),
});
