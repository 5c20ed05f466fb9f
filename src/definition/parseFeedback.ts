// Parses the text of the feedback file into its entries, or into every mistake with its position.
import type { Feedback } from '../model/evidence/feedback.ts';
import { createSecretFinder } from '../model/file/secrets.ts';
import type { Problem } from '../model/problem.ts';
import { secretForms } from '../vendors/definitions.ts';
import { finishProblems } from './finishProblems.ts';
import { feedbackSchema } from './schema/feedbackSchema.ts';
import { readTree } from './readTree.ts';
import { checkShape } from './shapeProblems.ts';

const secrets = createSecretFinder(secretForms);

const kind = { thing: 'feedback', begin: 'Begin with `version: 1` and `feedback:`.' };

/**
 * Never throws, whatever the text. With a problem of severity `error` there are no entries, since some of the feedback
 * without the rest could change its meaning.
 */
export function parseFeedback(
  text: string,
  file: string,
): { readonly entries: readonly Feedback[]; readonly problems: readonly Problem[] } {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const { root, drafts } = readTree(body, kind);
  if (!root)
    return {
      entries: [],
      problems: finishProblems(
        drafts.filter(draft => draft.code !== 'empty-file'),
        body,
        file,
        secrets,
      ),
    };
  const shape = checkShape(root, { schema: feedbackSchema, thing: 'feedback file' });
  const problems = finishProblems([...drafts, ...shape.drafts], body, file, secrets);
  if (!shape.value || problems.some(problem => problem.severity === 'error')) return { entries: [], problems };
  return {
    problems,
    entries: (shape.value.feedback ?? []).map(({ template, mark, reason, by = 'somebody', at, key = '' }) => ({
      template,
      mark,
      reason,
      by,
      key,
      atMs: at === undefined ? 0 : Date.parse(at),
    })),
  };
}
