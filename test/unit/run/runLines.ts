// Describes a run as a list of short lines.
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';

/** The run as lines, for one comparison instead of many. */
export function tell(events: readonly RunEvent[]): readonly string[] {
  return events.flatMap(event => {
    switch (event.type) {
      case 'stage-finished':
        return [`stage ${event.stage} ${event.outcome}`];
      case 'phase-started':
        return [`phase ${event.phase} of ${event.of}: ${event.nodes.join(' ')}`];
      case 'decided':
        return [`decided ${event.decision} by ${event.by.name}`];
      case 'rollback-started':
        return [`rollback ${event.from.artifact.version} -> ${event.to.artifact.version} on ${event.nodes.join(' ')}`];
      case 'rollback-proven':
        return ['proven'];
      case 'rollback-unproven':
        return [`unproven: ${event.failure.message}`];
      case 'ledger-recorded':
        return [`ledger ${event.environment} ${event.standing}`];
      case 'asked':
        return [`asked ${event.question.kind}`];
      case 'question-closed':
        return [`closed ${event.result}`];
      case 'run-finished':
        return [`run ${event.outcome}`];
      default:
        return [];
    }
  });
}
