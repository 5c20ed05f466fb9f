// Cases that nobody has seen: drawn by the generators that lie beside the stored ones, in a folder that is gone
// afterwards.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { findData, MissingData } from '../bench.ts';

/** The stored cases or, with a seed, fresh ones over every system of the folder. */
export function withCanaryCases<T>(
  data: string | undefined,
  seed: number | undefined,
  use: (path: string) => Promise<T>,
): Promise<T> {
  if (seed === undefined) return use(findData(data, 'canary/cases.jsonl.gz'));
  return withFolder(folder => {
    const open = join(folder, 'open'),
      path = join(folder, 'cases.jsonl.gz');
    mkdirSync(open);
    for (const part of ['loghub2k', 'nezha_trainticket']) symlinkSync(resolve(findData(data, part)), join(open, part));
    generate(data, 'make_canary_cases.py', [folder, 'open', path, '--seed', String(seed)]);
    return use(path);
  });
}

export function withChangedWordCases<T>(
  data: string | undefined,
  seed: number | undefined,
  use: (path: string) => Promise<T>,
): Promise<T> {
  if (seed === undefined) return use(findData(data, 'changed_word/cases.jsonl.gz'));
  return withFolder(folder => {
    const path = join(folder, 'cases.jsonl.gz');
    generate(data, 'make_changed_word_cases.py', [
      resolve(findData(data, 'loghub2k')),
      'open',
      path,
      '--seed',
      String(seed),
    ]);
    return use(path);
  });
}

export function withMetricCases<T>(
  data: string | undefined,
  { seed, world, cases }: { readonly seed: number; readonly world: 'open' | 'wide'; readonly cases: number },
  use: (path: string) => Promise<T>,
): Promise<T> {
  return withFolder(folder => {
    const path = join(folder, 'cases.jsonl.gz');
    generate(data, 'make_metric_cases.py', [world, String(cases), path, String(seed)]);
    return use(path);
  });
}

async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'backstop-bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Python keeps its compiled files out of the data folder, which may not be written to. */
function generate(data: string | undefined, script: string, words: readonly string[]): void {
  const path = resolve(findData(data, script));
  const { status, stderr, error } = spawnSync('python3', [path, ...words], {
    cwd: dirname(path),
    encoding: 'utf8',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    maxBuffer: 16 * 1024 * 1024,
  });
  if (status !== 0)
    throw new MissingData(
      `python3 could not draw cases with ${script}: ${error?.message ?? stderr.trim().slice(-400)}`,
    );
}
