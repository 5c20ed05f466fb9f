// Reads the expressions and conditions of NRQL.
import { knownFunction } from './nrqlFunctions.ts';
import type { Reader } from './nrqlReader.ts';
import type { Argument, Condition, Expression } from './nrqlSyntax.ts';
import { NrqlError } from './nrqlTokens.ts';

const deepest = 60;

export function readExpression(reader: Reader, depth = 0): Expression {
  let left = readProduct(reader, depth);
  for (;;) {
    const operator = reader.takeSymbol('+') ? '+' : reader.takeSymbol('-') ? '-' : undefined;
    if (!operator) return left;
    left = { kind: 'arithmetic', operator, left, right: readProduct(reader, depth) };
  }
}

function readProduct(reader: Reader, depth: number): Expression {
  let left = readTerm(reader, depth);
  for (;;) {
    const operator = reader.takeSymbol('*') ? '*' : reader.takeSymbol('/') ? '/' : undefined;
    if (!operator) return left;
    left = { kind: 'arithmetic', operator, left, right: readTerm(reader, depth) };
  }
}

function readTerm(reader: Reader, depth: number): Expression {
  if (depth > deepest) throw reader.unexpected();
  if (reader.takeSymbol('(')) {
    const inner = readExpression(reader, depth + 1);
    reader.symbol(')');
    return inner;
  }
  const token = reader.peek();
  if (token.kind === 'number' || (token.kind === 'symbol' && token.text === '-'))
    return { kind: 'literal', value: reader.number() };
  if (token.kind === 'string') return { kind: 'literal', value: reader.next().text };
  if (reader.takeWord('TRUE')) return { kind: 'literal', value: true };
  if (reader.takeWord('FALSE')) return { kind: 'literal', value: false };
  const name = reader.name();
  return reader.takeSymbol('(') ? readCall(reader, name, depth + 1) : { kind: 'attribute', name };
}

function readCall(reader: Reader, written: string, depth: number): Expression {
  const name = knownFunction(written);
  if (!name) throw new NrqlError(`Unknown function ${written}()`);
  const given = reader.takeSymbol(')') ? [] : reader.list(() => readArgument(reader, depth));
  if (given.length > 0) reader.symbol(')');
  return { kind: 'call', name, arguments: given };
}

function readArgument(reader: Reader, depth: number): Argument {
  if (reader.takeWord('WHERE')) return { kind: 'where', condition: readCondition(reader, depth) };
  if (reader.takeSymbol('*')) return { kind: 'expression', expression: { kind: 'star' } };
  const [first, second] = [reader.peek(), reader.peek(1)];
  if (first.kind === 'number' && second.kind === 'word') return { kind: 'duration', durationMs: reader.duration() };
  if (first.kind === 'word' && second.kind === 'symbol' && second.text === ':') {
    reader.skip(2);
    return { kind: 'expression', expression: readExpression(reader, depth), name: first.text };
  }
  return { kind: 'expression', expression: readExpression(reader, depth) };
}

export function readCondition(reader: Reader, depth = 0): Condition {
  let left = readConjunction(reader, depth);
  while (reader.takeWord('OR')) left = { kind: 'or', left, right: readConjunction(reader, depth) };
  return left;
}

function readConjunction(reader: Reader, depth: number): Condition {
  let left = readNegation(reader, depth);
  while (reader.takeWord('AND')) left = { kind: 'and', left, right: readNegation(reader, depth) };
  return left;
}

function readNegation(reader: Reader, depth: number): Condition {
  if (depth > deepest) throw reader.unexpected();
  if (reader.takeWord('NOT')) return { kind: 'not', operand: readNegation(reader, depth + 1) };
  if (reader.takeSymbol('(')) {
    const inner = readCondition(reader, depth + 1);
    reader.symbol(')');
    return inner;
  }
  return readComparison(reader, depth);
}

const comparisons = { '=': '=', '!=': '!=', '<>': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' } as const;

function readComparison(reader: Reader, depth: number): Condition {
  const left = readExpression(reader, depth);
  for (const [symbol, operator] of Object.entries(comparisons)) {
    if (reader.takeSymbol(symbol)) return { kind: 'compare', operator, left, right: readExpression(reader, depth) };
  }
  if (reader.takeWord('IS')) {
    const negated = reader.takeWord('NOT');
    const value = reader.takeWord('NULL')
      ? null
      : reader.takeWord('TRUE')
        ? true
        : reader.takeWord('FALSE')
          ? false
          : undefined;
    if (value === undefined) throw reader.unexpected();
    return negate(negated, { kind: 'is', left, value });
  }
  const negated = reader.takeWord('NOT');
  if (reader.takeWord('IN')) return negate(negated, { kind: 'in', left, values: readValues(reader) });
  if (reader.takeWord('LIKE')) return negate(negated, { kind: 'like', left, pattern: readText(reader) });
  throw reader.unexpected();
}

function negate(negated: boolean, condition: Condition): Condition {
  return negated ? { kind: 'not', operand: condition } : condition;
}

function readValues(reader: Reader): ReadonlySet<string> {
  reader.symbol('(');
  const values = reader.list(() => {
    const token = reader.peek();
    const value = readTerm(reader, 0);
    if (value.kind !== 'literal') throw reader.unexpected(token);
    return String(value.value);
  });
  reader.symbol(')');
  return new Set(values);
}

function readText(reader: Reader): string {
  const token = reader.next();
  if (token.kind !== 'string') throw reader.unexpected(token);
  return token.text;
}
