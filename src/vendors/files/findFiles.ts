// Finds the files of a node below the workspace folder: those that a path or a glob names, and what rotation has made
// of them.
import { constants } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fail, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import { fillSide } from './options.ts';

export interface FoundFile {
  /** Relative to the workspace folder, with slashes. */
  readonly name: string;
  /** Absolute, without links. */
  readonly path: string;
  /** Its name says that it is the past of another file. */
  readonly isRotated: boolean;
}

/** Of one node; a folder of more is no folder of logs. */
const mostFiles = 500;
const mostEntries = 20_000;

/** `path` as in the pipeline file; without a node it names the files of all. In the order of their names. */
export async function findFiles(folder: string, path: string, node?: string): Promise<Result<readonly FoundFile[]>> {
  const root = await realpath(folder);
  const parts = path.split('/').filter(part => part !== '' && part !== '.');
  const names = await expand(root, '', parts, node);
  const found: FoundFile[] = [];
  for (const { name, isRotated } of names.slice(0, mostFiles)) {
    const real = await realOf(join(root, name));
    if (real === undefined) continue;
    if (!real.startsWith(root + sep))
      return fail('refused', `${name} is a link that leads out of the workspace folder.`, {
        hint: 'Only files of the workspace folder are read; a health source of kind `command` can read others.',
      });
    if (!found.some(one => one.path === real)) found.push({ name, path: real, isRotated });
  }
  return succeed(found);
}

/** A node that has no file yet is silent; where no node has one, the path is wrong. */
export async function findAbsence(folder: string, path: string): Promise<Result<never> | undefined> {
  const ofAny = await findFiles(folder, fillSide(path, '*'));
  if (!ofAny.ok || ofAny.value.length > 0) return undefined;
  return fail('not-found', `no file is named ${path}.`, {
    hint:
      'The path is relative to the workspace folder; ' +
      (path.includes('{version}')
        ? '`{version}` stands for the version of a release.'
        : '`{node}` stands for the name of a node.'),
  });
}

/** Undefined where it has gone meanwhile, or is a link to nothing. */
async function realOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    return undefined;
  }
}

interface Named {
  readonly name: string;
  readonly isRotated: boolean;
}

async function expand(
  root: string,
  folder: string,
  [part, ...rest]: readonly string[],
  node: string | undefined,
): Promise<readonly Named[]> {
  if (part === undefined) return [];
  const isLast = rest.length === 0;
  const pattern = patternOf(part, node);
  if (!isLast && !/[*?]/.test(part)) return expand(root, join(folder, filled(part, node)), rest, node);
  const names = await namesIn(join(root, folder));
  if (!isLast) {
    const inner = names.filter(name => pattern.test(name)).slice(0, mostFiles);
    return (await Promise.all(inner.map(name => expand(root, join(folder, name), rest, node)))).flat();
  }
  const live = names.filter(name => pattern.test(name) && !isPast(name, names));
  const past = names.filter(name => !live.includes(name) && live.some(one => isPastOf(name, one)));
  const others = names.filter(name => pattern.test(name) && !live.includes(name) && !past.includes(name));
  return [
    ...[...past, ...others].map(name => ({ name: join(folder, name), isRotated: true })),
    ...live.map(name => ({ name: join(folder, name), isRotated: false })),
  ];
}

/** Where there is no such folder, there is no file in it. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).slice(0, mostEntries).sort();
  } catch {
    return [];
  }
}

function filled(part: string, node: string | undefined): string {
  return node === undefined ? part : fillSide(part, node);
}

/** As in a shell, a name that begins with a dot must be named. */
function patternOf(part: string, node: string | undefined): RegExp {
  const source = filled(part, node)
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^${/^[*?]/.test(part) ? '(?!\\.)' : ''}${source}$`, 'u');
}

function isPast(name: string, names: readonly string[]): boolean {
  return names.some(one => isPastOf(name, one));
}

/**
 * `app.log.1`, `app.log.2.gz`, `app.log-20260130.gz` and `app-2026-01-30.log.gz` of `app.log`. `app-1.log` is not: it
 * may be that of another node.
 */
function isPastOf(name: string, live: string): boolean {
  if (name === live) return false;
  const plain = name.replace(/\.gz$/, '');
  if (plain === live) return true;
  if (plain.startsWith(live)) return /^[.-]\d[\d.T:_-]*$/.test(plain.slice(live.length));
  const dot = live.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [live.slice(0, dot), live.slice(dot)] : [live, ''];
  if (!plain.startsWith(stem) || !plain.endsWith(ending)) return false;
  return /^[.-]\d{4}-?\d\d-?\d\d[\d.T:_-]*$/.test(plain.slice(stem.length, plain.length - ending.length));
}

/** Only a regular file; opening does not wait for the other end of a pipe, and follows no link that came meanwhile. */
export async function openFound({ name, path }: FoundFile): Promise<Result<FileHandle | undefined>> {
  try {
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    if ((await file.stat()).isFile()) return succeed(file);
    await file.close();
    return fail('invalid', `${name} is not a regular file.`);
  } catch (error) {
    const code = String((error as { code?: unknown } | null)?.code);
    if (code === 'ENOENT') return succeed(undefined);
    return fail('invalid', `${name} cannot be read (${code}).`, {
      hint: 'Check that Backstop may read it: its rights, and those of its folders.',
    });
  }
}
