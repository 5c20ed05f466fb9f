// Checks what a user enters at the start of a run: inputs and version.
import type { Result } from '../../model/failure.ts';
import { fail, succeed } from '../../model/failure.ts';
import type { ArtifactSource, InputValue, InputValues, RunInput } from '../../model/pipeline.ts';
import { suggest } from '../../model/file/nearMiss.ts';
import { compileWhole } from '../../model/file/patterns.ts';

const textLimit = 1_000;
const versionLimit = 200;

/**
 * Converts the entered texts to values and adds defaults; an optional input without a value is left out. One message
 * names all mistakes.
 */
export function checkInputs(inputs: readonly RunInput[], given: Readonly<Record<string, string>>): Result<InputValues> {
  const names = inputs.map(input => input.name);
  const mistakes = Object.keys(given)
    .filter(name => !names.includes(name))
    .map(
      name =>
        'There is no input ' +
        `${quote(name)}.${suggest(name, names)}` +
        (names.length > 0 ? ` Inputs: ${names.join(', ')}.` : ' This takes no inputs.'),
    );
  const values: [string, InputValue][] = [];
  for (const input of inputs) {
    const text = Object.hasOwn(given, input.name) ? given[input.name] : undefined;
    const read = readInput(input, text);
    if ('mistake' in read) mistakes.push(read.mistake);
    else if (read.value !== undefined) values.push([input.name, read.value]);
  }
  return mistakes.length > 0 ? fail('invalid', mistakes.join(' ')) : succeed(Object.fromEntries(values));
}

type Reading = { readonly value: InputValue | undefined } | { readonly mistake: string };

function readInput(input: RunInput, text: string | undefined): Reading {
  if (text === undefined || (text === '' && input.type !== 'string')) {
    if (input.default !== undefined) return { value: input.default };
    return input.required
      ? { mistake: `The input ${quote(input.name)} is missing${describeAllowed(input)}.` }
      : { value: undefined };
  }
  if (text.length > textLimit)
    return {
      mistake: `The input ${quote(input.name)} has ${text.length} characters; at most ${textLimit} are allowed.`,
    };
  switch (input.type) {
    case 'string':
      return readText(input, text);
    case 'number':
      return readNumber(input, text);
    case 'boolean':
      return readBoolean(input, text);
    case 'choice': {
      const values = input.values ?? [];
      return values.includes(text)
        ? { value: text }
        : {
            mistake:
              `The input ${quote(input.name)} cannot be ` +
              `${quote(text)}${describeAllowed(input)}.${suggest(text, values)}`,
          };
    }
    default:
      return input.type satisfies never;
  }
}

function readText(input: RunInput, text: string): Reading {
  if (text === '' && input.required)
    return { mistake: `The input ${quote(input.name)} is empty${describeAllowed(input)}.` };
  if (hasControlCharacter(text)) return { mistake: `The input ${quote(input.name)} holds a control character.` };
  if (input.pattern === undefined || compileWhole(input.pattern).test(text)) return { value: text };
  return { mistake: `The input ${quote(input.name)} cannot be ${quote(text)}${describeAllowed(input)}.` };
}

function readNumber(input: RunInput, text: string): Reading {
  const value = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/.test(text) ? Number(text) : Number.NaN;
  const fits = Number.isFinite(value) && value >= (input.minimum ?? -Infinity) && value <= (input.maximum ?? Infinity);
  return fits
    ? { value }
    : { mistake: `The input ${quote(input.name)} cannot be ${quote(text)}${describeAllowed(input)}.` };
}

function readBoolean(input: RunInput, text: string): Reading {
  const word = text.trim().toLowerCase();
  if (word === 'true' || word === 'yes') return { value: true };
  if (word === 'false' || word === 'no') return { value: false };
  return { mistake: `The input ${quote(input.name)} cannot be ${quote(text)}${describeAllowed(input)}.` };
}

function describeAllowed(input: RunInput): string {
  switch (input.type) {
    case 'choice':
      return `; allowed: ${(input.values ?? []).join(', ')}`;
    case 'boolean':
      return '; allowed: true, false';
    case 'number': {
      const bounds = [
        input.minimum === undefined ? '' : ` from ${input.minimum}`,
        input.maximum === undefined ? '' : ` up to ${input.maximum}`,
      ];
      return `; allowed: a number${bounds.join('')}`;
    }
    case 'string':
      return input.pattern === undefined ? '' : `; it must match ${input.pattern}`;
    default:
      return input.type satisfies never;
  }
}

/** A version is part of commands, file names and queries: one line, not empty, and matching the pipeline's pattern. */
export function checkVersion(source: ArtifactSource, version: string): Result<string> {
  if (version.trim() === '') return fail('invalid', 'The version is empty.');
  if (version !== version.trim()) return fail('invalid', `The version ${quote(version)} begins or ends with a space.`);
  if (version.length > versionLimit)
    return fail('invalid', `The version has ${version.length} characters; at most ${versionLimit} are allowed.`);
  if (hasControlCharacter(version))
    return fail('invalid', 'The version holds a control character; it must be one line of text.');
  if (source.kind === 'version' && source.pattern !== undefined && !compileWhole(source.pattern).test(version)) {
    return fail('invalid', `The version ${quote(version)} does not match ${source.pattern}.`);
  }
  return succeed(version);
}

function hasControlCharacter(text: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(text);
}

function quote(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
  return `"${line.length > 60 ? `${line.slice(0, 59)}…` : line}"`;
}
