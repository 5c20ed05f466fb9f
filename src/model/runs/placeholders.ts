// Fills `${BACKSTOP_...}` placeholders of a hook, encoding each value for its place. Nothing else is substituted.
import { fail, succeed } from '../failure.ts';
import type { Result } from '../failure.ts';

/** `where` names the place in the failure of an unknown variable. */
export function fillPlaceholders(
  template: string,
  variables: Readonly<Record<string, string>>,
  encode: (value: string) => string,
  where: string,
): Result<string> {
  const unknown = new Set<string>();
  const filled = template.replace(/\$\{(BACKSTOP_[A-Z0-9_]{1,100})\}/g, (_, name: string) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined) unknown.add(name);
    return value === undefined ? '' : encode(value);
  });
  if (unknown.size === 0) return succeed(filled);
  return fail('invalid', `${where} uses ${[...unknown].join(', ')}, which this call does not have.`, {
    hint: `It has ${Object.keys(variables)
      .filter(name => name.startsWith('BACKSTOP_'))
      .sort()
      .join(', ')}.`,
  });
}
