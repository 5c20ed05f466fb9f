// Determines which repository a folder belongs to from Git's own files, without starting a program.
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { normaliseRemote, type Repository } from '../../model/identity.ts';

export function findRepository(folder: string): Repository {
  const path = realFolder(folder);
  const remote = remoteOf(path);
  return { name: remote ?? path.replaceAll('\\', '/'), folder: path.replaceAll('\\', '/') };
}

/** Resolves links, since the identity of a folder must not depend on the path by which it was reached. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder);
  }
}

function remoteOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = gitFolder(join(at, '.git'));
    if (found !== undefined) return readRemote(join(found, 'config'));
    if (dirname(at) === at) return undefined;
  }
}

/** In a worktree or a submodule, `.git` is a file that names the actual folder. */
function gitFolder(path: string): string | undefined {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status?.isDirectory()) return path;
  if (!status?.isFile() || status.size > 4_096) return undefined;
  const named = /^gitdir:\s*(.+)$/m.exec(readText(path))?.[1];
  if (named === undefined) return undefined;
  const own = resolve(dirname(path), named.trim());
  const common = readText(join(own, 'commondir')).trim();
  return common === '' ? own : resolve(own, common);
}

/** The address of `origin`, otherwise that of the first remote. */
function readRemote(path: string): string | undefined {
  const addresses = new Map<string, string>();
  let remote: string | undefined;
  for (const line of readText(path).split('\n')) {
    const section = /^\s*\[(.*)\]\s*$/.exec(line)?.[1];
    if (section !== undefined) remote = /^remote\s+"(.*)"$/i.exec(section)?.[1];
    const address = /^\s*url\s*=\s*"?([^"]*)"?\s*$/i.exec(line)?.[1];
    if (remote !== undefined && address !== undefined && !addresses.has(remote)) addresses.set(remote, address);
  }
  const address = addresses.get('origin') ?? addresses.values().next().value;
  return address === undefined ? undefined : normaliseRemote(address);
}

const largestBytes = 1_000_000;

function readText(path: string): string {
  try {
    const status = statSync(path);
    return status.isFile() && status.size <= largestBytes ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}
