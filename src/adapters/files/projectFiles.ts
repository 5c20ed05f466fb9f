// The files of a repository that describe its service: a bounded listing that follows no links, and bounded reads.
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { fail, succeed, type Result } from '../../model/failure.ts';
import { readRegularFile } from '../../model/regularFile.ts';
import type { ProjectFiles, StarterFile } from '../../model/starter.ts';

const mostNames = 5_000,
  mostFolders = 1_000,
  mostTexts = 300,
  deepest = 6,
  largestBytes = 256_000;
/** Folders of tools, and folders with downloaded or built files. */
const passedOver = new Set(['node_modules', 'vendor', 'target', 'dist', 'build', '__pycache__']);

export function readProject(folder: string, isProjectFile: (name: string) => boolean): ProjectFiles {
  const names = listNames(folder);
  const texts = names
    .filter(isProjectFile)
    .slice(0, mostTexts)
    .flatMap(name => {
      const read = readRegularFile(fs, join(folder, name), largestBytes, folder);
      return 'bytes' in read ? [[name, new TextDecoder().decode(read.bytes)] as const] : [];
    });
  return { names, texts: new Map(texts) };
}

/** Lists regular files, nearest first. A folder that cannot be listed counts as empty. */
function listNames(folder: string): readonly string[] {
  const names: string[] = [];
  const waiting = [''];
  for (let seen = 0; seen < waiting.length && seen < mostFolders && names.length < mostNames; seen++) {
    const within = waiting[seen]!;
    let entries: fs.Dirent[];
    try {
      entries = fs.readdirSync(join(folder, within), { withFileTypes: true });
    } catch {
      continue;
    }
    entries.sort((one, other) => (one.name < other.name ? -1 : 1));
    for (const entry of entries) {
      const name = within === '' ? entry.name : `${within}/${entry.name}`;
      const isHidden = entry.name.startsWith('.') && entry.name !== '.github';
      if (entry.isFile()) names.push(name);
      else if (entry.isDirectory() && !isHidden && !passedOver.has(entry.name) && name.split('/').length <= deepest)
        waiting.push(name);
    }
  }
  return names.slice(0, mostNames);
}

/**
 * Writes the files that do not exist yet, and returns their names. Nothing is created through a link: if a folder of
 * the path is one, its files are refused.
 */
export function writeNewFiles(folder: string, files: readonly StarterFile[]): Result<readonly string[]> {
  const written: string[] = [];
  for (const { path, text, isExecutable } of files) {
    try {
      const link = makeFolders(folder, dirname(path));
      if (link !== undefined) return fail('refused', `${link} is a link: nothing is written through it.`);
      fs.writeFileSync(join(folder, path), text, { flag: 'wx', mode: isExecutable ? 0o755 : 0o644 });
      written.push(path);
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'EEXIST')
        return fail('invalid', `${path} could not be written.`, { cause: String(error) });
    }
  }
  return succeed(written);
}

/** Creates the folders of the path one by one. Returns the first one that is a link, if there is one. */
function makeFolders(folder: string, path: string): string | undefined {
  const parts = path.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const within = parts.slice(0, depth).join('/');
    if (fs.lstatSync(join(folder, within), { throwIfNoEntry: false })?.isSymbolicLink()) return within;
    fs.mkdirSync(join(folder, within), { recursive: true });
  }
  return undefined;
}
