// The text of an error beside a message: part of what the line says, never a value.

const longest = 600;
const nothing = new Set(['', '-', 'null', 'nil', '<nil>', 'none', 'undefined', 'false', '{}', '[]', '0', 'no']);

/** Whether a field says that there was no error. */
export function isNothing(text: string): boolean {
  return text.length < 10 && nothing.has(text.toLowerCase());
}

/** An error's own words; '' where there are none. A trace is left to those who read traces. */
export function errorText(value: unknown): string {
  if (typeof value !== 'string') return '';
  const text = value.trim();
  return isNothing(text) ? '' : text.length > longest ? text.slice(0, longest) : text;
}

/** `message: error`, unless the message has it already. A trace stays on lines of its own. */
export function joinError(message: string, error: string): string {
  if (error === '' || message.includes(error)) return message;
  if (message === '') return error;
  return error.includes('\n') ? `${message}\n${error}` : `${message.replace(/[:\s]+$/, '')}: ${error}`;
}
