// Reads the run-time configuration from the workspace into the store, and writes it from the store into a folder for a
// hook.
import * as fs from 'node:fs';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fail, succeed, type Result } from '../../model/failure.ts';
import type { Configurations } from '../../model/ports.ts';
import { readRegularFile } from '../../model/regularFile.ts';
import type { Configuration } from '../../model/release.ts';
import type { Blobs } from '../store/historyReleases.ts';
import { StoreError } from '../store/file/historyErrors.ts';
import { configurationFolder } from '../store/home.ts';
import { byName, configurationDigest, digestOf, releaseId } from '../store/releaseId.ts';

export { configurationDigest, releaseId };

export interface ConfigurationsOptions {
  /** The workspace folder that files are relative to. */
  readonly folder: string;
  readonly home: string;
  readonly blobs: Blobs;
}

const LARGEST_FILE_BYTES = 10 * 1024 * 1024;

/** Written next to the files, so that a hook has the variables as well. */
const VARIABLES_FILE = 'variables.json';

export function createConfigurations(options: ConfigurationsOptions): Configurations {
  return {
    capture: (files, variables) => guard(() => capture(options, files, variables)),
    materialise: (configuration, runId) => guard(() => materialise(options, configuration, runId)),
    read: digest => guard(() => readContent(options.blobs, digest)),
    releaseId,
  };
}

function guard<T>(work: () => Result<T>): Result<T> {
  try {
    return work();
  } catch (error) {
    if (error instanceof StoreError) return { ok: false, failure: error.failure };
    throw error;
  }
}

function capture(
  { folder, blobs }: ConfigurationsOptions,
  paths: readonly string[],
  variables: Readonly<Record<string, string>>,
): Result<Configuration> {
  const contents = new Map<string, Uint8Array>();
  const mistakes: string[] = [];
  for (const path of paths) {
    const read = readWorkspaceFile(folder, path);
    if ('mistake' in read) mistakes.push(`${path} ${read.mistake}`);
    else contents.set(read.path, read.content);
  }
  if (mistakes.length > 0) {
    return fail('invalid', `The configuration cannot be read: ${mistakes.join('; ')}.`, {
      hint: `Files of a configuration are relative to ${folder}.`,
    });
  }
  const files = [...contents]
    .map(([path, content]) => ({ path, digest: digestOf(content), sizeBytes: content.length }))
    .sort((one, other) => byName([one.path], [other.path]));
  for (const { path, digest } of files) blobs.saveBlob(digest, contents.get(path)!);
  return succeed({ digest: configurationDigest(files, variables), files, variables });
}

/** `mistake` completes a sentence that begins with the name of the file. */
function readWorkspaceFile(folder: string, path: string): { path: string; content: Uint8Array } | { mistake: string } {
  const absolute = resolve(folder, path);
  const inside = relativeInside(folder, absolute);
  if (inside === undefined) return { mistake: 'lies outside the workspace folder' };
  if (inside === VARIABLES_FILE) return { mistake: 'has a name that Backstop needs for the variables' };
  const read = readRegularFile(fs, absolute, LARGEST_FILE_BYTES, folder);
  return 'bytes' in read ? { path: inside, content: read.bytes } : read;
}

/** The path from folder to file with `/`; undefined if the file is outside the folder. */
function relativeInside(folder: string, file: string): string | undefined {
  const path = relative(folder, file);
  return path === '' || path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)
    ? undefined
    : path.split(sep).join('/');
}

function materialise(
  { home, blobs }: ConfigurationsOptions,
  configuration: Configuration,
  runId: string,
): Result<string> {
  try {
    const parent = configurationFolder(home, runId);
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    const folder = mkdtempSync(join(parent, `${configuration.digest.slice(0, 12)}-`));
    for (const file of configuration.files) {
      const target = resolve(folder, file.path);
      if (relativeInside(folder, target) === undefined)
        return fail(
          'store',
          `The stored configuration ${configuration.digest.slice(0, 12)} names the file ${file.path}, ` +
            'which leaves its folder.',
        );
      const content = readContent(blobs, file.digest);
      if (!content.ok) return content;
      mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
      writeFileSync(target, content.value, { mode: 0o600, flag: 'wx' });
    }
    const variables = Object.fromEntries(Object.entries(configuration.variables).sort(byName));
    writeFileSync(join(folder, VARIABLES_FILE), `${JSON.stringify(variables, undefined, 2)}\n`, {
      mode: 0o600,
      flag: 'wx',
    });
    return succeed(folder);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    return fail('store', `The configuration ${configuration.digest.slice(0, 12)} could not be written for the hooks.`, {
      cause: String(error),
      hint: `Check that ${home} is writable and the disk has space.`,
    });
  }
}

function readContent(blobs: Blobs, digest: string): Result<Uint8Array> {
  const content = blobs.readBlob(digest);
  if (!content) return fail('store', `The store has no content for the configuration file ${digest.slice(0, 12)}.`);
  if (digestOf(content) !== digest)
    return fail(
      'store',
      `The stored content of the configuration file ${digest.slice(0, 12)} was changed: it no longer has this digest.`,
    );
  return succeed(content);
}
