// The shape of a pipeline file, part two: health sources, stages, and the file as a whole.
import { z } from 'zod';
import { defaults } from '../compile/defaults.ts';
import {
  byteSize,
  duration,
  formed,
  name,
  nameKey,
  nodesOfPhase,
  oneOf,
  stageName,
  text,
  tolerance,
} from './fields.ts';
import { describePacks, packNames } from '../compile/metricPacks.ts';
import { artifact, configuration, connection, environment, hook, inputs, retry } from './schemaParts.ts';

// A schema that is made into code first costs more than it saves: a window reads few pipeline files.
z.config({ jitless: true });

const formedAttribute = (description: string) =>
  formed(
    description,
    /^[A-Za-z_][\w.:]{0,127}$/,
    'An attribute has letters, digits, underscores, dots and colons, and does not begin with a digit.',
  );
const attribute = formedAttribute(
  'Attribute or metadata field that names the node. Backstop tells canary and baseline apart by it.',
);
const eventTypes = formed(
  'Event type to query, such as `Transaction`.',
  /^[A-Za-z_][\w:]{0,127}(?:\s*,\s*[A-Za-z_][\w:]{0,127}){0,9}$/,
  'An event type has letters, digits and underscores; several are separated by commas.',
);

const judged = {
  kind: oneOf(
    '`gauge` is a level, such as a duration. `count` is a number of events. `cumulative` is a counter that only grows and restarts at zero with its process. `histogram` counts the requests above each of `bounds`.',
    ['gauge', 'count', 'cumulative', 'histogram'],
  ).default(defaults.metric.kind),
  bounds: z.array(z.number()).min(1).max(12).optional().meta({
    description:
      'For a `histogram`: ascending values above which requests are counted. For Sumo Logic they are values of the dimension `le`.',
  }),
  percentile: z
    .number()
    .gt(0)
    .lt(100)
    .optional()
    .meta({
      description: `For a \`histogram\`: the percentile that is shown and limited, and near which the test is most sensitive. By default \`${defaults.metric.percentile}\`.`,
    }),
  per: text(
    'Name of another count of this source, of which this count is a share: errors per requests.',
    100,
  ).optional(),
  direction: oneOf('The direction that counts as a regression.', ['increase', 'decrease', 'either']).default(
    defaults.metric.direction,
  ),
  unit: z.string().max(20).default(defaults.metric.unit).meta({ description: 'Unit shown after values, such as `s`.' }),
  tolerance: tolerance.optional(),
  floor: z
    .number()
    .nonnegative()
    .optional()
    .meta({ description: "A change smaller than this, in the metric's own unit, never fails." }),
  limit: z
    .strictObject({
      above: z.number().optional().meta({ description: 'Values above this are beyond the limit.' }),
      below: z.number().optional().meta({ description: 'Values below this are beyond the limit.' }),
      times: z
        .int()
        .min(1)
        .max(10_000)
        .default(defaults.limit.times)
        .meta({ description: 'Number of intervals beyond the limit that fail the check; 1 fails at once.' }),
      inARow: z
        .boolean()
        .default(defaults.limit.inARow)
        .meta({ description: 'Whether only consecutive intervals count.' }),
    })
    .optional()
    .meta({
      description:
        "A fixed limit on the canary's value (the mean of its nodes over an interval). It fails the check in addition to the comparison and needs no baseline.",
    }),
  ignore: z
    .strictObject({
      from: z.number().optional().meta({ description: 'Lower end of the range.' }),
      to: z.number().optional().meta({ description: 'Upper end of the range.' }),
    })
    .optional()
    .meta({
      description:
        "While the canary's latest values are in this range, the comparison ignores the metric; `limit` still applies.",
    }),
  node: attribute.optional(),
};
const metric = z
  .strictObject({
    select: text('NRQL for the value, such as `percentile(duration, 95)` or `count(*)`.', 2_000),
    from: eventTypes,
    where: text('NRQL condition that selects the events.', 2_000).optional(),
    ...judged,
  })
  .meta({ description: 'One metric.' });
