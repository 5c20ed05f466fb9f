// Steps from a schema to the schema of one of its parts, through wrappers such as `optional` and `default`.
import type { z } from 'zod';

export type Inner = z.core.$ZodType & { readonly def: { readonly type: string } };

export function stepInto(schema: unknown, step: PropertyKey): unknown {
  const plain = unwrap(schema);
  switch (plain?.def.type) {
    case 'object':
      return (plain as z.ZodObject).shape[String(step)];
    case 'record':
      return (plain as z.ZodRecord).valueType;
    case 'array':
      return (plain as z.ZodArray).element;
    default:
      return undefined;
  }
}

export function unwrap(schema: unknown): Inner | undefined {
  let current = schema as Inner | undefined;
  while (current) {
    if (['optional', 'nullable', 'default', 'prefault'].includes(current.def.type))
      current = (current as unknown as z.ZodOptional).unwrap() as Inner;
    else if (current.def.type === 'union')
      current = ((current as z.ZodUnion).options as unknown as Inner[]).find(
        option => unwrap(option)?.def.type === 'object',
      );
    else break;
  }
  return current;
}
