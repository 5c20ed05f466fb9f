// One source of log lines and one verification of it, for the tests of how it is read.
import type { AnalysisSettings } from '../../../../src/model/evidence/analysis.ts';
import type { LogsSource } from '../../../../src/model/healthSource.ts';

export const sinceMs = 1_000_000;

export const settings: AnalysisSettings = {
  sensitivity: 'medium',
  canaryNodes: ['c'],
  baselineNodes: ['b'],
  baselineKind: 'existing',
  canarySinceMs: sinceMs,
  beforeFromMs: sinceMs - 60_000,
  beforeToMs: sinceMs - 10_000,
  intervalMs: 10_000,
  durationMs: 300_000,
  trafficWeight: 1,
  sources: [{ kind: 'logs', name: 'logs', delayMs: 0 }],
};

export const source: LogsSource = {
  kind: 'logs',
  vendor: 'v',
  name: 'logs',
  connection: 'x',
  nodeAttribute: 'h',
  delayMs: 0,
  mostLines: 1_000,
};
