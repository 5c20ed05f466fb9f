// `backstop pin` and `backstop unpin`: choose the run that load tests of its pipeline are compared with.
import type { Engine, PinRequest } from '../../../model/runs/engine.ts';
import type { Result } from '../../../model/failure.ts';
import type { Pin } from '../../../model/history.ts';
import { plainLine } from '../../../protocol/words/plainText.ts';
import { done, runArgument, runDetail } from '../../command.ts';
import type { Command } from '../../command.ts';
import { exitStatus } from '../../exitStatus.ts';
import { findRun } from '../../findRun.ts';
import { findIdentity } from '../../identity.ts';

export const pin = pinning(
  'pin',
  'Pins a good run as the baseline for later verifications with `baseline: pinned`.',
  (engine, request) => engine.pin(request),
  (number, { pipeline, environment }) =>
    `Run #${number} is pinned: verifications of ${plainLine(pipeline, 80)} in ${plainLine(environment, 80)} that ` +
    `say \`baseline: pinned\` are compared with it from now on.`,
);
export const unpin = pinning(
  'unpin',
  'Unpins a run.',
  (engine, request) => engine.unpin(request),
  (number, { pipeline, environment }) =>
    `Run #${number} is no longer pinned: no run of ${plainLine(pipeline, 80)} is pinned in ` +
    `${plainLine(environment, 80)}.`,
);

function pinning(
  name: 'pin' | 'unpin',
  summary: string,
  act: (engine: Engine, request: PinRequest) => Promise<Result<Pin>>,
  tell: (number: number, pin: Pin) => string,
): Command {
  return {
    name,
    group: 'Decide',
    summary,
    usage: 'RUN [--environment E]',
    details: [
      runDetail,
      'Each pipeline and environment has at most one pinned run; a later pin replaces it. ' +
        'Backstop keeps the evidence of pinned runs and of the latest 50 runs.',
    ],
    positional: runArgument,
    options: {
      environment: {
        type: 'string',
        short: 'e',
        value: 'E',
        text: 'The environment, if the run was verified in several.',
      },
    },
    statuses: { 0: name === 'pin' ? 'pinned' : 'no longer pinned', 3: 'no such run, or it cannot be a baseline' },
    examples: [`backstop ${name} last`, `backstop ${name} 12 --environment staging`],
    async run(context) {
      const {
        given,
        output,
        dependencies: { env, cwd },
      } = context;
      const engine = await context.engine();
      if (!engine.ok) return engine;
      const run = findRun(engine.value.history, given.positionals[0] ?? 'last');
      if (!run.ok) return run;
      const environment = given.text('environment');
      const told = await act(engine.value, {
        runId: run.value.id,
        by: await findIdentity(env, cwd),
        ...(environment !== undefined && { environment }),
      });
      if (!told.ok) return told;
      output.line([tell(run.value.number, told.value)]);
      return done(exitStatus.good);
    },
  };
}
