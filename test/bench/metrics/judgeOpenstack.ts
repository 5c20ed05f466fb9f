// The engine's own risk of real OpenStack runs, buggy (round 1) and correct (round 2), against fault-free runs of other
// tests.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { LogLine } from '../../../src/model/evidence/evidence.ts';
import { createLogAnalysis } from '../../../src/verify/logs/logAnalysis.ts';
import { MissingData } from '../bench.ts';

interface Test {
  readonly case: string;
  readonly subsystem: string;
  readonly round1: string;
}
export interface Score {
  readonly case: string;
  readonly round: 1 | 2;
  readonly score: number;
}

/** One line for round 1 (the mutated build) and one for round 2 (the correct build) of every test. */
export async function judge(folder: string, print: (line: string) => void): Promise<void> {
  for (const score of scoreRuns(folder)) print(JSON.stringify(score));
  return Promise.resolve();
}

export function* scoreRuns(folder: string): Generator<Score> {
  const tests = readTests(folder);
  for (const test of tests) {
    const baseline = nextRuns(tests, test);
    yield { case: test.case, round: 1, score: riskOf(folder, test, 1, baseline) };
    yield { case: test.case, round: 2, score: riskOf(folder, test, 2, baseline) };
  }
}

export function readTests(folder: string): readonly Test[] {
  const path = join(folder, 'cases.json');
  if (!existsSync(path)) throw new MissingData(`There is no ${path}.`);
  return JSON.parse(readFileSync(path, 'utf8')) as readonly Test[];
}

const baselineRuns = 3;

/** The next three tests of the same subsystem, wrapping round. */
function nextRuns(tests: readonly Test[], test: Test): readonly Test[] {
  const same = tests.filter(({ subsystem }) => subsystem === test.subsystem);
  const place = same.indexOf(test);
  return [1, 2, 3]
    .slice(0, baselineRuns)
    .map(step => same[(place + step) % same.length]!)
    .filter(other => other !== test);
}

const startMs = 1_700_000_000_000,
  windowMs = 600_000;

/** Evidence on a logarithmic scale: what the check compares with its threshold. */
function riskOf(folder: string, test: Test, round: 1 | 2, baseline: readonly Test[]): number {
  const analysis = createLogAnalysis({
    sensitivity: 'medium',
    trafficRatio: 1 / baselineRuns,
    baselineKind: 'existing',
  });
  for (const [run, other] of baseline.entries())
    for (const service of readServices(folder, other.case, 2)) analysis.add(linesOf(service, `run ${run}`), 'baseline');
  for (const service of readServices(folder, test.case, round)) analysis.add(linesOf(service, 'canary'), 'canary');
  const check = analysis.assess({
    name: 'logs',
    source: test.case,
    atMs: startMs + windowMs,
    canarySinceMs: startMs,
    minimumMs: windowMs,
  });
  return Math.log(Math.max(Number.MIN_VALUE, check.evidence));
}

interface Service {
  readonly name: string;
  readonly lines: readonly string[];
}

function readServices(folder: string, test: string, round: 1 | 2): Service[] {
  return readdirSync(join(folder, test))
    .filter(file => file.startsWith(`round${round}_`))
    .sort()
    .map(file => ({
      name: file.slice(7).replace(/\.log(?:\.gz)?$/, ''),
      lines: readText(join(folder, test, file))
        .split(/\r?\n/)
        .filter(line => line !== ''),
    }));
}

function readText(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** A run's lines come evenly over the window, in their order. */
function linesOf({ lines }: Service, node: string): LogLine[] {
  return lines.map((text, i) => ({ text, node, atMs: startMs + Math.floor((i * windowMs) / lines.length) }));
}
