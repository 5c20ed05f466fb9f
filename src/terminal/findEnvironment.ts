// Finds the environment that the user typed.
import { fail, succeed } from '../model/failure.ts';
import type { Result } from '../model/failure.ts';
import type { Pipeline } from '../model/pipeline.ts';
import { suggest } from './suggest.ts';

/** Optional if there is only one. */
export function findEnvironment({ name, environments }: Pipeline, given: string | undefined): Result<string> {
  const names = Object.keys(environments);
  const [only] = names;
  if (given === undefined)
    return only !== undefined && names.length === 1
      ? succeed(only)
      : fail('invalid', '--environment is required.', { hint: `Environments of ${name}: ${names.join(', ')}.` });
  return names.includes(given)
    ? succeed(given)
    : fail('invalid', `${name} has no environment "${given}".${suggest(given, names)}`, {
        hint: `Its environments: ${names.join(', ')}.`,
      });
}
