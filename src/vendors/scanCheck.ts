// Says before a deployment what the verifications of a log source would scan, and refuses what is more than the
// pipeline allows.
import { formatBytes } from '../model/byteSize.ts';
import { fail } from '../model/failure.ts';
import { allStages } from '../model/pipeline.ts';
import type { Connection, Pipeline } from '../model/pipeline.ts';
import type { HealthSource, LogsSource } from '../model/healthSource.ts';
import type { ScanEstimate, SourceProblem } from '../model/evidence/sourceCheck.ts';
import type { ScanQuestion, SourcePorts } from './vendor.ts';

interface Asked {
  readonly source: HealthSource;
  readonly connection: Connection;
  readonly nodes: readonly string[];
  readonly toMs: number;
}

/**
 * An estimate that cannot be had is a notice: it says nothing about the source. undefined: there is nothing to
 * estimate.
 */
export async function checkScan(
  estimate: SourcePorts['estimate'],
  pipeline: Pipeline,
  { source, connection, nodes, toMs }: Asked,
  signal: AbortSignal,
): Promise<{ readonly estimate?: ScanEstimate; readonly problems: readonly SourceProblem[] } | undefined> {
  const extent = extentOf(pipeline, source);
  if (!estimate || source.kind !== 'logs' || !extent || nodes.length === 0) return undefined;
  const asked = await estimate({ source, connection, nodes, toMs, ...extent }, signal);
  if (asked.ok) return { estimate: asked.value, problems: refuseAbove(source, asked.value) };
  const hint =
    source.mostScannedBytes === undefined
      ? 'What a verification would scan is not known.'
      : '`mostScanned` was not checked.';
  return { problems: [{ kind: 'notice', failure: { ...asked.failure, hint } }] };
}

function refuseAbove(
  { name, mostScannedBytes = Infinity }: LogsSource,
  { verificationBytes }: ScanEstimate,
): readonly SourceProblem[] {
  if (verificationBytes <= mostScannedBytes) return [];
  const { failure } = fail(
    'refused',
    `Health source "${name}": a verification would scan about ${formatBytes(verificationBytes)}, ` +
      `and \`mostScanned\` allows ${formatBytes(mostScannedBytes)}.`,
    { hint: 'Narrow its query, make `history` or `duration` shorter or `interval` longer, or raise `mostScanned`.' },
  );
  return [{ kind: 'missing', failure }];
}

/**
 * Of the phase that takes the most looks, with the longest history. Each look reads from one interval and the delay
 * before the last one.
 */
function extentOf(
  pipeline: Pipeline,
  { name, delayMs }: HealthSource,
): Pick<ScanQuestion, 'lookMs' | 'looks' | 'historyMs'> | undefined {
  const extents = allStages(pipeline).flatMap(stage => {
    if (stage.kind !== 'canary' || !stage.verification.sources.includes(name)) return [];
    const { intervalMs, historyMs } = stage.verification;
    const longestMs = Math.max(
      stage.watchMs,
      ...stage.phases.map(({ verify }) => (verify === false ? 0 : verify.durationMs)),
    );
    return [{ lookMs: 2 * intervalMs + delayMs, looks: Math.ceil(longestMs / intervalMs), historyMs }];
  });
  const weigh = ({ lookMs, looks, historyMs }: (typeof extents)[number]): number => lookMs * looks + historyMs;
  return extents.reduce<(typeof extents)[number] | undefined>(
    (most, extent) => (most && weigh(most) >= weigh(extent) ? most : extent),
    undefined,
  );
}
