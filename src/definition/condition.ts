// Reads `when:` conditions.
//
//   condition  = all { "||" all } ;
//   all        = one { "&&" one } ;
//   one        = "!" one | "(" condition ")" | comparison ;
//   comparison = operand "==" operand | operand "!=" operand
//              | operand "in" "[" literal { "," literal } "]"
//              | operand "matches" text          (a regular expression; the whole value must match)
//              | truth ;
//   truth      = input | "true" | "false" ;       (an input: given, and neither false, 0 nor empty)
//   operand    = input | "version" | outcome | literal ;
//   input      = "inputs" "." name | "inputs" "[" text "]" ;
//   outcome    = "stages" ( "." name | "[" text "]" ) "." "outcome" ;
//   literal    = text | number | "true" | "false" ;
//   text       = in single or double quotes; a backslash before a quote or a backslash keeps it ;
//
// After "!" a comparison needs parentheses. `&&` binds more tightly than `||`.
import type { Condition, InputValue, Operand } from '../model/pipeline.ts';
import type { ConditionMistake, Token } from './conditionTokens.ts';
import { readTokens } from './conditionTokens.ts';
import { suggest } from '../model/file/nearMiss.ts';
import { findPatternMistake } from '../model/file/patterns.ts';

/** An operand or literal with its place, for rules that know the pipeline. */
export interface ConditionReference {
  readonly operand: Operand;
  readonly start: number;
  readonly end: number;
  /** Literals it is compared with. */
  readonly comparedWith: readonly { readonly value: InputValue; readonly start: number; readonly end: number }[];
}
export type ParsedCondition =
  | { readonly condition: Condition; readonly references: readonly ConditionReference[] }
  | { readonly mistake: ConditionMistake };

const lengthLimit = 1_000;
const depthLimit = 30;
const valuesLimit = 100;

export function parseCondition(text: string): ParsedCondition {
  if (text.length > lengthLimit)
    return {
      mistake: {
        start: 0,
        end: text.length,
        message: `A condition has at most ${lengthLimit} characters; this one has ${text.length}.`,
      },
    };
  const read = readTokens(text);
  if ('mistake' in read) return read;
  const reader: Reader = { tokens: read.tokens, at: 0, depth: 0, references: [] };
  try {
    const condition = readAny(reader);
    const rest = peek(reader);
    if (rest.kind !== 'end')
      stop(rest, 'Something is left over here; join conditions with `&&` or `||`.', ['&&', '||']);
    return { condition, references: reader.references };
  } catch (error) {
    if (error instanceof Stop) return { mistake: error.mistake };
    throw error;
  }
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
  readonly references: ConditionReference[];
}
/** Ends the recursive reader at the first mistake. It is caught in this file. */
class Stop extends Error {
  readonly mistake: ConditionMistake;
  constructor(mistake: ConditionMistake) {
    super(mistake.message);
    this.mistake = mistake;
  }
}
interface Located<Value> {
  readonly value: Value;
  readonly start: number;
  readonly end: number;
}

function stop(token: Pick<Token, 'start' | 'end'>, message: string, allowed?: readonly string[]): never {
  throw new Stop({ start: token.start, end: token.end, message, ...(allowed && { allowed }) });
}

const end: Token = { kind: 'end', text: '', start: 0, end: 0 };
function peek(reader: Reader): Token {
  return reader.tokens[reader.at] ?? end;
}

function take(reader: Reader, kind: Token['kind'], text?: string): Token | undefined {
  const token = peek(reader);
  if (token.kind !== kind || (text !== undefined && token.text !== text)) return undefined;
  reader.at++;
  return token;
}

function expectSign(reader: Reader, sign: string, message: string): Token {
  return take(reader, 'sign', sign) ?? stop(peek(reader), message, [sign]);
}

function readAny(reader: Reader): Condition {
  if (++reader.depth > depthLimit) stop(peek(reader), `A condition is nested at most ${depthLimit} deep.`);
  let left = readAll(reader);
  while (take(reader, 'sign', '||')) left = { op: 'or', left, right: readAll(reader) };
  reader.depth--;
  return left;
}

function readAll(reader: Reader): Condition {
  let left = readOne(reader);
  while (take(reader, 'sign', '&&')) left = { op: 'and', left, right: readOne(reader) };
  return left;
}

function readOne(reader: Reader): Condition {
  if (take(reader, 'sign', '!')) {
    if (++reader.depth > depthLimit) stop(peek(reader), `A condition is nested at most ${depthLimit} deep.`);
    const bare = peek(reader).kind !== 'sign';
    const operand = readOne(reader);
    if (bare && operand.op !== 'truthy')
      stop(reader.tokens[reader.at - 1] ?? end, 'After `!` a comparison needs parentheses: `!(a == b)`.');
    reader.depth--;
    return { op: 'not', operand };
  }
  if (take(reader, 'sign', '(')) {
    const inner = readAny(reader);
    expectSign(reader, ')', 'A parenthesis is not closed.');
    return inner;
  }
  return readComparison(reader);
}

