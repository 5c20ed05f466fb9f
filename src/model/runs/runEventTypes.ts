// The types of all events that this version knows, for what is read from a store or a file.
import type { RunEvent } from './runEvents.ts';

/** Complete: the compiler checks it. */
const runEventTypes: Readonly<Record<RunEvent['type'], true>> = {
  'run-started': true,
  'run-resumed': true,
  'environment-waited-for': true,
  'stage-started': true,
  'stage-finished': true,
  'hook-intended': true,
  'hook-finished': true,
  'retry-scheduled': true,
  'nodes-listed': true,
  'sides-found': true,
  'phase-started': true,
  'phase-finished': true,
  'nodes-changed': true,
  'marker-intended': true,
  'marker-finished': true,
  'verification-started': true,
  looked: true,
  'verification-finished': true,
  'verification-skipped': true,
  decided: true,
  asked: true,
  answered: true,
  'question-closed': true,
  'rollback-started': true,
  'rollback-impossible': true,
  'rollback-finished': true,
  'rollback-proven': true,
  'rollback-unproven': true,
  'ledger-recorded': true,
  'baseline-learned': true,
  'feedback-given': true,
  'cancel-asked': true,
  'clock-jumped': true,
  noted: true,
  'run-finished': true,
};

/** A store may contain events of a newer Backstop. */
export function isRunEventType(type: unknown): type is RunEvent['type'] {
  return typeof type === 'string' && Object.hasOwn(runEventTypes, type);
}