const sumoMetric = z
  .strictObject({
    query: text(
      'Metrics query, such as `metric=CPU_Total _sourceCategory=prod/storefront`. Backstop limits the part before the first `|` to the nodes.',
      2_000,
    ),
    rollup: oneOf(
      'How the values of an interval, and of several series of one node, become one value. By default `avg` for a gauge, `sum` for a count and `max` for a counter (`cumulative`), whose series are always added.',
      ['avg', 'sum', 'min', 'max', 'count'],
    ).optional(),
    ...judged,
  })
  .meta({ description: 'One metric.' });

const lookBack = duration(
  'How far back a node or a metric counts as known. A run does not start if one was not seen within this time; a node without any deployment so far is only reported.',
  '1h',
  '30d',
).default(defaults.lookBack);
const delay = (fallback: string) =>
  duration('Data younger than this counts as incomplete and is queried again.', '0s', '10m').default(fallback);

const healthSource = z
  .strictObject({
    newRelic: z
      .strictObject({
        connection: name('A connection of kind `newRelic`.'),
        node: formedAttribute(
          `Attribute that names the node. Backstop tells canary and baseline apart by it. By default \`${defaults.newRelic.node}\`, and \`${defaults.newRelic.hostNode}\` for host packs and logs.`,
        ).optional(),
        version: formedAttribute(
          'Attribute that names the version of the release, such as `tags.version`, for services whose nodes have no names: Backstop tells canary and baseline apart by it. Hosts know no version, so packs then leave out CPU and memory.',
        ).optional(),
        delay: delay(defaults.newRelic.delay),
        lookBack,
        packs: z
          .array(oneOf('A pack of metrics.', packNames))
          .min(1)
          .optional()
          .meta({ description: `Packs of metrics. ${describePacks()}` }),
        app: text(
          'Name of the application; packs count only its transactions. By default all transactions on the nodes.',
          200,
        ).optional(),
        apdexT: duration('Apdex T of the packs: a response up to this time satisfies.', '1ms', '1h').default(
          defaults.newRelic.apdexT,
        ),
        metrics: z.record(text('Name of the metric.', 100), metric).optional().meta({
          description: "Metrics by name; each is a check of its own. One with the name of a pack's metric replaces it.",
          minProperties: 1,
        }),
        logs: text(
          "NRQL condition that finds the service's log lines, such as `service = 'storefront'`. Use it instead of metrics.",
          2_000,
        ).optional(),
        message: formedAttribute('Attribute that holds the log line.').default(defaults.newRelic.message),
      })
      .optional()
      .meta({ description: 'Metrics (`packs`, `metrics`) or `logs` from New Relic.' }),
    sumoLogic: z
      .strictObject({
        connection: name('A connection of kind `sumoLogic`.'),
        query: text(
          "Search that finds the service's log lines, such as `_sourceCategory=prod/storefront`. Use it instead of metrics.",
          4_000,
        ).optional(),
        mostScanned: byteSize(
          'Limit on the data that one verification scans, over all data tiers, such as `5 GB`. If Sumo Logic estimates more, the run does not start; without an estimate it is only reported. By default there is no limit.',
        ).optional(),
        metrics: z
          .record(text('Name of the metric.', 100), sumoMetric)
          .optional()
          .meta({ description: 'Metrics by name; each is a check of its own.', minProperties: 1 }),
        node: attribute.default(defaults.sumoLogic.node),
        delay: delay(defaults.sumoLogic.delay),
        lookBack,
      })
      .optional()
      .meta({ description: 'Logs (`query`) or `metrics` from Sumo Logic.' }),
  })
  .meta({ description: 'Where evidence comes from: `newRelic` or `sumoLogic`.', minProperties: 1, maxProperties: 1 });

const sensitivity = oneOf(
  'How easily a check fails: `high` finds smaller regressions, `low` raises fewer false alarms.',
  ['low', 'medium', 'high'],
);
const verifyDuration = duration(
  'Time of evidence on the canary that a pass needs; a failure does not wait for it.',
  '10s',
  '1d',
);

