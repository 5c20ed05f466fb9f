// Reads JSON that a stranger wrote: broken text is a failure, and names such as `__proto__` never reach a prototype.
import { fail, succeed } from '../../../model/failure.ts';
import type { Result } from '../../../model/failure.ts';

/** `whose` names the sender in the failure. Bytes that are no UTF-8 become replacement characters. */
export function parseJson(source: Uint8Array | string, whose: string): Result<unknown> {
  try {
    return succeed(JSON.parse(typeof source === 'string' ? source : new TextDecoder('utf-8').decode(source)));
  } catch {
    // What the parser says would quote the text, which may hold anything.
    return fail('bad-answer', `${whose} sent an answer that is no JSON.`);
  }
}

/** An own member of an object, or undefined. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

export function textMember(value: unknown, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === 'string' ? found : undefined;
}

export function numberMember(value: unknown, name: string): number | undefined {
  const found = member(value, name);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

export function listMember(value: unknown, name: string): readonly unknown[] {
  const found = member(value, name);
  return Array.isArray(found) ? found : [];
}
