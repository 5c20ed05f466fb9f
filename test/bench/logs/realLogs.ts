// Real logs without any truth, each split into two healthy sides by alternating blocks, and what the product says of
// two such sides.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openLogFile } from '../../../src/adapters/files/logFiles.ts';
import type { LogsCheck } from '../../../src/model/evidence/verdict.ts';
import { compareLogs } from '../../../src/verify/logs/compareLogs.ts';
import { findData } from '../bench.ts';

export interface TwoSides {
  readonly name: string;
  readonly baseline: readonly string[];
  readonly canary: readonly string[];
}

/** Of a short log a quarter. */
const mostBlockLines = 50;

/** The first, third, fifth block is the baseline, the second, fourth, sixth the canary. */
export function readRealLogs(data: string | undefined): readonly TwoSides[] {
  const folder = findData(data, 'real');
  return readdirSync(folder)
    .filter(file => file.endsWith('.log.gz'))
    .sort()
    .map(file => {
      const lines = gunzipSync(readFileSync(join(folder, file)))
        .toString('utf8')
        .trimEnd()
        .split(/\r?\n/);
      const blockLines = Math.min(mostBlockLines, Math.ceil(lines.length / 4));
      const side = (first: number): string[] => lines.filter((_, i) => Math.floor(i / blockLines) % 2 === first);
      return { name: file.slice(0, -'.log.gz'.length), baseline: side(0), canary: side(1) };
    });
}

/** As `backstop verify --baseline-logs A --canary-logs B` does it, files and all. */
export async function compareSides({ baseline, canary }: Pick<TwoSides, 'baseline' | 'canary'>): Promise<LogsCheck> {
  const folder = mkdtempSync(join(tmpdir(), 'backstop-bench-'));
  try {
    const open = async (name: string, lines: readonly string[]) => {
      const path = join(folder, name);
      writeFileSync(path, `${lines.join('\n')}\n`);
      const opened = await openLogFile(path, name);
      if (!opened.ok) throw new Error(opened.failure.message);
      return opened.value;
    };
    const check = await compareLogs({
      baseline: await open('baseline', baseline),
      canary: await open('canary', canary),
      sensitivity: 'medium',
      trafficRatio: canary.length / baseline.length,
    });
    if (!check.ok) throw new Error(check.failure.message);
    return check.value;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
