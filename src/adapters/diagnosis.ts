// Collects facts about this process and the store, redacted and without blocking for long: only `backstop doctor`
// checks the whole store.
import { existsSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Diagnosis, EventLoopDelay } from '../model/diagnosis.ts';
import type { Failure } from '../model/failure.ts';
import type { Clock } from '../model/ports.ts';
import type { StoreTools } from '../model/storeTools.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Only the names of credentials are shown. */
const settings = [
  'BACKSTOP_USER',
  'BACKSTOP_HOME',
  'BACKSTOP_DEBUG',
  'BACKSTOP_GUARD',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'LANG',
  'NO_COLOR',
  'FORCE_COLOR',
];
const usualMs = 1_000,
  resolutionMs = 10;

/** `clock` is only used to wait for `durationMs`. */
export async function measureEventLoop(clock: Pick<Clock, 'sleep'>, durationMs = usualMs): Promise<EventLoopDelay> {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  await clock.sleep(durationMs);
  histogram.disable();
  // The histogram contains the time between two timer ticks; the part above its resolution is delay.
  const delayMs = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds) ? Math.max(0, Math.round(nanoseconds / 1e5) / 10 - resolutionMs) : 0;
  return {
    measuredMs: durationMs,
    meanMs: delayMs(histogram.mean),
    p99Ms: delayMs(histogram.percentile(99)),
    maxMs: delayMs(histogram.max),
  };
}

/** `damage` is the known damage of the store; the store is not opened then. */
export async function diagnose(
  tools: StoreTools,
  env: Environment,
  clock: Pick<Clock, 'sleep'>,
  damage?: Failure,
): Promise<Diagnosis> {
  const overview = !damage && existsSync(tools.path) ? tools.overview() : undefined;
  return tools.redact({
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    memoryBytes: process.memoryUsage.rss(),
    upMs: Math.round(process.uptime() * 1000),
    eventLoop: await measureEventLoop(clock),
    settings: Object.fromEntries(settings.flatMap(name => (env[name] === undefined ? [] : [[name, env[name]]]))),
    credentials: Object.keys(env)
      .filter(name => name.startsWith('BACKSTOP_CREDENTIAL_') && env[name])
      .sort(),
    store: tools.path,
    ...(overview?.ok && { overview: overview.value }),
    troubles: damage ? [damage] : overview?.ok === false ? [overview.failure] : [],
  });
}