const verification = z
  .strictObject({
    sources: z
      .array(name('A health source.'))
      .min(1)
      .optional()
      .meta({ description: 'Health sources that must all pass. By default all sources of the file.' }),
    duration: verifyDuration.default(defaults.verification.duration),
    extendTo: duration(
      'How long, in total, an inconclusive verification continues automatically when more time is all that its checks need. By default twice `duration`; set it to `duration` to turn this off.',
      '10s',
      '7d',
    ).optional(),
    passAfter: duration(
      'When a verification may pass before `duration` is over, provided that every check is surer than it must be at the end. By default only at the end.',
      '10s',
      '1d',
    ).optional(),
    interval: duration('Time between two evaluations of the evidence.', '1s', '10m').default(
      defaults.verification.interval,
    ),
    sensitivity: sensitivity.default(defaults.verification.sensitivity),
    history: duration('How much of the time before the deployment is read for comparison.', '0s', '1d').default(
      defaults.verification.history,
    ),
    missingData: oneOf(
      'What happens if something still could not be measured when `holdFor` is over. It never passes.',
      ['hold', 'rollback'],
    ).default(defaults.verification.missingData),
    holdFor: duration(
      'How long an inconclusive verification keeps evaluating and waits for a user.',
      '0s',
      '7d',
    ).default(defaults.verification.holdFor),
    baseline: z
      .union(
        [
          oneOf(
            '`auto`: the nodes that keep the old release or, if there are none, the time before the deployment. `pinned`: the pinned run.',
            ['auto', 'pinned'],
          ),
          formed(
            'A run of this pipeline, by its number: `run 12`.',
            /^run [1-9][0-9]{0,9}$/,
            'A baseline is `auto`, `pinned`, or a run by its number: `run 12`.',
          ),
        ],
        { error: 'A baseline is `auto`, `pinned`, or a run by its number: `run 12`.' },
      )
      .default(defaults.verification.baseline)
      .meta({
        description:
          'What the canary is compared with. `auto`: the nodes that keep the old release or, if there are none, the time before the deployment. `pinned`: the pinned run, for load tests. `run 12`: the run of this pipeline with that number.',
      }),
    proof: duration(
      'How long nodes are verified after a rollback. With `0s` the check hook alone verifies it.',
      '0s',
      '1h',
    ).default(defaults.verification.proof),
  })
  .meta({
    description:
      'Compares the canary with the baseline. Without it a canary stage compares nothing, which is a warning.',
  });

const phase = z
  .strictObject({
    nodes: nodesOfPhase,
    settle: duration('Time for the nodes to warm up before they are compared.', '0s', '1d').default(
      defaults.canary.settle,
    ),
    verify: z
      .union(
        [z.boolean(), z.strictObject({ duration: verifyDuration.optional(), sensitivity: sensitivity.optional() })],
        { error: 'Write `false` for no verification, `true`, or a map with `duration` and `sensitivity`.' },
      )
      .default(true)
      .meta({
        description:
          '`false` turns verification off in this phase. A map overrides `duration` and `sensitivity` of the stage.',
      }),
  })
  .meta({ description: 'A share of the nodes that is upgraded together.' });

