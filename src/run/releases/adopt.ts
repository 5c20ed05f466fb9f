// Records the current release of an environment as a working one, and learns its log events. A first deployment is
// compared with them.
import { identityOf } from '../../model/identity.ts';
import { settleEnvironment } from '../../model/environmentChoice.ts';
import { fail, succeed, type Result } from '../../model/failure.ts';
import { allStages, connectionOf, type Pipeline, type Verification } from '../../model/pipeline.ts';
import type { Ports } from '../../model/ports.ts';
import { adoptedRunId, type LedgerEntry, type Release } from '../../model/release.ts';
import type { LearnedEvents } from '../../model/evidence/evidence.ts';
import type { AdoptRequest } from '../../model/runs/engine.ts';
import type { Person } from '../../model/runs/runEvents.ts';
import type { NeighbouringPhases } from '../context.ts';
import { claimService, identify } from '../identify.ts';
import { refuseUnlisted, withListedNodes } from '../nodes.ts';
import { patiently } from '../ownership/patience.ts';
import { findArtifact, makeRelease, type GivenRules } from '../prepare.ts';
import { checkAdopted } from './adoptCheck.ts';

const intervalMs = 60_000;

export async function adopt(
  ports: Ports,
  rules: GivenRules,
  hookCalls: NeighbouringPhases['hookCalls'],
  { pipeline: given, environment, version, by, unchecked }: AdoptRequest,
): Promise<Result<Release>> {
  const identified = settleEnvironment(identify(ports, given), environment);
  const { environments, name } = identified;
  if (!environments[environment])
    return fail('invalid', `Pipeline ${name} has no environment '${environment}'.`, {
      hint: `It has: ${Object.keys(environments).join(', ')}.`,
    });
  const listed = await withListedNodes(ports, identified, [environment]);
  if (!listed.ok) return refuseUnlisted(listed, 'Nothing was recorded.');
  const pipeline = listed.value;
  const checked = rules.checkVersion(pipeline.artifact, version);
  if (!checked.ok) return checked;
  const captured = ports.configurations.capture(pipeline.configuration.files, pipeline.configuration.variables);
  if (!captured.ok) return captured;
  const canary = allStages(pipeline).find(stage => stage.kind === 'canary' && stage.environment === environment);
  // The build server may no longer have the build of the current release.
  const built =
    pipeline.artifact.kind === 'build' ? await findArtifact(ports, rules, pipeline, checked.value) : undefined;
  const release = makeRelease(ports, pipeline, built?.ok ? built.value : { version: checked.value }, captured.value);
  const asked = unchecked ? succeed(undefined) : await checkAdopted(ports, hookCalls, pipeline, environment, release);
  if (!asked.ok) return asked;
  const claimed = await patiently(ports.clock, () => claimService(ports, pipeline, [environment]));
  if (!claimed.ok) return claimed;
  const verification = canary?.kind === 'canary' ? canary.verification : undefined;
  return adoptRelease(ports, pipeline, environment, verification, release, by);
}

/**
 * Reads `historyMs` of every log source that the verification of the environment uses. If one cannot be read, nothing
 * is recorded.
 */
async function adoptRelease(
  ports: Ports,
  pipeline: Pipeline,
  environment: string,
  verification: Verification | undefined,
  release: Release,
  by: Person,
): Promise<Result<Release>> {
  const { history, clock, analysis, healthSources } = ports;
  const service = identityOf(pipeline);
  const nodes = pipeline.environments[environment]?.nodes ?? [];
  const logs = (verification?.sources ?? [])
    .map(name => pipeline.healthSources[name]!)
    .filter(source => source.kind === 'logs');
  const nowMs = clock.now();
  const historyMs = verification?.historyMs ?? 0;
  const opened = await analysis.open({
    version: release.artifact.version,
    sensitivity: 'medium',
    canaryNodes: [],
    baselineNodes: nodes,
    baselineKind: 'existing',
    trafficWeight: 1,
    canarySinceMs: nowMs,
    beforeFromMs: nowMs - historyMs,
    beforeToMs: nowMs,
    intervalMs,
    durationMs: 0,
    sources: logs.map(({ name, delayMs }) => ({
      kind: 'logs',
      name,
      delayMs,
      ...learnedBefore(history.learned(service, environment, name)),
    })),
  });
  if (!opened.ok) return opened;
  try {
    for (const source of logs) {
      const request = {
        source,
        connection: connectionOf(pipeline, source),
        nodes,
        fromMs: nowMs - historyMs,
        toMs: nowMs,
        intervalMs,
      };
      const read = await healthSources.read(request, page => opened.value.ingest(page), new AbortController().signal);
      if (!read.ok) return read;
    }
    const learned = await opened.value.learn();
    if (!learned.ok) return learned;
    await record(ports, { service, environment, nodes, release, by, nowMs }, learned.value);
    return succeed(release);
  } finally {
    opened.value.close();
  }
}

interface Adopted {
  readonly service: string;
  readonly environment: string;
  readonly nodes: readonly string[];
  readonly release: Release;
  readonly by: Person;
  readonly nowMs: number;
}

async function record(
  { history, clock }: Ports,
  { service, environment, nodes, release, by, nowMs }: Adopted,
  learned: Readonly<Record<string, LearnedEvents>>,
): Promise<void> {
  await patiently(clock, () => history.saveRelease(release));
  for (const [source, events] of Object.entries(learned))
    await patiently(clock, () => history.saveLearned(service, environment, source, events));
  const entry: LedgerEntry = {
    service,
    environment,
    release: release.id,
    standing: 'promoted-by-hand',
    runId: adoptedRunId,
    at: nowMs,
    by: by.name,
  };
  await patiently(clock, () => history.record(entry));
  await patiently(clock, () => history.setNodes(service, environment, nodes, release.id, nowMs));
}

function learnedBefore<T>(learned: T | undefined): { learned?: T } {
  return learned === undefined ? {} : { learned };
}
