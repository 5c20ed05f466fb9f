// Validates the value of a run's input while the user types it.
import type { ArtifactSource, RunInput } from '../../model/pipeline.ts';
import type { Translate } from '../../protocol/words/translate.ts';

/** A sentence about the mistake, or undefined. An empty value is valid if the input is optional. */
export function problemOfInput(input: RunInput, text: string, t: Translate): string | undefined {
  if (text === '') return input.required && input.default === undefined ? t('A value is required.') : undefined;
  switch (input.type) {
    case 'choice':
      return input.values?.includes(text) ? undefined : t('One of {0}.', (input.values ?? []).join(', '));
    case 'boolean':
      return text === 'true' || text === 'false' ? undefined : t('One of {0}.', 'true, false');
    case 'number':
      return problemOfNumber(input, Number(text), t);
    case 'string':
      return input.pattern === undefined || matchesWhole(input.pattern, text)
        ? undefined
        : t('It must match {0}.', input.pattern);
    default:
      return input.type satisfies never;
  }
}

function problemOfNumber({ minimum, maximum }: RunInput, value: number, t: Translate): string | undefined {
  if (!Number.isFinite(value)) return t('A number is required.');
  if (minimum !== undefined && value < minimum) return t('At least {0}.', minimum);
  if (maximum !== undefined && value > maximum) return t('At most {0}.', maximum);
  return undefined;
}

export function problemOfVersion(source: ArtifactSource, text: string, t: Translate): string | undefined {
  if (text.trim() === '') return t('A version is required.');
  if (source.kind === 'version' && source.pattern !== undefined && !matchesWhole(source.pattern, text.trim()))
    return t('It must match {0}.', source.pattern);
  return undefined;
}

/** Patterns come from a checked pipeline file; ones that could run forever are rejected there. */
function matchesWhole(pattern: string, text: string): boolean {
  return new RegExp(`^(?:${pattern})$`, 'u').test(text.slice(0, 1000));
}
