// Forecasts what the verification of a phase will be able to detect, from the time before now. Nothing has been
// deployed yet.
import type { AnalysisSettings } from '../model/evidence/analysis.ts';
import { fail, succeed, type Result } from '../model/failure.ts';
import { trafficByWeights } from '../model/runs/nodeWeights.ts';
import { connectionOf, type Pipeline } from '../model/pipeline.ts';
import type { MetricsSource } from '../model/healthSource.ts';
import type { PhaseForecast, PlannedPhase } from '../model/runs/plan.ts';
import type { Ports } from '../model/ports.ts';
import { waitAtMost } from './loop.ts';
import { createReader } from './reading/reader.ts';

/** A dry run does not wait longer than this for a slow vendor. */
const patienceMs = 10_000;

/**
 * Covers metrics that have a history for each node; an empty list means that there are none. Fails if the sources did
 * not answer in time.
 */
export async function forecastPhase(
  pipeline: Pipeline,
  environment: string,
  { canaryNodes, baselineNodes, verification }: PlannedPhase,
  ports: Pick<Ports, 'clock' | 'analysis' | 'healthSources'>,
): Promise<Result<readonly PhaseForecast[]>> {
  const sources = (verification?.sources ?? [])
    .map(name => pipeline.healthSources[name]!)
    .filter((source): source is MetricsSource => source.kind === 'metrics' && source.versionAttribute === undefined);
  if (!verification || sources.length === 0) return succeed([]);
  const nowMs = ports.clock.now();
  const { sensitivity, historyMs, intervalMs, durationMs } = verification;
  const settings: AnalysisSettings = {
    sensitivity,
    canaryNodes,
    baselineNodes,
    baselineKind: baselineNodes.length > 0 ? 'existing' : 'previous',
    trafficWeight: trafficByWeights(pipeline.environments[environment]?.weights, canaryNodes, baselineNodes) ?? 1,
    intervalMs,
    durationMs,
    canarySinceMs: nowMs,
    beforeFromMs: nowMs - historyMs,
    beforeToMs: nowMs,
    sources: sources.map(({ name, delayMs, metrics }) => ({ kind: 'metrics', name, delayMs, metrics })),
  };
  const opened = await ports.analysis.open(settings);
  if (!opened.ok) return opened;
  const session = opened.value;
  const enough = new AbortController();
  const task = {
    settings,
    sources: [],
    feedback: () => [],
    onLook() {
      /* no one observes this read */
    },
  };
  const readers = sources.map(source =>
    createReader(task, { source, connection: connectionOf(pipeline, source) }, session, ports.healthSources),
  );
  await waitAtMost(patienceMs, Promise.all(readers.map(reader => reader.read(nowMs, enough.signal))), ports.clock);
  enough.abort();
  const missing = readers.map(reader => reader.missing()).find(why => why !== undefined);
  const looked =
    missing === undefined
      ? await session.look({ atMs: nowMs, unread: {}, partial: {}, final: false })
      : fail('timeout', missing);
  session.close();
  if (!looked.ok) return looked;
  return succeed(
    looked.value.report.checks.flatMap(check =>
      check.kind === 'metric' && check.forecast ? [{ metric: check.name, ...check.forecast }] : [],
    ),
  );
}