function readComparison(reader: Reader): Condition {
  const left = readOperand(reader);
  const token = peek(reader);
  if (take(reader, 'sign', '==') ?? take(reader, 'sign', '!=')) {
    const right = readOperand(reader);
    note(reader, left, [right]);
    note(reader, right, [left]);
    return { op: token.text === '==' ? 'equals' : 'differs', left: left.value, right: right.value };
  }
  if (take(reader, 'name', 'in')) {
    const values = readList(reader);
    note(
      reader,
      left,
      values.map(({ value, ...place }) => ({ ...place, value: { literal: value } })),
    );
    return { op: 'in', left: left.value, values: values.map(({ value }) => value) };
  }
  if (take(reader, 'name', 'matches')) {
    note(reader, left, []);
    return { op: 'matches', left: left.value, pattern: readPattern(reader) };
  }
  note(reader, left, []);
  return readTruth(left, token);
}

function readTruth(left: Located<Operand>, next: Token): Condition {
  const comparisons = ['==', '!=', 'in [...]', "matches '...'"];
  if (next.kind === 'name' || next.kind === 'string' || next.kind === 'number') {
    stop(
      next,
      `A comparison or an end was expected here.${next.kind === 'name' ? suggest(next.text, ['in', 'matches']) : ''}`,
      [...comparisons, '&&', '||'],
    );
  }
  const isTruth = 'input' in left.value || ('literal' in left.value && typeof left.value.literal === 'boolean');
  if (!isTruth) stop(left, 'This alone is neither true nor false; compare it with something.', comparisons);
  return { op: 'truthy', operand: left.value };
}

function note(
  reader: Reader,
  { value: operand, start, end: last }: Located<Operand>,
  others: readonly Located<Operand>[],
): void {
  if ('literal' in operand) return;
  const comparedWith = others.flatMap(other =>
    'literal' in other.value ? [{ value: other.value.literal, start: other.start, end: other.end }] : [],
  );
  reader.references.push({ operand, start, end: last, comparedWith });
}

const operandForms = ['inputs.NAME', 'version', 'stages.NAME.outcome', "'text'", 'a number', 'true', 'false'];

function readOperand(reader: Reader): Located<Operand> {
  const token = peek(reader);
  const literal = readLiteral(reader);
  if (literal) return { ...literal, value: { literal: literal.value } };
  if (take(reader, 'name', 'version')) return { value: { version: true }, start: token.start, end: token.end };
  if (take(reader, 'name', 'inputs')) {
    const name = readMember(reader, 'inputs');
    return { value: { input: name.value }, start: token.start, end: name.end };
  }
  if (take(reader, 'name', 'stages')) {
    const name = readMember(reader, 'stages');
    expectSign(reader, '.', 'A condition can use only the outcome of a stage: `stages.NAME.outcome`.');
    const outcome =
      take(reader, 'name', 'outcome') ??
      stop(peek(reader), 'A condition can use only the outcome of a stage.', ['outcome']);
    return { value: { stageOutcome: name.value }, start: token.start, end: outcome.end };
  }
  if (token.kind === 'end')
    return stop(token, 'The condition ends where something to compare was expected.', operandForms);
  const hint =
    token.kind === 'name'
      ? `${suggest(token.text, ['inputs', 'version', 'stages', 'true', 'false'])} Text needs quotes: ` +
        `\`'${token.text.slice(0, 40)}'\`.`
      : '';
  return stop(token, `This cannot be compared.${hint}`, operandForms);
}

function readMember(reader: Reader, of: 'inputs' | 'stages'): Located<string> {
  if (take(reader, 'sign', '[')) {
    const name = take(reader, 'string') ?? stop(peek(reader), `A name in quotes was expected: \`${of}['name']\`.`);
    const close = expectSign(reader, ']', `\`]\` was expected: \`${of}['name']\`.`);
    return { value: name.text, start: name.start, end: close.end };
  }
  expectSign(reader, '.', `A name was expected: \`${of}.NAME\`, or \`${of}['A name']\`.`);
  const name =
    take(reader, 'name') ??
    stop(peek(reader), `A name was expected after \`${of}.\`; names with spaces: \`${of}['A name']\`.`);
  return { value: name.text, start: name.start, end: name.end };
}

function readLiteral(reader: Reader): Located<InputValue> | undefined {
  const token = peek(reader);
  const place = { start: token.start, end: token.end };
  if (take(reader, 'string')) return { value: token.text, ...place };
  if (take(reader, 'number')) return { value: Number(token.text) + 0, ...place };
  if (take(reader, 'name', 'true') ?? take(reader, 'name', 'false')) return { value: token.text === 'true', ...place };
  return undefined;
}

function readList(reader: Reader): readonly Located<InputValue>[] {
  const open = expectSign(reader, '[', "After `in` comes a list: `in ['a', 'b']`.");
  const values: Located<InputValue>[] = [];
  do {
    values.push(readLiteral(reader) ?? stop(peek(reader), 'A list contains texts in quotes, numbers, true and false.'));
    if (values.length > valuesLimit) stop(open, `A list has at most ${valuesLimit} values.`);
  } while (take(reader, 'sign', ','));
  expectSign(reader, ']', 'The list is not closed.');
  return values;
}

function readPattern(reader: Reader): string {
  const token = take(reader, 'string') ?? stop(peek(reader), 'After `matches` comes a regular expression in quotes.');
  const mistake = findPatternMistake(token.text);
  if (mistake) stop(token, mistake);
  return token.text;
}
