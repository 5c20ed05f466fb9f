// The values of a parsed JSON object: what is an object itself, and what is a text.

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of a field, told without reading it: who watches which fields are read must not see that. */
export function peekAt(fields: Fields, key: string): unknown {
  return Object.getOwnPropertyDescriptor(fields, key)?.value;
}

export function holdsFields(fields: Fields, key: string): boolean {
  return isFields(peekAt(fields, key));
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

const mostPairs = 1000;

/** OTLP's AnyValue (opentelemetry.io/docs/specs/otlp): `{"stringValue": "..."}`. */
export function otlpText(held: Fields): string | undefined {
  const value =
    held['stringValue'] ??
    held['string_value'] ??
    held['intValue'] ??
    held['doubleValue'] ??
    held['boolValue'] ??
    held['Value'];
  return value === undefined || isFields(value) ? undefined : String(value);
}

export function otlpFields(held: Fields): Fields | undefined {
  const list = held['kvlistValue'];
  const values = isFields(list) ? list['values'] : undefined;
  return Array.isArray(values) ? otlpPairs(values) : undefined;
}

/** OTLP's attributes: a list of keys with their values. */
export function otlpPairs(list: readonly unknown[]): Fields {
  const pairs = list.slice(0, mostPairs).filter(isFields);
  return Object.fromEntries(
    pairs.map(({ key, value }) => [
      String(key),
      isFields(value) ? (otlpText(value) ?? otlpFields(value) ?? value) : value,
    ]),
  );
}
