// Finds and checks the pipeline that the user typed: a path, a name, or nothing if the folder has only one.
import * as fs from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Engine } from '../model/runs/engine.ts';
import { fail, succeed } from '../model/failure.ts';
import type { Result } from '../model/failure.ts';
import type { Pipeline } from '../model/pipeline.ts';
import { formatProblem } from '../model/problem.ts';
import type { Problem } from '../model/problem.ts';
import { readRegularFile } from '../model/regularFile.ts';
import { suggest } from './suggest.ts';

const folder = '.backstop/pipelines';
const largestBytes = 16_000_000;

export interface ParsedFile {
  readonly file: string;
  readonly pipeline?: Pipeline;
  readonly problems: readonly Problem[];
}

/** Relative to `cwd`, sorted by name. */
export function listPipelineFiles(cwd: string): readonly string[] {
  const path = resolve(cwd, folder);
  return fs.existsSync(path)
    ? fs
        .readdirSync(path)
        .filter(name => /\.ya?ml$/i.test(name))
        .sort()
        .map(name => `${folder}/${name}`)
    : [];
}

export function parsePipelineFile(engine: Pick<Engine, 'parse'>, cwd: string, path: string): Result<ParsedFile> {
  const absolute = resolve(cwd, path);
  const within = relative(cwd, absolute);
  const file = within.split(sep).join('/') || path;
  const isInside = !isAbsolute(within) && within !== '..' && !within.startsWith(`..${sep}`);
  // A path that the user types may lead anywhere, but a file that is found in the folder must not lead outside.
  const read = readRegularFile(fs, absolute, largestBytes, isInside ? cwd : undefined);
  if ('bytes' in read) return succeed({ file, ...engine.parse(new TextDecoder().decode(read.bytes), file) });
  return fail('not-found', `${file} cannot be read: it ${read.mistake}.`, {
    ...(read.isMissing && { hint: 'Pipelines are in .backstop/pipelines/*.yaml of the current folder.' }),
  });
}

export function findPipeline(engine: Pick<Engine, 'parse'>, cwd: string, given: string | undefined): Result<Pipeline> {
  if (given !== undefined && looksLikePath(given, cwd)) {
    const parsed = parsePipelineFile(engine, cwd, given);
    return parsed.ok ? pipelineOf(parsed.value) : parsed;
  }
  const files = listPipelineFiles(cwd);
  if (files.length === 0)
    return fail('not-found', `There is no pipeline: ${folder}/ has no YAML file here.`, {
      hint: 'Change to the workspace folder, or give the path of a pipeline file.',
    });
  const parsed: ParsedFile[] = [];
  for (const file of files) {
    const one = parsePipelineFile(engine, cwd, file);
    if (!one.ok) return one;
    parsed.push(one.value);
  }
  return choose(parsed, given);
}

function choose(parsed: readonly ParsedFile[], given: string | undefined): Result<Pipeline> {
  const [only, ...others] = parsed;
  if (given === undefined && only && others.length === 0) return pipelineOf(only);
  const names = parsed.map(({ pipeline, file }) => pipeline?.name ?? stem(file));
  if (given === undefined)
    return fail('invalid', `There are ${parsed.length} pipelines. Which one?`, { hint: `One of ${names.join(', ')}.` });
  const found =
    parsed.find(({ pipeline }) => pipeline?.name === given) ?? parsed.find(({ file }) => stem(file) === given);
  if (found) return pipelineOf(found);
  return fail('not-found', `There is no pipeline "${given}".${suggest(given, names)}`, {
    hint: `There ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}.`,
  });
}

function pipelineOf({ pipeline, problems, file }: ParsedFile): Result<Pipeline> {
  if (pipeline) return succeed(pipeline);
  const errors = problems.filter(({ severity }) => severity === 'error');
  const count = errors.length === 1 ? 'a mistake' : `${errors.length} mistakes`;
  return fail('invalid', [`${file} has ${count}:`, ...errors.map(formatProblem)].join('\n'));
}

function looksLikePath(given: string, cwd: string): boolean {
  return (
    /[\\/]|\.ya?ml$/i.test(given) || (fs.existsSync(resolve(cwd, given)) && fs.statSync(resolve(cwd, given)).isFile())
  );
}

function stem(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\.ya?ml$/i, '');
}
