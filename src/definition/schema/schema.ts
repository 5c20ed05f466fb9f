// The shape of a pipeline file, part three: stages, and the file as a whole.
import { z } from 'zod';
import { defaults } from '../compile/defaults.ts';
import {
  duration,
  formed,
  name,
  nameKey,
  namePattern,
  nodesOfPhase,
  oneOf,
  stageName,
  text,
} from '../../model/file/fields.ts';
import type { VendorDefinition } from '../../vendors/vendor.ts';
import { approval, phaseApproval } from './approvalSchema.ts';
import { sensitivity, verification, verifyDuration } from './verificationSchema.ts';
import { configuration, environment, inputs, retry } from './schemaParts.ts';
import { vendorParts } from './vendorParts.ts';

const phase = z
  .strictObject({
    nodes: nodesOfPhase.optional(),
    weight: formed(
      'Share of the traffic that the new release receives in this phase, such as `20%`. The deploy hook sets it: ' +
        '`BACKSTOP_WEIGHT` is `20`, and `0` in a rollback. What each side really receives is measured where a metric ' +
        'counts requests.',
      /^(?:100(?:\.0+)?|(?!0+(?:\.0+)?\s*%)\d{1,2}(?:\.\d{1,4})?)\s*%$/,
      'A weight is a share of the traffic with a percent sign, more than 0 % and up to 100 %: `20%`.',
    ).optional(),
    settle: duration('Time for the nodes to warm up before they are compared.', '0s', '1d').default(
      defaults.canary.settle,
    ),
    verify: z
      .union(
        [
          z.boolean(),
          z.strictObject({
            duration: verifyDuration.optional(),
            sensitivity: sensitivity.optional(),
            sources: z
              .array(name('A health source.'))
              .min(1)
              .optional()
              .meta({ description: "Those of the stage's health sources that this phase is verified with." }),
          }),
        ],
        { error: 'Write `false` for no verification, `true`, or a map with `duration`, `sensitivity` and `sources`.' },
      )
      .default(true)
      .meta({
        description:
          '`false` turns verification off in this phase. A map overrides `duration`, `sensitivity` and ' +
          '`sources` of the stage.',
      }),
    during: name(
      'Hook that runs while this phase settles and is verified, such as a load test, instead of the one of the canary.',
    ).optional(),
    approval: phaseApproval.optional(),
  })
  .meta({ description: 'A share of the nodes that is upgraded together.' });

const canary = z
  .strictObject({
    deploy: name('Hook that deploys to the nodes of a phase.'),
    rollback: name('Hook that deploys the last working release in a rollback.'),
    rollbackBatches: z
      .strictObject({
        nodes: nodesOfPhase.meta({
          description: 'Nodes of a batch: a share of the nodes that go back, such as `25%` (rounded up), or a number.',
        }),
        order: oneOf('`newest-first` begins with the nodes that were upgraded last, `listed` with the first.', [
          'newest-first',
          'listed',
        ]).default('newest-first'),
      })
      .optional()
      .meta({
        description:
          'Rolls back gradually: the nodes of one batch in parallel, one batch after the other. ' +
          'By default all nodes go back at once, which ends a failure soonest.',
      }),
    check: name(
      'Hook that confirms what the nodes run: version and configuration. ' +
        'It runs after each deployment and each rollback. Without it there is a warning.',
    ).optional(),
    beforeTraffic: name(
      'Hook that tests the new nodes of each phase once they run the release and `check` has passed, before anything ' +
        'else is done with them: a smoke test. Its failure counts as that of `deploy`.',
    ).optional(),
    during: name(
      'Hook that runs while a phase settles and is verified, such as a load test: it starts with each phase and is ' +
        'stopped with it. If it fails before, the phase fails; its time-out only ends it.',
    ).optional(),
    checkBefore: z
      .boolean()
      .default(false)
      .meta({
        description:
          'Whether the check hook is called for each node before the first phase, about the last working release. ' +
          'A node that does not run it, because someone changed it by hand, is then not part of the baseline.',
      }),
    phases: z
      .array(phase)
      .min(1)
      .max(50)
      .meta({ description: 'Phases in order; each covers more nodes than the one before.' }),
    watch: duration(
      'How long verification continues after the last phase. A late regression rolls everything back.',
      '0s',
      '7d',
    ).default(defaults.canary.watch),
  })
  .meta({ description: 'Upgrades the environment in phases and verifies each.' });

const chosenName = /[A-Za-z0-9._ -]{0,64}\$\{inputs\.[A-Za-z_][A-Za-z0-9_-]{0,63}\}[A-Za-z0-9._ -]{0,64}/;

/** The name of an environment, or a name that contains one input. */
function environmentName(description: string) {
  return formed(
    description,
    new RegExp(`${namePattern.source}|^${chosenName.source}$`),
    'Write the name of an environment, or one with an input in it, as in `production-${inputs.region}`.',
  );
}

