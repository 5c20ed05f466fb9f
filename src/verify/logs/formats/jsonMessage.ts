// The message of a JSON log line, with the error and the trace that stand beside it.
import { errorText, joinError } from '../record/errorText.ts';
import * as names from './jsonFields.ts';
import { firstText, isFields, textOf, type Fields } from './jsonValues.ts';

export function messageIn(fields: Fields): string | undefined {
  for (const key of names.messageKeys) {
    const text = textOf(fields[key]);
    if (text !== undefined && text !== '') return text;
  }
  return undefined;
}

export function withError(fields: Fields, message: string): string {
  const trace = traceIn(fields, message);
  if (trace !== undefined) return message === '' ? trace : `${message}\n${trace}`;
  for (const key of names.errorKeys) {
    const value = fields[key];
    const text = errorText(value) || (isFields(value) ? errorText(firstText(value, names.errorParts)) : '');
    if (text !== '') return joinError(message, text);
  }
  return message;
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
