// `backstop adopt`: records the current release as working, so that the first run can be rolled back.
import { environmentsOf } from '../../model/environmentChoice.ts';
import { fail } from '../../model/failure.ts';
import { allStages } from '../../model/pipeline.ts';
import type { Pipeline } from '../../model/pipeline.ts';
import { formatList, shortId } from '../../protocol/words/format.ts';
import { done, hostOption, pipelineDetail } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatus } from '../exitStatus.ts';
import { findEnvironment } from '../findEnvironment.ts';
import { findPipeline } from '../findPipeline.ts';
import { findIdentity } from '../identity.ts';

export const adopt: Command = {
  name: 'adopt',
  group: 'Start here',
  summary: 'Records the current release as a working one, before the first run.',
  usage: '[PIPELINE] --environment E... --version V [--unchecked]',
  details: [
    pipelineDetail,
    'If a stage of the environment has a check hook, it is called first to confirm that the nodes run that version.',
    'It changes nothing on the nodes. It records that they run this version with the configuration in the ' +
      'workspace, and learns their log events.',
  ],
  positional: { name: 'PIPELINE', minimum: 0, maximum: 1 },
  options: {
    ...hostOption,
    environment: {
      type: 'string',
      short: 'e',
      value: 'E',
      multiple: true,
      text: 'An environment that runs this version.',
    },
    version: { type: 'string', value: 'V', text: 'The version that runs now.' },
    unchecked: { type: 'boolean', text: 'Does not call the check hook, and records the version without confirmation.' },
  },
  statuses: { 0: 'recorded', 2: 'a server did not respond', 3: 'invalid input' },
  examples: [
    'backstop adopt storefront --environment production --version 2.13.2',
    'backstop adopt storefront -e staging -e production --version 2.13.2',
  ],
  async run(context) {
    const {
      given,
      output,
      dependencies: { env, cwd },
    } = context;
    const engine = await context.engine();
    if (!engine.ok) return engine;
    const pipeline = findPipeline(engine.value, cwd, given.positionals[0]);
    if (!pipeline.ok) return pipeline;
    const version = given.text('version');
    if (version === undefined) return fail('invalid', '--version is needed: the version that runs now.');
    const wanted: readonly (string | undefined)[] = given.list('environment').length
      ? given.list('environment')
      : [undefined];
    const environments: string[] = [];
    for (const one of wanted) {
      const environment = findEnvironment(pipeline.value, one);
      if (!environment.ok) return environment;
      environments.push(environment.value);
    }
    const by = await findIdentity(env, cwd);
    for (const environment of environments) {
      const release = await engine.value.adopt({
        pipeline: pipeline.value,
        environment,
        version,
        by,
        ...(given.flag('unchecked') && { unchecked: true }),
      });
      if (!release.ok) return release;
      const { artifact, id, configuration } = release.value;
      output.line([
        `${environment}: ${artifact.version} is recorded as working, `,
        asked(pipeline.value, environment, given.flag('unchecked')),
        ` (release ${shortId(id)}, configuration ${shortId(configuration.digest)}).`,
      ]);
    }
    if (environments.length > 1) output.line([`${formatList(environments)} can now be rolled back to.`]);
    return done(exitStatus.good);
  },
};

/** A sentence about who confirms that the nodes run the version. */
function asked(pipeline: Pipeline, environment: string, unchecked: boolean): string {
  const hasCheck = allStages(pipeline).some(
    stage => stage.kind !== 'approval' && environmentsOf(stage).includes(environment) && stage.check !== undefined,
  );
  if (!hasCheck) return 'not checked, as there is no check hook';
  return unchecked ? 'not checked' : 'confirmed by the check hook';
}
