// Rules on where a stage deploys: its environment exists, or every environment that its input can choose.
import { errorAt, spanOf } from '../../model/file/drafts.ts';
import type { Span } from '../../model/file/place.ts';
import { child, entriesOf, entryOf, itemsOf, textOf } from '../../model/file/place.ts';
import type { Place } from '../../model/file/place.ts';
import { suggest } from '../../model/file/nearMiss.ts';
import type { EnvironmentTemplate } from '../../model/environmentChoice.ts';
import { fillEnvironment, readEnvironmentTemplate } from '../../model/environmentChoice.ts';
import type { Outline } from './outline.ts';
import { resolve } from './outline.ts';

/** The environments that a stage can deploy to, whether or not they exist; empty if the file does not say which. */
export function targetsOf(outline: Outline, stage: Place): readonly string[] {
  const written = textOf(child(stage, 'environment'));
  if (written === undefined) return [];
  const template = readEnvironmentTemplate(written);
  return template ? valuesOf(outline, template.input).map(value => fillEnvironment(template, value)) : [written];
}

function valuesOf({ root }: Outline, input: string): readonly string[] {
  const values = itemsOf(child(root, 'inputs', input, 'values'));
  return values.flatMap(item => (item.kind === 'scalar' && item.value !== null ? [item.source] : []));
}

export function checkEnvironment(outline: Outline, stage: Place): void {
  const environment = child(stage, 'environment');
  const written = textOf(environment) ?? '';
  const template = readEnvironmentTemplate(written);
  if (environment && template) checkChoice(outline, environment, template);
  else if (environment) {
    // The schema reports other placeholders.
    if (!written.includes('${')) resolve(outline, 'environments', environment);
  } else if (entryOf(stage, 'steps') ?? entryOf(stage, 'canary')) {
    outline.report(
      errorAt(
        entryOf(stage, 'stage')?.value.span ?? spanOf(stage),
        'missing-key',
        'A stage that deploys needs `environment`.',
        { allowed: entriesOf(child(outline.root, 'environments')).map(entry => entry.key) },
      ),
    );
  }
}

function checkChoice(outline: Outline, environment: Place, template: EnvironmentTemplate): void {
  const { root, report } = outline;
  const { input } = template;
  const at = spanOfInput(environment, template);
  const declared = entryOf(child(root, 'inputs'), input);
  const names = entriesOf(child(root, 'inputs')).map(entry => entry.key);
  if (!declared) {
    const declare = names.length === 0 ? ' Declare it under `inputs:`.' : '';
    const message = `There is no input \`${input}\`.${suggest(input, names)}${declare}`;
    report(errorAt(at, 'unknown-input', message, { found: input, allowed: names }));
    return;
  }
  const type = textOf(child(declared.value, 'type')) ?? 'string';
  const required = child(declared.value, 'required');
  const isOptional = required?.kind === 'scalar' && required.value === false;
  if (type !== 'choice')
    report(
      errorAt(
        at,
        'environment-not-enumerated',
        `Only an input of type \`choice\` can choose an environment, so that each choice is checked here; ` +
          `\`${input}\` is a \`${type}\`.`,
        { found: type, allowed: ['choice'] },
      ),
    );
  else if (isOptional && !entryOf(declared.value, 'default'))
    report(
      errorAt(
        at,
        'environment-not-chosen',
        `The input \`${input}\` can be left out, and then no environment is chosen. Give it a \`default\`, ` +
          'or remove `required: false`.',
        { found: input },
      ),
    );
  reportMissing(outline, environment, template);
}

/** Reports values of the input for which there is no environment. */
function reportMissing(outline: Outline, environment: Place, template: EnvironmentTemplate): void {
  const declared = entriesOf(child(outline.root, 'environments')).map(entry => entry.key);
  const missing = valuesOf(outline, template.input).filter(
    value => !declared.includes(fillEnvironment(template, value)),
  );
  if (missing.length === 0) return;
  const names = missing.map(value => fillEnvironment(template, value));
  outline.report(
    errorAt(
      spanOf(environment),
      'environment-not-declared',
      `\`${template.input}\` can be ${quoteAll(missing)}, and there is no environment ${quoteAll(names)}.` +
        (names.length === 1 ? suggest(names[0]!, declared) : '') +
        ` Declare ${names.length === 1 ? 'it' : 'them'} under \`environments\`, or remove ` +
        `${names.length === 1 ? 'the value' : 'the values'} from the input.`,
      { found: names.join(', '), allowed: declared },
    ),
  );
}

function quoteAll(texts: readonly string[]): string {
  return texts.map(text => `\`${text.slice(0, 60)}\``).join(', ');
}

/** The span of the input's name if the text contains it without escapes; otherwise the span of the whole text. */
function spanOfInput(place: Place, { before, input }: EnvironmentTemplate): Span {
  if (place.kind !== 'scalar' || place.textStart === undefined) return spanOf(place);
  const start = place.textStart + before.length + '${inputs.'.length;
  return { start, end: start + input.length };
}
