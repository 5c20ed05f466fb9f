// The JSON encoding of the OpenTelemetry protocol (OTLP/HTTP 1.x, opentelemetry-proto): hexadecimal ids, 64-bit numbers
// as strings, enumerations as numbers. Contains only what the export of a run needs.

export type AttributeValue = string | number | readonly string[];
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

interface KeyValue {
  readonly key: string;
  readonly value: unknown;
}

/** SPAN_KIND_INTERNAL */
export const internalKind = 1;
/** STATUS_CODE_ERROR */
export const errorCode = 2;
/** AGGREGATION_TEMPORALITY_DELTA */
export const deltaTemporality = 1;

const longestText = 1_024,
  mostValues = 50;

/** Applies `redact` to every text before truncating it. Undefined values are left out. */
export function attributesOf(attributes: Attributes, redact: (text: string) => string): readonly KeyValue[] {
  const text = (value: string): { readonly stringValue: string } => ({
    stringValue: redact(value).slice(0, longestText),
  });
  return Object.entries(attributes).flatMap(([key, value]): readonly KeyValue[] => {
    if (value === undefined) return [];
    if (typeof value === 'string') return [{ key, value: text(value) }];
    if (typeof value === 'number')
      return [{ key, value: Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value } }];
    return [{ key, value: { arrayValue: { values: value.slice(0, mostValues).map(text) } } }];
  });
}

export function nanoseconds(atMs: number): string {
  return `${Math.round(atMs)}000000`;
}
