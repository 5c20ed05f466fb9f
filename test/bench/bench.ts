// What a bench is: a name, figures, and targets that say when they are good enough.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface BenchResult {
  readonly name: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly targets: Readonly<Record<string, { readonly op: '<=' | '>='; readonly value: number }>>;
  /** What the best of other tools reached on the same data. */
  readonly peers?: Readonly<Record<string, string>>;
}

export interface BenchOptions {
  /** Cases are drawn anew with it; absent: the stored ones. */
  readonly seed?: number;
  /** How many runs `soak` and `storm` play; how many millions of rows `scale` counts. */
  readonly runs?: number;
  /** Of fresh metric cases: that of the stored ones, or one in which every deployment is a world of its own. */
  readonly world?: 'open' | 'wide';
}

/** `canary-logs` of the stored cases, `canary-logs, seed 7` of fresh ones. */
export function nameOf(
  name: string,
  { seed, world }: { readonly [Key in keyof BenchOptions]: BenchOptions[Key] | undefined },
): string {
  return [name, ...(world === 'wide' ? ['wide'] : []), ...(seed === undefined ? [] : [`seed ${seed}`])].join(', ');
}

/** Thrown when the data folder, or a file in it, is missing: exit status 2. */
export class MissingData extends Error {}

export function meetsTargets({ figures, targets }: BenchResult): boolean {
  return Object.entries(targets).every(([key, target]) => {
    const figure = figures[key];
    return figure !== undefined && meets(figure, target);
  });
}

export function meets(figure: number, { op, value }: BenchResult['targets'][string]): boolean {
  return op === '<=' ? figure <= value : figure >= value;
}

/** A part of the data: in the folder that was given, or in `logs` or `metrics` below it. */
export function findData(folder: string | undefined, part: string): string {
  if (folder === undefined) throw new MissingData(`This bench wants the folder that holds ${part}.`);
  const found = [folder, join(folder, 'logs'), join(folder, 'metrics')]
    .map(place => join(place, part))
    .find(path => existsSync(path));
  if (found === undefined) throw new MissingData(`There is no ${part} in ${folder}.`);
  return found;
}
