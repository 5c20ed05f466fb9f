// A NRQL query as a tree: what the parser builds and the evaluation walks.

export interface NrqlQuery {
  readonly select: readonly SelectItem[];
  readonly from: readonly string[];
  readonly where?: Condition;
  readonly facet: readonly FacetItem[];
  /** Maximum number of rows or facets; `max`: the highest number allowed. */
  readonly limit?: number | 'max';
  readonly since?: Instant;
  readonly until?: Instant;
  readonly timeZone: string;
  readonly timeseries?: number | 'auto' | 'max';
  readonly compareWithMs?: number;
  readonly orderBy?: { readonly by: Expression; readonly descending: boolean };
}

export interface SelectItem {
  readonly expression: Expression;
  readonly alias?: string;
}
export interface FacetItem {
  readonly attribute: string;
  readonly alias?: string;
}

/** A point in time as it was written; `ago` counts back from now. */
export type Instant =
  | { readonly kind: 'ago'; readonly durationMs: number; readonly text: string }
  | { readonly kind: 'epoch'; readonly epochMs: number; readonly text: string }
  | { readonly kind: 'local'; readonly text: string }
  | { readonly kind: 'day'; readonly back: number; readonly text: string }
  | { readonly kind: 'now'; readonly text: string };

export type Scalar = string | number | boolean;

export type Expression =
  | { readonly kind: 'star' }
  | { readonly kind: 'literal'; readonly value: Scalar }
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Argument[] }
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: Expression;
      readonly right: Expression;
    };

export type Argument =
  | { readonly kind: 'expression'; readonly expression: Expression; /** `width: 10` */ readonly name?: string }
  | { readonly kind: 'where'; readonly condition: Condition }
  | { readonly kind: 'duration'; readonly durationMs: number };

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly operand: Condition }
  | {
      readonly kind: 'compare';
      readonly operator: '=' | '!=' | '<' | '<=' | '>' | '>=';
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'in'; readonly left: Expression; /** As texts. */ readonly values: ReadonlySet<string> }
  | { readonly kind: 'like'; readonly left: Expression; readonly pattern: string }
  | { readonly kind: 'is'; readonly left: Expression; readonly value: null | boolean };

/** The vendor's name for a column without `AS`: `count`, `average.duration`, `result` for arithmetic. */
export function columnName(item: SelectItem): string {
  return item.alias ?? nameOf(item.expression);
}

/** Functions with a name of their own; the others include the name of their attribute. */
const bareNames = new Set(['count', 'filter', 'percentage', 'rate']);

function nameOf(expression: Expression): string {
  if (expression.kind === 'attribute') return expression.name;
  if (expression.kind !== 'call') return 'result';
  const first = expression.arguments[0];
  const attribute =
    first?.kind === 'expression' && first.expression.kind === 'attribute' ? first.expression.name : undefined;
  return bareNames.has(expression.name) || attribute === undefined
    ? expression.name
    : `${expression.name}.${attribute}`;
}

/** Whether the query returns events as they are, not a calculation over them. */
export function selectsEvents(query: NrqlQuery): boolean {
  return query.select.every(({ expression }) => expression.kind === 'star' || expression.kind === 'attribute');
}
