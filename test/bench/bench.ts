// What a bench is: a name, figures, and targets that say when they are good enough.

export interface BenchResult {
  readonly name: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly targets: Readonly<Record<string, { readonly op: '<=' | '>='; readonly value: number }>>;
}

/** Thrown when the data folder, or a file in it, is missing: exit status 2. */
export class MissingData extends Error {}

export function meetsTargets({ figures, targets }: BenchResult): boolean {
  return Object.entries(targets).every(([key, { op, value }]) => {
    const figure = figures[key];
    return figure !== undefined && (op === '<=' ? figure <= value : figure >= value);
  });
}
