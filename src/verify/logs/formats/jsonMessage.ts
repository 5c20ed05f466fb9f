// The message of a JSON log line, with the error and the trace that stand beside it.
import type { Severity } from '../../../model/evidence/evidence.ts';
import { errorText, joinError } from '../record/errorText.ts';
import * as names from './jsonFields.ts';
import { firstText, holdsFields, isFields, otlpPairs, peekAt, textOf, type Fields } from './jsonValues.ts';
import { notZero } from './outcomes.ts';
import { isStateName, statesOf, type Reading } from './reading.ts';
import { isBad } from '../text/severity.ts';

export function messageIn(fields: Fields): string | undefined {
  for (const key of names.messageKeys) {
    const text = textOf(fields[key]);
    if (text !== undefined && text !== '') return text;
  }
  return undefined;
}

/** `level`: how bad the record says it is; what may be an error is looked for more widely where it is bad. */
export function withError(fields: Fields, message: string, level: Severity | undefined): string {
  const trace = traceIn(fields, message);
  if (trace !== undefined) return message === '' ? trace : `${message}\n${trace}`;
  const [key, text] = errorIn(fields, level);
  const place = `{${key}}`;
  // A place of a message template (messagetemplates.org).
  if (text !== '' && message.includes(place)) return message.replace(place, () => text);
  return joinError(message, text);
}

/** The text of the error that an object tells of, with its name; twice '' where there is none. */
export function errorIn(fields: Fields, level: Severity | undefined): readonly [key: string, text: string] {
  const direct = firstError(fields, names.errorKeys);
  if (direct || !isBad(level)) return direct ?? ['', ''];
  const own = firstError(fields, names.troubleKeys);
  if (own) return own;
  const { attributes } = fields;
  for (const held of [...heldIn(fields), ...(Array.isArray(attributes) ? [otlpPairs(attributes)] : [])]) {
    const found = firstError(held, names.errorKeys) ?? firstError(held, names.troubleKeys);
    if (found) return found;
  }
  return ['', ''];
}

function firstError(fields: Fields, keys: readonly string[]): readonly [key: string, text: string] | undefined {
  for (const key of keys) {
    const text = errorOf(fields[key]);
    if (text !== '') return [key, text];
  }
  return undefined;
}

const mostErrors = 3;

/** A text, an error that is an object, or the first ones of a list of errors. */
function errorOf(value: unknown): string {
  if (Array.isArray(value))
    return value
      .slice(0, mostErrors)
      .map(one => (Array.isArray(one) ? '' : errorOf(one)))
      .filter(text => text !== '')
      .join('; ');
  return errorText(value) || (isFields(value) ? errorText(firstText(value, names.errorParts)) : '');
}

/** The objects in which a logger keeps what it was told beside the message. */
function heldIn(fields: Fields): readonly Fields[] {
  return names.holders.filter(key => holdsFields(fields, key)).map(key => fields[key] as Fields);
}

/**
 * What the fields beside the message of a record tell in a word or by an exit status. Of other fields the kind of their
 * value is seen, and not what it is: it may be another one in each line.
 */
export function toldBeside(fields: Fields, level: Severity | undefined): Pick<Reading, 'states' | 'values'> {
  const told: (readonly [name: string, value: unknown])[] = [];
  let hasFailed = false;
  for (const place of [fields, ...heldIn(fields)])
    for (const key of Object.keys(place)) {
      const value = peekAt(place, key);
      if (typeof value === 'boolean') told.push([key, value]);
      else if (typeof value === 'number' && names.exitKeys.includes(key)) hasFailed ||= place[key] !== 0;
      else if (typeof value === 'string' && !isBad(level) && isStateName(key)) told.push([key, place[key]]);
    }
  const states = statesOf(told, level);
  return { ...(states !== undefined && { states }), ...(hasFailed && { values: [notZero] }) };
}

/** A trace has several lines. */
function traceIn(fields: Fields, message: string): string | undefined {
  for (const key of names.traceKeys) {
    const value = fields[key];
    const text =
      typeof value === 'string' ? value : isFields(value) ? firstText(value, names.traceParts) : linesOf(value);
    if (text !== undefined && text !== message && text.trim().includes('\n')) return text.trim();
  }
  return undefined;
}

function linesOf(value: unknown): string | undefined {
  return Array.isArray(value) && value.length > 1 && value.every(line => typeof line === 'string')
    ? value.join('\n')
    : undefined;
}
