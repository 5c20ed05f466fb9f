// Determines which versions belong to each side of a verification, for sources that distinguish the sides by version.
import { identityOf } from '../../model/identity.ts';
import type { VersionSides } from '../../model/evidence/analysis.ts';
import type { CheckTask } from '../stages/check/checkTask.ts';
import type { RunContext } from '../context.ts';
import { lastWorkingRelease } from './ledger.ts';

/** Rolled-back nodes run the same version as the others, so they are compared with that version's earlier behaviour. */
export function versionsOf(
  context: Pick<RunContext, 'ports' | 'pipeline' | 'release'>,
  {
    purpose,
    environment,
    canaryNodes,
    baselineNodes,
  }: Pick<CheckTask, 'purpose' | 'environment' | 'canaryNodes' | 'baselineNodes'>,
): VersionSides {
  const {
    ports: { history },
    pipeline,
    release,
  } = context;
  const releases = new Map(
    history
      .nodes(identityOf(pipeline), environment)
      .map(({ node, release: id }) => [node, id === null ? undefined : history.release(id)?.artifact.version]),
  );
  const runBy = (nodes: readonly string[]): readonly string[] => [
    ...new Set(nodes.flatMap(node => releases.get(node) ?? [])),
  ];
  const canary = runBy(canaryNodes);
  if (purpose === 'proof') return { canary, baseline: [], before: canary };
  if (baselineNodes.length > 0) return { canary, baseline: runBy(baselineNodes), before: [] };
  const working = lastWorkingRelease(context, environment, release);
  return { canary, baseline: [], before: working.ok ? [working.value.artifact.version] : [] };
}
