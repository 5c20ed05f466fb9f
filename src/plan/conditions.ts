// What a `when:` condition says for one run.
import type { Condition, InputValue, InputValues, Operand } from '../model/pipeline.ts';
import type { StageOutcome } from '../model/runs/runEvents.ts';

export interface ConditionFacts {
  readonly inputs: InputValues;
  readonly version: string;
  /** By stage name; a stage that has not ended is missing. */
  readonly outcomes: ReadonlyMap<string, StageOutcome>;
}

/** An input that was not given, or a stage that has not ended, equals nothing. */
export function evaluateCondition(condition: Condition, facts: ConditionFacts): boolean {
  switch (condition.op) {
    case 'and':
      return evaluateCondition(condition.left, facts) && evaluateCondition(condition.right, facts);
    case 'or':
      return evaluateCondition(condition.left, facts) || evaluateCondition(condition.right, facts);
    case 'not':
      return !evaluateCondition(condition.operand, facts);
    case 'equals':
      return areEqual(valueOf(condition.left, facts), valueOf(condition.right, facts));
    case 'differs':
      return !areEqual(valueOf(condition.left, facts), valueOf(condition.right, facts));
    case 'in':
      return condition.values.some(value => areEqual(valueOf(condition.left, facts), value));
    case 'matches':
      return matchesWhole(condition.pattern, valueOf(condition.left, facts));
    case 'truthy':
      return Boolean(valueOf(condition.operand, facts));
    default:
      return condition satisfies never;
  }
}

/** True if the condition cannot be evaluated before the run. */
export function dependsOnOutcomes(condition: Condition): boolean {
  switch (condition.op) {
    case 'and':
    case 'or':
      return dependsOnOutcomes(condition.left) || dependsOnOutcomes(condition.right);
    case 'not':
      return dependsOnOutcomes(condition.operand);
    case 'equals':
    case 'differs':
      return 'stageOutcome' in condition.left || 'stageOutcome' in condition.right;
    case 'in':
    case 'matches':
      return 'stageOutcome' in condition.left;
    case 'truthy':
      return 'stageOutcome' in condition.operand;
    default:
      return condition satisfies never;
  }
}

/** The condition in the pipeline file's grammar; reading it again gives the same tree. */
export function formatCondition(condition: Condition): string {
  switch (condition.op) {
    case 'or':
      return `${formatCondition(condition.left)} || ${enclose(condition.right, ['or'])}`;
    case 'and':
      return `${enclose(condition.left, ['or'])} && ${enclose(condition.right, ['or', 'and'])}`;
    case 'not':
      return `!${enclose(condition.operand, ['or', 'and', 'equals', 'differs', 'in', 'matches'])}`;
    case 'equals':
      return `${formatOperand(condition.left)} == ${formatOperand(condition.right)}`;
    case 'differs':
      return `${formatOperand(condition.left)} != ${formatOperand(condition.right)}`;
    case 'in':
      return `${formatOperand(condition.left)} in [${condition.values.map(formatLiteral).join(', ')}]`;
    case 'matches':
      return `${formatOperand(condition.left)} matches ${formatLiteral(condition.pattern)}`;
    case 'truthy':
      return formatOperand(condition.operand);
    default:
      return condition satisfies never;
  }
}

function enclose(condition: Condition, looser: readonly Condition['op'][]): string {
  return looser.includes(condition.op) ? `(${formatCondition(condition)})` : formatCondition(condition);
}

function formatOperand(operand: Operand): string {
  if ('literal' in operand) return formatLiteral(operand.literal);
  if ('version' in operand) return 'version';
  return 'input' in operand
    ? `inputs${formatMember(operand.input)}`
    : `stages${formatMember(operand.stageOutcome)}.outcome`;
}

function formatMember(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? `.${name}` : `[${formatLiteral(name)}]`;
}

function formatLiteral(value: InputValue): string {
  if (typeof value === 'string') return `'${value.replace(/['\\]/g, '\\$&')}'`;
  const text = String(value);
  return typeof value === 'number' && text.includes('e') ? value.toFixed(15).replace(/0+$/, '') : text;
}

function valueOf(operand: Operand, facts: ConditionFacts): InputValue | undefined {
  if ('literal' in operand) return operand.literal;
  if ('version' in operand) return facts.version;
  if ('stageOutcome' in operand) return facts.outcomes.get(operand.stageOutcome);
  return Object.hasOwn(facts.inputs, operand.input) ? facts.inputs[operand.input] : undefined;
}

function areEqual(left: InputValue | undefined, right: InputValue | undefined): boolean {
  return left !== undefined && left === right;
}

/** Patterns were compiled and bounded when the pipeline file was read. */
function matchesWhole(pattern: string, value: InputValue | undefined): boolean {
  return value !== undefined && new RegExp(`^(?:${pattern})$`, 'u').test(String(value).slice(0, 1_000));
}
