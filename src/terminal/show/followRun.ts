// Starts a run and shows it until its end. The first Ctrl-C cancels the run, the second one leaves it.
import type { Engine, RunHandle } from '../../model/runs/engine.ts';
import { describeFailure, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Person, RunEvent } from '../../model/runs/runEvents.ts';
import { nodesTouched, stagesOf } from '../../model/runs/runState.ts';
import type { RunState } from '../../model/runs/runState.ts';
import { formatList } from '../../protocol/words/format.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import type { CommandContext } from '../command.ts';
import { exitStatus, statusOfRun } from '../exitStatus.ts';
import { jsonPresenter, livePresenter, plainPresenter } from './presenter.ts';
import type { RunPresenter } from './presenter.ts';

export interface FollowedRun {
  readonly by: Person;
  readonly begin: () => Promise<Result<RunHandle>>;
  /** The exit status for an outcome; a rollback that was requested counts as a success. */
  readonly statusOf?: (state: RunState) => number;
}

export async function followRun(
  context: CommandContext,
  engine: Engine,
  { by, begin, statusOf = state => statusOfRun(state.outcome) }: FollowedRun,
): Promise<Result<number>> {
  const presenter = createPresenter(context, engine);
  let latest: RunState | undefined;
  const unwatch = engine.watch({
    onEvent(runId, event, state) {
      latest = state;
      presenter.event(runId, event, state);
    },
    onOutput(_runId, key, _stream, text) {
      presenter.output(key, text);
    },
  });
  const interrupts = listenForInterrupts(context, presenter, engine, by, () => latest);
  try {
    const handle = await Promise.race([begin(), interrupts.left]);
    if (!handle) return succeed(interrupts.status());
    if (!handle.ok) return handle;
    interrupts.started(handle.value);
    const state = await Promise.race([handle.value.done, interrupts.left]);
    const { runId, number, lost } = handle.value;
    const left = lost();
    const status = left ? exitStatus.held : state ? statusOf(state) : interrupts.status();
    if (left) presenter.notice(describeFailure(left));
    presenter.end({
      runId,
      number,
      outcome: left ? 'taken-over' : state ? state.outcome : 'detached',
      exitStatus: status,
    });
    if (state?.stopped) context.output.failure(state.stopped);
    return succeed(status);
  } finally {
    interrupts.end();
    unwatch();
  }
}

function createPresenter({ dependencies, output, given }: CommandContext, engine: Engine): RunPresenter {
  const numbers = new Map<string, number>();
  const numberOf = (runId: string): number | undefined => {
    const known = numbers.get(runId) ?? engine.history.findRun(runId)?.number;
    if (known !== undefined) numbers.set(runId, known);
    return known;
  };
  const eventsBefore = (runId: string, { seq, type }: RunEvent): readonly RunEvent[] =>
    type === 'run-started' ? [] : engine.history.events(runId).filter(event => event.seq < seq);
  const settings = { output, verbose: given.flag('verbose'), numberOf, eventsBefore };
  if (given.flag('json')) return jsonPresenter(settings);
  return output.live ? livePresenter(settings, dependencies) : plainPresenter(settings);
}

interface Interrupts {
  started(handle: RunHandle): void;
  /** Resolves when the user leaves the run. */
  readonly left: Promise<undefined>;
  /** The exit status if the user left the run. */
  status(): number;
  end(): void;
}

function listenForInterrupts(
  { dependencies }: CommandContext,
  presenter: RunPresenter,
  engine: Engine,
  by: Person,
  stateNow: () => RunState | undefined,
): Interrupts {
  const { promise: left, resolve: leave } = Promise.withResolvers<undefined>();
  let handle: RunHandle | undefined,
    presses = 0,
    status: number = exitStatus.cancelled;
  const cancel = ({ runId }: RunHandle): void => {
    engine.instruct(runId, { type: 'cancel', by, at: dependencies.clock.now() }).then(
      asked => presenter.notice(asked.ok ? cancelNotice(stateNow()) : `Cannot cancel: ${asked.failure.message}`),
      (error: unknown) => presenter.notice(`Cannot cancel: ${error instanceof Error ? error.message : String(error)}`),
    );
  };
  const end = dependencies.onInterrupt(() => {
    presses += 1;
    if (presses > 1) leave(undefined);
    else if (!handle) presenter.notice('The run is cancelled as soon as it has started.');
    else cancel(handle);
  });
  const endTerminating = dependencies.onTerminate(wanted => {
    status = wanted;
    const state = stateNow();
    const nodes = state ? nodesTouched(state) : [];
    if (nodes.length)
      presenter.notice(`No process watches ${formatList(nodes.map(node => plainLine(node, 80)))} from now on.`);
    leave(undefined);
  });
  return {
    left,
    status: () => status,
    started(begun) {
      handle = begun;
      if (presses > 0) cancel(begun);
    },
    end() {
      end();
      endTerminating();
    },
  };
}

function cancelNotice(state: RunState | undefined): string {
  const rolling = state && stagesOf(state).some(({ rollback }) => rollback && rollback.finishedAtMs === undefined);
  return rolling
    ? 'A rollback is in progress and will be finished, not cancelled. Ctrl-C again leaves the run; ' +
        'the rollback then waits for backstop resume.'
    : 'Cancelling: no new step begins, running hooks are stopped. Ctrl-C again leaves the run for backstop resume.';
}