const stage = z
  .strictObject({
    stage: stageName,
    when: z.string().max(1_000).optional().meta({
      description:
        "Condition; the stage is skipped if it is false. `inputs.region == 'eu'`, `stages.Dev.outcome != 'skipped'`.",
    }),
    environment: environmentName(
      'Environment to deploy to. An approval has none. An input of type `choice` can choose it when the run starts: ' +
        '`production-${inputs.region}`; each of its values must then lead to an environment of this file.',
    ).optional(),
    steps: z
      .array(name('A hook.'))
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'Hooks of a deploy stage, run in order on all nodes.' }),
    rollback: name('Hook that deploys the last working release in a rollback.').optional(),
    check: name(
      'Hook that confirms what the nodes run: version and configuration. It runs after the steps, ' +
        'unless they include it, and node by node after a rollback.',
    ).optional(),
    timeout: duration(
      `A stage that takes longer fails. By default \`${defaults.stage.timeout}\`, ` +
        `and \`${defaults.stage.canaryTimeout}\` for a canary stage.`,
      '1s',
      '30d',
    ).optional(),
    retry: retry.meta({ description: 'Repeats the steps of a deploy stage from the first one.' }),
    onFailure: oneOf(
      'What to do if the stage fails: `rollback`, `stop` the run, `ignore` the failure and continue, ' +
        'or `ask` a user and roll back if no one answers. By default `rollback` if there is a rollback hook, ' +
        'otherwise `stop`.',
      ['rollback', 'stop', 'ignore', 'ask'],
    ).optional(),
    askFor: duration(
      `How long \`ask\` waits before it rolls back. By default \`${defaults.askFor}\`.`,
      '1s',
      '7d',
    ).optional(),
    canary: canary.optional(),
    verification: verification.optional(),
    approval: approval.optional(),
  })
  .meta({ description: 'A deploy stage (`steps`), a canary stage (`canary`) or an approval (`approval`).' });

const group = stage
  .extend({
    stage: stageName.optional(),
    parallel: z.array(stage).min(1).max(50).optional().meta({ description: 'Stages that run at the same time.' }),
  })
  .meta({ description: 'A stage, or `parallel` with several.' });

const unattended = z
  .strictObject({
    after: duration(
      'How long no process runs it before the guardian acts. Time during which the machine sleeps does not count.',
      '1s',
      '7d',
    ).default(defaults.unattended.after),
    do: oneOf(
      '`rollback` returns its nodes to the last working release. `hold` ends the run and leaves its nodes as they ' +
        'are. `promote-never` continues the verification: what fails is rolled back, what passes is held, ' +
        'and no further node is upgraded. `resume` continues the run as `backstop resume` does. `nothing`: ' +
        'no guardian is started.',
      ['rollback', 'hold', 'promote-never', 'resume', 'nothing'],
    ).default(defaults.unattended.do),
  })
  .prefault({})
  .meta({
    description:
      'What happens to a run that has changed nodes if its process is gone and no one resumes it. ' +
      'A small process, its guardian, waits for that; it never acts while another process runs the run.',
  });

/** The shape of a file that may use these vendors. */
export function pipelineSchemaOf(vendors: readonly VendorDefinition[]) {
  const { artifact, connection, hook, hooksAre, healthSource } = vendorParts(vendors);
  return z
    .strictObject({
      version: z.literal(1).meta({ description: 'Version of this format.' }),
      name: name('Name of the pipeline. By default the name of the file.').optional(),
      service: name('The service to deploy. Releases and learned log events belong to it.'),
      id: text(
        'Identifies the repository instead of its Git remote (or its folder, if it has no remote). ' +
          'Pipelines with the same `id` and `service` share their releases.',
        200,
      ).optional(),
      description: text('What this pipeline is for.', 2_000).optional(),
      artifact,
      inputs: inputs.meta({ description: 'Values that are given at the start of a run.' }),
      configuration,
      connections: z.record(nameKey, connection).default({}).meta({ description: 'External servers by name.' }),
      environments: z.record(nameKey, environment).default({}).meta({ description: 'Environments by name.' }),
      hooks: z.record(nameKey, hook).default({}).meta({ description: hooksAre }),
      healthSources: z
        .record(nameKey, healthSource)
        .default({})
        .meta({ description: 'Where evidence comes from, by name.' }),
      stages: z.array(group).min(1).max(200).meta({ description: 'Stages in order.' }),
      unattended,
    })
    .meta({ title: 'Backstop pipeline', description: 'A Backstop pipeline.' });
}

export type PipelineText = z.output<ReturnType<typeof pipelineSchemaOf>>;
export type StageText = z.output<typeof stage>;
export type InputText = PipelineText['inputs'][string];
export type RetryText = z.output<typeof retry>;
