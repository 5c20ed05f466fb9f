// Rules on what a stage does when it fails, and on who approves.
import { errorAt, spanOf, warningAt } from '../../model/file/drafts.ts';
import { child, entryOf, itemsOf, numberOf, textOf } from '../../model/file/place.ts';
import type { Place } from '../../model/file/place.ts';
import type { Outline, StageOutline } from './outline.ts';

export function checkStages(outline: Outline): void {
  for (const stage of outline.stages) {
    if (stage.kind === 'approval') checkApproval(outline, child(stage.place, 'approval'));
    else checkFailureStrategy(outline, stage);
  }
}

function checkFailureStrategy({ report }: Outline, { place, kind }: StageOutline): void {
  const strategy = entryOf(place, 'onFailure');
  const askFor = entryOf(place, 'askFor');
  const chosen = textOf(strategy?.value);
  if (askFor && chosen !== 'ask') {
    report(
      errorAt(askFor.keySpan, 'ask-for-without-ask', '`askFor` applies only with `onFailure: ask`.', {
        ...(chosen !== undefined && { found: `onFailure: ${chosen}` }),
        allowed: ['onFailure: ask'],
      }),
    );
  }
  if (!strategy || chosen === undefined) return;
  if (kind === 'canary' && chosen === 'ignore') {
    report(
      errorAt(
        spanOf(strategy.value),
        'canary-ignores-failure',
        'A canary that fails cannot be ignored: its nodes would run a release that is known to be bad.',
        { found: chosen, allowed: ['rollback', 'ask', 'stop'] },
      ),
    );
  }
  if (
    kind === 'deploy' &&
    (chosen === 'rollback' || chosen === 'ask') &&
    entryOf(place, 'steps') &&
    !entryOf(place, 'rollback')
  ) {
    report(
      errorAt(
        spanOf(strategy.value),
        'rollback-without-hook',
        `\`onFailure: ${chosen}\` needs a hook that rolls back: add \`rollback: HOOK\`.`,
        { found: chosen, allowed: ['stop', 'ignore'] },
      ),
    );
  }
}

export function checkApproval({ report }: Outline, approval: Place | undefined): void {
  const by = child(approval, 'by');
  const approvers = new Set(itemsOf(by).map(textOf));
  const minimum = child(approval, 'minimum');
  const needed = numberOf(minimum) ?? 1;
  if (by && minimum && approvers.size > 0 && needed > approvers.size) {
    report(
      errorAt(
        spanOf(minimum),
        'minimum-over-approvers',
        `${needed} people must approve, and only ${approvers.size} may.`,
        { found: String(needed), allowed: [`up to ${approvers.size}`] },
      ),
    );
  }
  const notTheStarter = child(approval, 'notTheStarter');
  if (
    notTheStarter?.kind === 'scalar' &&
    notTheStarter.value === true &&
    approvers.size > 0 &&
    approvers.size === needed
  ) {
    report(
      warningAt(
        spanOf(notTheStarter),
        'starter-blocks-approval',
        'Everyone on the list must approve, so no one can approve a run that one of them starts.',
      ),
    );
  }
}
