// What the stand-ins for programs of a recipe share: a file with what was deployed, and the calls that were made.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Deployed {
  readonly version: string;
  readonly configuration: string;
}
export type Values = Record<string, unknown>;

const folder = process.env['RECIPE_STATE'] ?? '.';
const file = join(folder, 'state.json');

export const words: readonly string[] = process.argv.slice(2);
appendFileSync(join(folder, 'calls'), `${[process.env['RECIPE_PROGRAM'], ...words].join(' ')}\n`);

export function readState<T extends object>(empty: T): T {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : empty;
}

/** `deployed`: by node, what runs there. */
export function writeState(state: { readonly deployed: Readonly<Record<string, Deployed>> }): void {
  writeFileSync(file, JSON.stringify(state));
}

/** The word after this one, or what stands behind `NAME=`. */
export function option(name: string): string {
  const at = words.indexOf(name);
  const joined = words.find(word => word.startsWith(`${name}=`));
  return at >= 0 ? (words[at + 1] ?? '') : (joined?.slice(name.length + 1) ?? '');
}

/** A release that never becomes ready. */
export function refuseBroken(version: string): void {
  if (version !== '9.9.9') return;
  console.error('timed out waiting for the condition');
  process.exit(1);
}

export function unknownCall(): never {
  console.error(`this stand-in does not know: ${words.join(' ')}`);
  process.exit(64);
}
