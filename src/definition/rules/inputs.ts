// Rules on run inputs and approval inputs: allowed values, bounds and defaults fit the type.
import { errorAt, spanOf } from '../../model/file/drafts.ts';
import { compileWhole, findPatternMistake } from '../../model/file/patterns.ts';
import type { Entry } from '../../model/file/place.ts';
import { child, entriesOf, entryOf, itemsOf, numberOf, textOf } from '../../model/file/place.ts';
import type { Outline } from './outline.ts';

export function checkInputDeclarations(outline: Outline): void {
  for (const input of entriesOf(child(outline.root, 'inputs'))) checkInput(outline, input);
  for (const { place } of outline.stages) {
    for (const input of entriesOf(child(place, 'approval', 'inputs'))) checkInput(outline, input);
  }
}

const keysOfType: Readonly<Record<string, readonly string[]>> = {
  string: ['pattern'],
  number: ['minimum', 'maximum'],
  boolean: [],
  choice: ['values'],
};

function checkInput(outline: Outline, input: Entry): void {
  const type = textOf(child(input.value, 'type')) ?? 'string';
  const fitting = Object.hasOwn(keysOfType, type) ? keysOfType[type] : undefined;
  if (!fitting || input.value.kind !== 'map') return;
  for (const key of Object.values(keysOfType).flat()) {
    const entry = entryOf(input.value, key);
    if (entry && !fitting.includes(key)) {
      const home = Object.entries(keysOfType).find(([, keys]) => keys.includes(key))?.[0] ?? '';
      outline.report(
        errorAt(
          entry.keySpan,
          'key-does-not-fit',
          `\`${key}\` belongs to an input of type \`${home}\`; this one is a \`${type}\`.`,
          { found: key },
        ),
      );
    }
  }
  if (type === 'choice' && !entryOf(input.value, 'values'))
    outline.report(
      errorAt(input.keySpan, 'missing-key', 'An input of type `choice` needs `values`.', { found: input.key }),
    );
  checkBounds(outline, input);
  checkDefault(outline, input, type);
}

function checkBounds({ report }: Outline, input: Entry): void {
  const minimum = numberOf(child(input.value, 'minimum'));
  const maximum = child(input.value, 'maximum');
  const most = numberOf(maximum);
  if (maximum && minimum !== undefined && most !== undefined && most < minimum) {
    report(
      errorAt(spanOf(maximum), 'bounds-crossed', `The maximum is less than the minimum (${minimum}).`, {
        found: String(most),
        allowed: [`${minimum} or more`],
      }),
    );
  }
}

function checkDefault({ report }: Outline, input: Entry, type: string): void {
  const place = child(input.value, 'default');
  if (place?.kind !== 'scalar' || place.value === null) return;
  const required = child(input.value, 'required');
  const mistake = findDefaultMistake(input, type, place.value, place.source);
  if (mistake)
    report(
      errorAt(spanOf(place), 'default-not-allowed', mistake.message, {
        found: place.source === '' ? "''" : place.source,
        allowed: mistake.allowed,
      }),
    );
  else if (required?.kind === 'scalar' && required.value === true)
    report(
      errorAt(
        spanOf(place),
        'required-with-default',
        'An input with a default is always given, so it cannot be required. Remove one of them.',
      ),
    );
}

function findDefaultMistake(
  input: Entry,
  type: string,
  value: string | number | boolean,
  source: string,
): { message: string; allowed: readonly string[] } | undefined {
  if (type === 'boolean')
    return typeof value === 'boolean'
      ? undefined
      : { message: 'The default of a `boolean` is true or false.', allowed: ['true', 'false'] };
  if (type === 'number') return findNumberMistake(input, value);
  if (type === 'choice') {
    const values = itemsOf(child(input.value, 'values')).flatMap(item =>
      item.kind === 'scalar' && item.value !== null ? [item.source] : [],
    );
    return values.length === 0 || values.includes(source)
      ? undefined
      : { message: 'The default is none of the `values`.', allowed: values };
  }
  if (typeof value !== 'string')
    return { message: 'The default of a `string` is text. Put quotes around it.', allowed: [`'${source}'`] };
  const pattern = textOf(child(input.value, 'pattern'));
  if (pattern === undefined || findPatternMistake(pattern) || compileWhole(pattern).test(value.slice(0, 1_000)))
    return undefined;
  return { message: 'The default does not match the `pattern`.', allowed: [pattern] };
}

function findNumberMistake(
  input: Entry,
  value: string | number | boolean,
): { message: string; allowed: readonly string[] } | undefined {
  if (typeof value !== 'number')
    return { message: 'The default of a `number` is a number, without quotes.', allowed: ['a number'] };
  const least = numberOf(child(input.value, 'minimum')) ?? -Infinity;
  const most = numberOf(child(input.value, 'maximum')) ?? Infinity;
  return least > most || (value >= least && value <= most)
    ? undefined
    : { message: 'The default is out of bounds.', allowed: [`${least} to ${most}`] };
}
