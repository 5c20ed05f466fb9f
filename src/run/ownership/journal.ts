// The journal of a run: events are stored before any observer receives them, and read again when a run is resumed after
// a crash.
import type { Clock } from '../../model/ports.ts';
import type { History } from '../../model/history.ts';
import type { RunEvent, RunEventBody } from '../../model/runs/runEvents.ts';
import { applyEvent } from '../../model/runs/reduceRun.ts';
import type { RunState } from '../../model/runs/runState.ts';
import { TakenOver, type Fence } from '../../model/runs/takenOver.ts';

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

export interface Journal {
  record(body: RunEventBody): RunEvent;
  /** The newest event of this type that satisfies `fits`. */
  find<T extends RunEvent['type']>(type: T, fits?: (event: EventOf<T>) => boolean): EventOf<T> | undefined;
  /** Records the event unless one that satisfies `fits` exists, so that a resumed run does not repeat itself. */
  recordOnce<T extends RunEvent['type']>(
    body: RunEventBody & { type: T },
    fits: (event: EventOf<T>) => boolean,
  ): EventOf<T>;
  /** Must not be called before `run-started` is recorded. */
  state(): RunState;
  /** Afterwards, recording anything throws `TakenOver`. */
  close(): void;
}

export function openJournal(
  runId: string,
  history: Pick<History, 'append' | 'events' | 'takeNotices'>,
  clock: Clock,
  fencesFor: (body: RunEventBody) => readonly Fence[],
  onEvent: (event: RunEvent, state: RunState) => void,
): Journal {
  const events: RunEvent[] = [...history.events(runId)];
  let state: RunState | undefined = events.reduce<RunState | undefined>(
    (before, event) => applyEvent(runId, before, event),
    undefined,
  );

  let closed = false;
  function record(body: RunEventBody): RunEvent {
    if (closed) throw new TakenOver(`Run ${runId} is over for this process.`);
    const event: RunEvent = { ...body, seq: (events.at(-1)?.seq ?? 0) + 1, at: clock.now() };
    history.append(runId, [event], fencesFor(body));
    events.push(event);
    state = applyEvent(runId, state, event);
    if (state) onEvent(event, state);
    for (const failure of history.takeNotices()) record({ type: 'noted', failure });
    return event;
  }
  function find<T extends RunEvent['type']>(
    type: T,
    fits: (event: EventOf<T>) => boolean = () => true,
  ): EventOf<T> | undefined {
    return events.findLast((event): event is EventOf<T> => event.type === type && fits(event as EventOf<T>));
  }
  return {
    record,
    find,
    recordOnce: (body, fits) => find(body.type, fits) ?? (record(body) as EventOf<typeof body.type>),
    state() {
      if (!state) throw new Error(`Run ${runId} has not started.`);
      return state;
    },
    close() {
      closed = true;
    },
  };
}
