// Single events for NRQL: their attributes, expressions over them, and the conditions of WHERE.
import type { Condition, Expression, Scalar } from './nrqlSyntax.ts';
import { NrqlError } from './nrqlTokens.ts';
import type { LogRecord, Telemetry, TelemetryEvent } from '../fleet/telemetry.ts';
import { matchesWildcard } from '../servers/wildcards.ts';

export type Row = TelemetryEvent;
export type Value = Scalar | null;

/** Events of these types with fromMs <= atMs < toMs, oldest first. `Log` stands for the log records. */
export function rowsOf(telemetry: Telemetry, types: readonly string[], fromMs: number, toMs: number): readonly Row[] {
  const lists = types.map(type =>
    type === 'Log' ? telemetry.logs(fromMs, toMs).map(rowOfLog) : telemetry.events(type, fromMs, toMs),
  );
  return lists.length === 1 ? lists[0]! : lists.flat().sort((one, other) => one.atMs - other.atMs);
}

const logRows = new WeakMap<LogRecord, Row>();
function rowOfLog(record: LogRecord): Row {
  const known = logRows.get(record);
  if (known) return known;
  const level = /\b(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\b/.exec(record.text.slice(0, 120))?.[1];
  const row: Row = {
    type: 'Log',
    atMs: record.atMs,
    attributes: {
      message: record.text,
      hostname: record.node,
      level: level ?? 'UNKNOWN',
      logtype: record.category,
      messageId: String(record.id),
      'newrelic.source': 'logs.APM',
    },
  };
  logRows.set(record, row);
  return row;
}

export function attributeOf(row: Row, name: string): Value {
  if (Object.hasOwn(row.attributes, name)) return row.attributes[name]!;
  return name === 'timestamp' ? row.atMs : null;
}

/** null if an attribute is missing or a calculation has no result. */
export function valueOf(expression: Expression, row: Row): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'attribute':
      return attributeOf(row, expression.name);
    case 'arithmetic':
      return calculate(expression.operator, valueOf(expression.left, row), valueOf(expression.right, row));
    case 'call':
      throw new NrqlError(`Function ${expression.name}() is not allowed here`);
    case 'star':
      throw new NrqlError("NRQL Syntax Error: unexpected '*'");
    default:
      throw expression satisfies never;
  }
}

export function calculate(operator: '+' | '-' | '*' | '/', left: unknown, right: unknown): number | null {
  if (typeof left !== 'number' || typeof right !== 'number') return null;
  const result =
    operator === '+' ? left + right : operator === '-' ? left - right : operator === '*' ? left * right : left / right;
  return Number.isFinite(result) ? result : null;
}

/** Two-valued, as NRQL is: whatever is not true is false, also for a missing attribute. */
export function holds(condition: Condition, row: Row): boolean {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, row) && holds(condition.right, row);
    case 'or':
      return holds(condition.left, row) || holds(condition.right, row);
    case 'not':
      return !holds(condition.operand, row);
    case 'compare':
      return compares(condition.operator, valueOf(condition.left, row), valueOf(condition.right, row));
    case 'in': {
      const left = valueOf(condition.left, row);
      return left !== null && condition.values.has(String(left));
    }
    case 'like': {
      const left = valueOf(condition.left, row);
      return left !== null && matchesWildcard(String(left), condition.pattern, '%');
    }
    case 'is':
      return valueOf(condition.left, row) === condition.value;
    default:
      throw condition satisfies never;
  }
}

function compares(operator: '=' | '!=' | '<' | '<=' | '>' | '>=', left: Value, right: Value): boolean {
  const equal = left !== null && right !== null && String(left) === String(right);
  if (operator === '=') return equal;
  if (operator === '!=') return !equal;
  const [one, other] = [numberOf(left), numberOf(right)];
  if (one === undefined || other === undefined) return false;
  switch (operator) {
    case '<':
      return one < other;
    case '<=':
      return one <= other;
    case '>':
      return one > other;
    case '>=':
      return one >= other;
    default:
      throw operator satisfies never;
  }
}

function numberOf(value: Value): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
