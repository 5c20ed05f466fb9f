// Accept as Working…: a person vouches for the release of a run that ended on hold, where every node runs it.
import { fail, succeed, type Result } from '../../../model/failure.ts';
import { identityOf } from '../../../model/identity.ts';
import type { AdoptRequest } from '../../../model/runs/engine.ts';
import type { RunState } from '../../../model/runs/runState.ts';
import { formatList } from '../../../protocol/words/format.ts';
import { plainLine } from '../../../protocol/words/plainText.ts';
import type { HostServices } from '../../hostServices.ts';
import { subject } from '../../notices/notices.ts';
import type { HostEngine } from '../../runs/engines.ts';
import { heldStage } from '../../runs/runFacts.ts';
import { readTarget } from '../../workspace/target.ts';
import { chooseRun, pipelineOfRun } from '../choose.ts';
import { t } from '../../../protocol/words/translate.ts';

export async function acceptRelease(services: HostServices, given: unknown): Promise<void> {
  const { notify, feed, ownRuns } = services;
  if (!services.mayAct()) return;
  const title = t('Accept as Working');
  const isHeld = (state: RunState): boolean => heldStage(state)?.environment !== undefined;
  const chosen = await chooseRun(services, readTarget(given), title, isHeld, t('No run ended on hold.'));
  const environment = chosen && heldStage(chosen.state)?.environment;
  const pipeline = chosen && (await pipelineOfRun(services, chosen.state));
  const engine = pipeline && (await services.engineFor(pipeline.folder));
  if (!engine || environment === undefined) return;
  const release = subject(chosen.state);
  const confirmed = await notify.confirm(
    t('Accept {0} as working in {1}?', release, plainLine(environment, 80)),
    t(
      'Backstop records it in your name as a release to roll back to, and learns its log events. ' +
        'The check hook runs first; nothing is deployed.',
    ),
    t('Accept'),
  );
  if (!confirmed) return;
  const accepted = await acceptIn(engine, chosen.state, {
    pipeline: pipeline.pipeline,
    environment,
    version: chosen.state.artifact.version,
    by: await services.person(ownRuns.folderOf(chosen.run.id)),
  });
  feed.poke();
  if (accepted.ok) notify.say(t('{0} was recorded as working in {1}.', release, plainLine(environment, 80)));
  else notify.fail(accepted.failure);
}

/** The recorded release must be the deployed one: on every node, and with the same configuration. */
async function acceptIn(engine: HostEngine, state: RunState, request: AdoptRequest): Promise<Result<unknown>> {
  const { pipeline, environment, version, by } = request;
  const known = engine.history.nodes(identityOf(state), environment);
  const others = pipeline.environments[environment]!.nodes.filter(
    name => known.find(({ node }) => node === name)?.release !== state.release.id,
  );
  if (others.length > 0)
    return fail('refused', t('{0} is not on every node yet: {1}.', subject(state), formatList(others)), {
      hint: t('Run it again from the stage on hold, or roll back.'),
    });
  const plan = await engine.dryRun({ pipeline, inputs: inputsOf(state), version, by });
  if (!plan.ok) return plan;
  if (plan.value.release !== state.release.id)
    return fail('refused', t('The configuration files have changed since the run.'), {
      hint: t('Restore them as they were deployed, or deploy again.'),
    });
  const adopted = await engine.adopt(request);
  return adopted.ok ? succeed(undefined) : adopted;
}

function inputsOf({ inputs }: RunState): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, String(value)]));
}
