// Rules on `when:`: it is valid, what it refers to exists and runs earlier, and comparisons can be true.
import { stageOutcomes } from '../../model/runs/runEvents.ts';
import type { ConditionReference } from '../condition.ts';
import { parseCondition } from '../condition.ts';
import { errorAt, spanOf, warningAt } from '../../model/file/drafts.ts';
import { suggest } from '../../model/file/nearMiss.ts';
import type { ScalarPlace, Span } from '../../model/file/place.ts';
import { child, entriesOf, entryOf, itemsOf, textOf } from '../../model/file/place.ts';
import type { Outline, StageOutline } from './outline.ts';

export function checkConditions(outline: Outline): void {
  for (const stage of outline.stages) {
    const when = child(stage.place, 'when');
    const text = textOf(when);
    if (when?.kind !== 'scalar' || text === undefined) continue;
    const parsed = parseCondition(text);
    if ('mistake' in parsed) {
      const { start, end, message, allowed } = parsed.mistake;
      const found = text.slice(start, end).trim();
      outline.report(
        errorAt(within(when, start, end), 'bad-condition', message, {
          ...(found && { found }),
          ...(allowed && { allowed }),
        }),
      );
      continue;
    }
    for (const reference of parsed.references) checkReference(outline, stage, when, reference);
  }
}

/** The span of a part of a scalar if the text contains it without escapes; otherwise the span of the whole scalar. */
function within(place: ScalarPlace, start: number, end: number): Span {
  if (place.textStart === undefined) return spanOf(place);
  return { start: place.textStart + start, end: place.textStart + Math.max(end, start + 1) };
}

function checkReference(outline: Outline, stage: StageOutline, when: ScalarPlace, reference: ConditionReference): void {
  const { operand } = reference;
  if ('stageOutcome' in operand) checkStage(outline, stage, when, reference, operand.stageOutcome);
  if ('input' in operand) checkInput(outline, when, reference, operand.input);
  if (!('version' in operand)) return;
  for (const { value, start, end } of reference.comparedWith) {
    if (typeof value !== 'string')
      outline.report(
        errorAt(
          within(when, start, end),
          'never-equal',
          'The version is text and never equals this. Put quotes around it.',
          { found: String(value), allowed: [`'${String(value)}'`] },
        ),
      );
  }
}

function checkStage(
  { stages, report }: Outline,
  stage: StageOutline,
  when: ScalarPlace,
  reference: ConditionReference,
  name: string,
): void {
  const at = within(when, reference.start, reference.end);
  const target = stages.find(other => other.name === name);
  const earlier = stages.filter(other => other.group < stage.group).flatMap(other => other.name ?? []);
  const more = { found: name, allowed: earlier };
  if (!target)
    report(errorAt(at, 'unknown-stage', `There is no stage \`${name.slice(0, 60)}\`.${suggest(name, earlier)}`, more));
  else if (target === stage || name === stage.name)
    report(
      errorAt(at, 'condition-cycle', 'The condition of a stage cannot use the outcome of the stage itself.', more),
    );
  else if (target.group === stage.group)
    report(
      errorAt(
        at,
        'stage-not-before',
        `The stage \`${name.slice(0, 60)}\` runs at the same time, so its outcome is not known yet.`,
        more,
      ),
    );
  else if (target.group > stage.group)
    report(
      errorAt(
        at,
        'stage-not-before',
        `The stage \`${name.slice(0, 60)}\` runs later, so its outcome is not known yet.`,
        more,
      ),
    );
  const allowed: readonly string[] = stageOutcomes;
  for (const { value, start, end } of reference.comparedWith) {
    if (typeof value === 'string' && allowed.includes(value)) continue;
    report(
      errorAt(
        within(when, start, end),
        'unknown-outcome',
        `A stage has no such outcome.${suggest(String(value), allowed)}`,
        { found: String(value), allowed },
      ),
    );
  }
}

function checkInput({ root, report }: Outline, when: ScalarPlace, reference: ConditionReference, name: string): void {
  const inputs = entriesOf(child(root, 'inputs'));
  const names = inputs.map(entry => entry.key);
  const input = entryOf(child(root, 'inputs'), name);
  if (!input) {
    report(
      errorAt(
        within(when, reference.start, reference.end),
        'unknown-input',
        'There is no input ' +
          `\`${name.slice(0, 60)}\`.${suggest(name, names)}${names.length === 0 ? ' Declare it under `inputs:`.' : ''}`,
        { found: name, allowed: names },
      ),
    );
    return;
  }
  const type = textOf(child(input.value, 'type')) ?? 'string';
  const wanted = type === 'number' || type === 'boolean' ? type : 'string';
  const values =
    type === 'choice'
      ? itemsOf(child(input.value, 'values')).flatMap(item => (item.kind === 'scalar' ? [item.source] : []))
      : [];
  for (const { value, start, end } of reference.comparedWith) {
    const at = within(when, start, end);
    const found = { found: String(value) };
    if (typeof value !== wanted)
      report(
        errorAt(
          at,
          'never-equal',
          `The input \`${name}\` is ${wanted === 'string' ? 'text' : `a ${wanted}`}, and never equal to this.`,
          found,
        ),
      );
    else if (values.length > 0 && !values.includes(String(value)))
      report(
        warningAt(at, 'never-equal', `This is none of the values of \`${name}\`.${suggest(String(value), values)}`, {
          ...found,
          allowed: values,
        }),
      );
  }
}
