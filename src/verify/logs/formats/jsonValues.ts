// The values of a parsed JSON object: what is an object itself, and what is a text.

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a field is an object, told without reading it: who watches which fields are read must not see that. */
export function holdsFields(fields: Fields, key: string): boolean {
  return isFields(Object.getOwnPropertyDescriptor(fields, key)?.value);
}

/** A text, or one that journald gives as bytes since it is no UTF-8 or has control characters. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return Array.isArray(value) &&
    value.length > 0 &&
    value.every(byte => Number.isInteger(byte) && byte >= 0 && byte < 256)
    ? new TextDecoder().decode(Uint8Array.from(value as number[]))
    : undefined;
}

export function firstText(fields: Fields, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = fields[key];
    if (typeof value === 'string' && value.length > 0) return value;
  }
  return undefined;
}
