// Marks a deployment or a rollback in the monitoring systems. If a marker cannot be placed, the failure is noted and
// the run continues.
import type { Release } from '../model/release.ts';
import type { RunContext } from './context.ts';
import type { Scope } from './stages/scope.ts';

/** Places the marker through every connection of the pipeline that has `marks` enabled. */
export async function placeMarkers(
  context: RunContext,
  purpose: 'canary' | 'rollback',
  stage: string,
  release: Release,
  description: string,
  scope: Scope,
): Promise<void> {
  const { pipeline, journal, ports, by, runId } = context;
  const connections = Object.entries(pipeline.connections).filter(([, connection]) => connection.marks);
  await Promise.all(
    connections.map(async ([name, connection]) => {
      const key = `${stage}/${purpose}/${name}`;
      if (journal.find('marker-finished', event => event.key === key)) return;
      const { version } = release.artifact;
      const intended = journal.recordOnce(
        { type: 'marker-intended', key, connection: name, version, purpose },
        event => event.key === key,
      );
      await context.kept();
      context.fences.require();
      const placed = await ports.markers.place(
        { connection, version, purpose, description, by: by.name, runId, atMs: intended.at },
        scope.signal,
      );
      journal.record({
        type: 'marker-finished',
        key,
        ...(placed.ok ? { id: placed.value.id } : { failure: placed.failure }),
      });
    }),
  );
}
