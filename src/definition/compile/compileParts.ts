// Compiles parts that both the file and its stages have: durations, retries, inputs.
import type { RetryPolicy } from '../../model/hook.ts';
import type { RunInput } from '../../model/pipeline.ts';
import { toMs } from '../../model/file/durations.ts';
import type { InputText, RetryText } from '../schema/schema.ts';

export function compileRetry({ attempts, delay, factor, maxDelay }: RetryText): RetryPolicy {
  return { attempts, delayMs: toMs(delay), factor, maxDelayMs: toMs(maxDelay) };
}

export function compileInputs(inputs: Readonly<Record<string, InputText>>): readonly RunInput[] {
  return Object.entries(inputs).map(([name, input]) => {
    const { type, description, required, default: fallback, values, pattern, minimum, maximum } = input;
    const asText = type === 'string' || type === 'choice';
    return {
      name,
      type,
      required: required ?? fallback === undefined,
      ...(description !== undefined && { description }),
      ...(fallback !== undefined && { default: asText ? String(fallback) : fallback }),
      ...(values && { values: values.map(String) }),
      ...(pattern !== undefined && { pattern }),
      ...(minimum !== undefined && { minimum }),
      ...(maximum !== undefined && { maximum }),
    };
  });
}
