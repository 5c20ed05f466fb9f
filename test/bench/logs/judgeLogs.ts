// Alarms of the log analysis on constructed canary cases, one JSON line each. The product's own path with its default
// settings.
import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { LogLine } from '../../../src/model/evidence/evidence.ts';
import { createLogAnalysis } from '../../../src/verify/logs/logAnalysis.ts';
import { MissingData } from '../bench.ts';

interface CanaryCase {
  readonly id: string;
  readonly baseline: readonly string[];
  readonly canary: readonly string[];
  readonly traffic_ratio: number;
}
export interface Alarm {
  readonly kind: 'unknown' | 'frequency';
  readonly direction?: 'up' | 'down';
  readonly canary: number[];
  readonly baseline: number[];
}

/** Both windows cover the same clock time, so a line's place in its window is its time. */
const startMs = 1_700_000_000_000,
  windowMs = 600_000;

export async function judge(path: string, print: (line: string) => void): Promise<void> {
  for await (const one of readCases(path)) print(JSON.stringify({ id: one.id, alarms: findAlarms(one) }));
}

export async function* readCases<Case extends CanaryCase>(path: string): AsyncGenerator<Case> {
  if (!existsSync(path)) throw new MissingData(`There is no file of cases at ${path}.`);
  const file = createReadStream(path);
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  for await (const line of createInterface({ input, crlfDelay: Infinity }))
    if (line.trim() !== '') yield JSON.parse(line) as Case;
}

export function findAlarms({ baseline, canary, traffic_ratio: trafficRatio }: CanaryCase): Alarm[] {
  const analysis = createLogAnalysis({ sensitivity: 'medium', trafficRatio, baselineKind: 'existing' });
  analysis.add(linesOf(baseline, 'baseline'), 'baseline');
  analysis.add(linesOf(canary, 'canary'), 'canary');
  const check = analysis.assess({
    name: 'logs',
    source: 'case',
    atMs: startMs + windowMs,
    canarySinceMs: startMs,
    minimumMs: windowMs,
  });
  const canaryOf = membersOf(canary, 'canary', analysis.clusterOf),
    baselineOf = membersOf(baseline, 'baseline', analysis.clusterOf);
  return check.clusters
    .filter(({ class: kind }) => kind !== 'known')
    .map(({ key, class: kind, direction }) => ({
      kind: kind === 'unknown' ? 'unknown' : 'frequency',
      ...(direction ? { direction } : {}),
      canary: canaryOf.get(key) ?? [],
      baseline: baselineOf.get(key) ?? [],
    }));
}

function linesOf(texts: readonly string[], node: string): LogLine[] {
  return texts.map((text, i) => ({
    text,
    node,
    atMs: startMs + Math.floor((i * windowMs) / texts.length),
    id: `${node} ${i}`,
  }));
}

/** Indexes of the lines of each cluster. */
function membersOf(
  texts: readonly string[],
  node: string,
  clusterOf: (id: string) => string | undefined,
): Map<string, number[]> {
  const members = new Map<string, number[]>();
  for (let i = 0; i < texts.length; i++) {
    const key = clusterOf(`${node} ${i}`);
    if (key === undefined) continue;
    const list = members.get(key) ?? [];
    members.set(key, list);
    list.push(i);
  }
  return members;
}
