// Parses the words after `backstop` according to the command's declaration. Every mistake is reported, with a
// suggestion.
import { parseArgs } from 'node:util';
import { fail, succeed } from '../model/failure.ts';
import type { Result } from '../model/failure.ts';
import { suggest } from './suggest.ts';

export interface OptionSpec {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  readonly multiple?: boolean;
  /** The name of the value in usage lines, such as V in `--version V`. */
  readonly value?: string;
  readonly allowed?: readonly string[];
  readonly text: string;
  readonly default?: string;
}
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export interface PositionalSpec {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
}

export interface ParsedArguments {
  readonly positionals: readonly string[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
  list(name: string): readonly string[];
}

export function parseCommandLine(
  command: string,
  words: readonly string[],
  options: OptionSpecs,
  positional: PositionalSpec,
): Result<ParsedArguments> {
  const hint = `See: backstop ${command} --help`;
  const { tokens, positionals } = parseArgs({
    args: [...words],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(options).map(([name, { type, short, multiple = false }]) => [
        name,
        { type, multiple, ...(short && { short }) },
      ]),
    ),
  });
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const problem = problemWith(token, options, values);
    if (problem) return fail('invalid', problem, { hint });
    values.set(token.name, [...(values.get(token.name) ?? []), token.value ?? '']);
  }
  if (positionals.length > positional.maximum) {
    const most = positional.maximum === 1 ? 'one' : `at most ${positional.maximum}`;
    const takes = positional.maximum === 0 ? 'no arguments' : `${most} ${positional.name}`;
    return fail('invalid', `${command} takes ${takes}, found "${positionals[positional.maximum]}".`, { hint });
  }
  if (positionals.length < positional.minimum) return fail('invalid', `${command} needs ${positional.name}.`, { hint });
  return succeed({
    positionals,
    flag: name => values.has(name),
    text: name => values.get(name)?.at(-1) ?? options[name]?.default,
    list: name => values.get(name) ?? [],
  });
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function problemWith(
  { name, rawName, value, inlineValue }: OptionToken,
  options: OptionSpecs,
  given: ReadonlyMap<string, unknown>,
): string | undefined {
  const spec = Object.hasOwn(options, name) ? options[name] : undefined;
  if (!spec) return `There is no option ${rawName}.${suggest(name, Object.keys(options), meant => `--${meant}`)}`;
  if (spec.type === 'boolean') return value === undefined ? undefined : `${rawName} takes no value, found "${value}".`;
  if (value === undefined || value === '') return `${rawName} needs a value: ${rawName} ${spec.value ?? 'VALUE'}.`;
  if (!inlineValue && value.startsWith('-') && value !== '-')
    return `${rawName} needs a value, found ${value}; a value that begins with a dash is written ${rawName}=${value}`;
  if (given.has(name) && !spec.multiple) return `${rawName} is given twice.`;
  if (spec.allowed && !spec.allowed.includes(value))
    return `${rawName} is one of ${spec.allowed.join(', ')}, found "${value}".${suggest(value, spec.allowed)}`;
  return undefined;
}

/** `k=v` pairs; a name that occurs twice is refused. */
export function parsePairs(pairs: readonly string[], option: string): Result<Readonly<Record<string, string>>> {
  const found = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) return fail('invalid', `${option} wants NAME=VALUE, found "${pair}".`);
    const name = pair.slice(0, at);
    if (found.has(name)) return fail('invalid', `${option} ${name} is given twice.`);
    found.set(name, pair.slice(at + 1));
  }
  return succeed(Object.fromEntries(found));
}

export function parseNumber(
  text: string | undefined,
  option: string,
  { minimum, maximum, whole }: { minimum: number; maximum: number; whole?: boolean },
): Result<number> {
  const value = text === undefined || text.trim() === '' ? NaN : Number(text);
  if (!(value >= minimum && value <= maximum) || (whole && !Number.isInteger(value))) {
    return fail(
      'invalid',
      `${option} is a ${whole ? 'whole ' : ''}number from ${minimum} to ${maximum}, found "${text ?? ''}".`,
    );
  }
  return succeed(value);
}