const canary = z
  .strictObject({
    deploy: name('Hook that deploys to the nodes of a phase.'),
    rollback: name('Hook that deploys the last working release in a rollback.'),
    check: name(
      'Hook that confirms what the nodes run: version and configuration. It runs after each deployment and each rollback. Without it there is a warning.',
    ).optional(),
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

const approval = z
  .strictObject({
    message: text('The question that approvers see.', 2_000),
    by: z
      .array(text('A person.', 100))
      .max(100)
      .default([])
      .meta({ description: 'Names of those who may approve; an empty list allows everyone.' }),
    minimum: z
      .int()
      .min(1)
      .max(100)
      .default(defaults.approval.minimum)
      .meta({ description: 'Number of different people who must approve.' }),
    notTheStarter: z
      .boolean()
      .default(defaults.approval.notTheStarter)
      .meta({ description: 'Whether whoever started the run is excluded.' }),
    comment: oneOf('Whether an answer needs a comment.', ['required', 'optional']).default(defaults.approval.comment),
    inputs: inputs.meta({ description: 'Values that the approver gives; later hooks receive them.' }),
    timeout: duration('How long the run waits for the approval.', '1s', '30d').default(defaults.approval.timeout),
    onTimeout: oneOf(
      'What happens after that: `reject` ends the run as rejected, `hold` ends it as held. A time-out never approves.',
      ['reject', 'hold'],
    ).default(defaults.approval.onTimeout),
  })
  .meta({ description: 'Waits for an approval.' });

const stage = z
  .strictObject({
    stage: stageName,
    when: z.string().max(1_000).optional().meta({
      description:
        "Condition; the stage is skipped if it is false. `inputs.region == 'eu'`, `stages.Dev.outcome != 'skipped'`.",
    }),
    environment: name('Environment to deploy to. An approval has none.').optional(),
    steps: z
      .array(name('A hook.'))
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'Hooks of a deploy stage, run in order on all nodes.' }),
    rollback: name('Hook that deploys the last working release in a rollback.').optional(),
    check: name(
      'Hook that confirms what the nodes run: version and configuration. It runs after the steps, unless they include it, and node by node after a rollback.',
    ).optional(),
    timeout: duration(
      `A stage that takes longer fails. By default \`${defaults.stage.timeout}\`, and \`${defaults.stage.canaryTimeout}\` for a canary stage.`,
      '1s',
      '30d',
    ).optional(),
    retry: retry.meta({ description: 'Repeats the steps of a deploy stage from the first one.' }),
    onFailure: oneOf(
      'What to do if the stage fails: `rollback`, `stop` the run, `ignore` the failure and continue, or `ask` a user and roll back if no one answers. By default `rollback` if there is a rollback hook, otherwise `stop`.',
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
      '`rollback` brings its nodes back to the last working release. `hold` ends the run where it stands. `promote-never` continues the verification: what fails is rolled back, what passes is held, and no further node is upgraded. `resume` continues the run as `backstop resume` does. `nothing`: no guardian is started.',
      ['rollback', 'hold', 'promote-never', 'resume', 'nothing'],
    ).default(defaults.unattended.do),
  })
  .prefault({})
  .meta({
    description:
      'What happens to a run that has changed nodes if its process is gone and no one resumes it. A small process, its guardian, waits for that; it never acts while another process runs the run.',
  });

export const pipelineSchema = z
  .strictObject({
    version: z.literal(1).meta({ description: 'Version of this format.' }),
    name: name('Name of the pipeline. By default the name of the file.').optional(),
    service: name('The service to deploy. Releases and learned log events belong to it.'),
    description: text('What this pipeline is for.', 2_000).optional(),
    artifact,
    inputs: inputs.meta({ description: 'Values that are given at the start of a run.' }),
    configuration,
    connections: z.record(nameKey, connection).default({}).meta({ description: 'External servers by name.' }),
    environments: z.record(nameKey, environment).default({}).meta({ description: 'Environments by name.' }),
    hooks: z
      .record(nameKey, hook)
      .default({})
      .meta({ description: 'Your own programs, HTTP calls and Jenkins jobs, by name.' }),
    healthSources: z
      .record(nameKey, healthSource)
      .default({})
      .meta({ description: 'Where evidence comes from, by name.' }),
    stages: z.array(group).min(1).max(200).meta({ description: 'Stages in order.' }),
    unattended,
  })
  .meta({ title: 'Backstop pipeline', description: 'A Backstop pipeline.' });

export type PipelineText = z.output<typeof pipelineSchema>;
export type StageText = z.output<typeof stage>;
export type InputText = PipelineText['inputs'][string];
export type RetryText = z.output<typeof retry>;
