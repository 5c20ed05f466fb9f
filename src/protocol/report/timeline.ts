// A run as a timeline: what happened when, in words, and how long after the decision; for panel, report and terminal.
import { applyEvent } from '../../model/runs/reduceRun.ts';
import type { RunState } from '../../model/runs/runState.ts';
import type { RunEvent } from '../../model/runs/runEvents.ts';
import { formatDuration, formatTime } from '../words/format.ts';
import { escapeMarkdown } from '../words/markdown.ts';
import { rowsOf } from './timelineRows.ts';
import type { RowMemory, RowParts, TimelineRow } from './rowParts.ts';

export interface Timeline {
  readonly state: RunState | undefined;
  /** The rows that an event adds; events are given in order. */
  add(event: RunEvent): readonly TimelineRow[];
}

export function timelineOf(runId: string, events: readonly RunEvent[]): readonly TimelineRow[] {
  const timeline = createTimeline(runId);
  return arrangeRows(events.flatMap(event => timeline.add(event)));
}

/** In order of time, since the first anomalous line is recognised later than it was written. */
export function arrangeRows(added: readonly TimelineRow[]): readonly TimelineRow[] {
  const rows = [...added].sort((left, right) => left.atMs - right.atMs);
  const decidedAt = rows.find(row => row.sinceDecisionMs === 0)?.atMs;
  return rows.map(({ sinceDecisionMs, ...row }) =>
    decidedAt === undefined || row.atMs < decidedAt || sinceDecisionMs === undefined
      ? row
      : { ...row, sinceDecisionMs },
  );
}

/** The duration, or the time since the decision: `+6.3 s`. Empty if neither is known. */
export function tookOf({ sinceDecisionMs, durationMs }: TimelineRow): string {
  if (sinceDecisionMs !== undefined) return sinceDecisionMs === 0 ? '0 s' : `+${formatDuration(sinceDecisionMs)}`;
  return durationMs === undefined ? '' : formatDuration(durationMs);
}

/** The rows as a Markdown list; text from a log or a person is escaped. */
export function timelineMarkdown(rows: readonly TimelineRow[]): string {
  return rows
    .map(row => {
      const took = tookOf(row);
      return `- ${formatTime(row.atMs)} ${escapeMarkdown(row.text)}${took ? ` (${took})` : ''}`;
    })
    .join('\n');
}

export function createTimeline(runId: string): Timeline {
  let state: RunState | undefined;
  let decidedAtMs: number | undefined;
  const memory: RowMemory = { connections: new Map(), markers: new Map(), nodes: new Map(), forecast: new Set() };
  return {
    get state() {
      return state;
    },
    add(event) {
      state = applyEvent(runId, state, event);
      if (!state) return [];
      if (event.type === 'decided' && event.decision === 'rollback') decidedAtMs ??= event.at;
      const describe = rowsOf[event.type] as (
        event: RunEvent,
        state: RunState,
        memory: RowMemory,
      ) => readonly RowParts[];
      const since = decidedAtMs === undefined ? {} : { sinceDecisionMs: event.at - decidedAtMs };
      return describe(event, state, memory).map(parts => ({
        atMs: event.at,
        about: event.type,
        level: 'normal',
        tone: 'neutral',
        ...since,
        ...parts,
      }));
    },
  };
}
