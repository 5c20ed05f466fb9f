// The shape of a pipeline file, part two: health sources, stages, and the file as a whole.
import { z } from 'zod';
import { defaults } from './defaults.ts';
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
import { describePacks, packNames } from './metricPacks.ts';
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
  'Attribute that bears the name of the node; canary and baseline are told apart by it.',
);
const eventTypes = formed(
  'Event type that is asked, such as `Transaction`.',
  /^[A-Za-z_][\w:]{0,127}(?:\s*,\s*[A-Za-z_][\w:]{0,127}){0,9}$/,
  'An event type has letters, digits and underscores; several are divided by commas.',
);

const judged = {
  kind: oneOf(
    '`gauge`: a level, such as a duration. `count`: a number of events. `cumulative`: a counter that only grows, and begins at zero again when its process does. `histogram`: how many requests lie above each of `bounds`.',
    ['gauge', 'count', 'cumulative', 'histogram'],
  ).default(defaults.metric.kind),
  bounds: z.array(z.number()).min(1).max(12).optional().meta({
    description:
      'Of a `histogram`: values, ascending, above which requests are counted; of Sumo Logic values of the dimension `le`.',
  }),
  percentile: z
    .number()
    .gt(0)
    .lt(100)
    .optional()
    .meta({
      description: `Of a \`histogram\`: what is shown, and limited, and where it is looked at most closely. By default ${defaults.metric.percentile}.`,
    }),
  per: text('Another count of this source, of which this count is a share: errors per requests.', 100).optional(),
  direction: oneOf('The direction that is bad.', ['increase', 'decrease', 'either']).default(defaults.metric.direction),
  unit: z
    .string()
    .max(20)
    .default(defaults.metric.unit)
    .meta({ description: 'Shown behind the numbers, such as `s`.' }),
  tolerance: tolerance.optional(),
  floor: z
    .number()
    .nonnegative()
    .optional()
    .meta({ description: "A change smaller than this, in the metric's unit, never fails." }),
  limit: z
    .strictObject({
      above: z.number().optional().meta({ description: 'Fails above this value.' }),
      below: z.number().optional().meta({ description: 'Fails below this value.' }),
      times: z
        .int()
        .min(1)
        .max(10_000)
        .default(defaults.limit.times)
        .meta({ description: 'Intervals beyond it that fail. 1: at once.' }),
      inARow: z
        .boolean()
        .default(defaults.limit.inARow)
        .meta({ description: 'Only intervals that follow one another count.' }),
    })
    .optional()
    .meta({
      description: "Fails beside the tests: a limit on the canary's value, the mean of its nodes over an interval.",
    }),
  ignore: z
    .strictObject({
      from: z.number().optional().meta({ description: 'Lower end of the range.' }),
      to: z.number().optional().meta({ description: 'Upper end of the range.' }),
    })
    .optional()
    .meta({ description: "While the canary's latest values lie in this range, the tests leave the metric alone." }),
  node: attribute.optional(),
};
const metric = z
  .strictObject({
    select: text('NRQL of the value, such as `percentile(duration, 95)` or `count(*)`.', 2_000),
    from: eventTypes,
    where: text('NRQL condition.', 2_000).optional(),
    ...judged,
  })
  .meta({ description: 'One metric.' });
const sumoMetric = z
  .strictObject({
    query: text(
      'Metrics query, such as `metric=CPU_Total _sourceCategory=prod/storefront`; what stands before its first `|` is narrowed to the nodes.',
      2_000,
    ),
    rollup: oneOf(
      'Makes one value of the values of an interval, and of several series of one node. By default `avg` of a gauge, `sum` of a count and `max` of a counter (`cumulative`), the series of which are always added.',
      ['avg', 'sum', 'min', 'max', 'count'],
    ).optional(),
    ...judged,
  })
  .meta({ description: 'One metric.' });

const lookBack = duration(
  'How far back a node or a metric that was not seen lately counts as known. What was not seen since then stops a run before it begins.',
  '1h',
  '30d',
).default(defaults.lookBack);
const delay = (fallback: string) =>
  duration('Answers younger than this are taken as incomplete and asked for again.', '0s', '10m').default(fallback);

const healthSource = z
  .strictObject({
    newRelic: z
      .strictObject({
        connection: name('A connection of kind `newRelic`.'),
        node: formedAttribute(
          `Attribute that bears the name of the node; canary and baseline are told apart by it. By default \`${defaults.newRelic.node}\`, of hosts and logs \`${defaults.newRelic.hostNode}\`.`,
        ).optional(),
        version: formedAttribute(
          'Attribute that bears the version of the release, such as `tags.version`, for services whose nodes have no names: canary and baseline are told apart by it.',
        ).optional(),
        delay: delay(defaults.newRelic.delay),
        lookBack,
        packs: z
          .array(oneOf('A pack of metrics.', packNames))
          .min(1)
          .optional()
          .meta({ description: `Metrics in one line. ${describePacks()}` }),
        app: text('Name of the application: the packs look at its transactions only.', 200).optional(),
        apdexT: duration('Apdex T of the packs: a response up to this is satisfying.', '1ms', '1h').default(
          defaults.newRelic.apdexT,
        ),
        metrics: z.record(text('Name of the metric.', 100), metric).optional().meta({
          description:
            "Metrics by name; every one is a check. One with the name of a pack's metric stands in its place.",
          minProperties: 1,
        }),
        logs: text(
          "NRQL condition that finds the log lines of the service, such as `service = 'storefront'`; instead of metrics.",
          2_000,
        ).optional(),
        message: formedAttribute('Attribute that bears the log line.').default(defaults.newRelic.message),
      })
      .optional()
      .meta({ description: 'Metrics (`packs`, `metrics`) or `logs` from New Relic.' }),
    sumoLogic: z
      .strictObject({
        connection: name('A connection of kind `sumoLogic`.'),
        query: text(
          'Search that finds the log lines of the service, such as `_sourceCategory=prod/storefront`; instead of metrics.',
          4_000,
        ).optional(),
        mostScanned: byteSize(
          'Data that one verification may scan, such as `5 GB`; where Sumo Logic estimates more, nothing is deployed. By default as much as it takes.',
        ).optional(),
        metrics: z
          .record(text('Name of the metric.', 100), sumoMetric)
          .optional()
          .meta({ description: 'Metrics by name; every one is a check.', minProperties: 1 }),
        node: attribute.default(defaults.sumoLogic.node),
        delay: delay(defaults.sumoLogic.delay),
        lookBack,
      })
      .optional()
      .meta({ description: 'Logs (`query`) or `metrics` from Sumo Logic.' }),
  })
  .meta({ description: 'Where evidence comes from: `newRelic` or `sumoLogic`.', minProperties: 1, maxProperties: 1 });

const sensitivity = oneOf('How small a regression is reported: `high` finds more, `low` alarms less.', [
  'low',
  'medium',
  'high',
]);
const verifyDuration = duration('The least time of evidence before a pass.', '10s', '1d');

const verification = z
  .strictObject({
    sources: z
      .array(name('A health source.'))
      .min(1)
      .optional()
      .meta({ description: 'Health sources, every one of which must pass. By default all of the file.' }),
    duration: verifyDuration.default(defaults.verification.duration),
    extendTo: duration(
      'How long an inconclusive verification that only wants more data goes on by itself, in all. By default twice `duration`; the same as `duration`: not at all.',
      '10s',
      '7d',
    ).optional(),
    passAfter: duration(
      'From when on a verification may pass before its time is over, where every check is sure enough. By default only at the end.',
      '10s',
      '1d',
    ).optional(),
    interval: duration('Time between two looks at the evidence.', '1s', '10m').default(defaults.verification.interval),
    sensitivity: sensitivity.default(defaults.verification.sensitivity),
    history: duration('How much of the time before the canary is read for comparison.', '0s', '1d').default(
      defaults.verification.history,
    ),
    missingData: oneOf(
      'What becomes of a verification that could not measure, once `holdFor` is over. It never passes.',
      ['hold', 'rollback'],
    ).default(defaults.verification.missingData),
    holdFor: duration('How long an inconclusive verification looks on and waits for a person.', '0s', '7d').default(
      defaults.verification.holdFor,
    ),
    baseline: z
      .union(
        [
          oneOf(
            '`auto`: nodes that keep the old release, and where there is none the time before. `pinned`: the run that a person pinned.',
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
          'What the canary is compared with. `auto`: nodes that keep the old release, and where there is none the time before. A load test is compared with the run that a person pinned (`pinned`), or with a run by its number (`run 12`).',
      }),
    proof: duration('How long rolled-back nodes are watched to prove the rollback.', '0s', '1h').default(
      defaults.verification.proof,
    ),
  })
  .meta({ description: 'Compares canary nodes with baseline nodes.' });

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
          '`false`: no verification in this phase. A map overrides `duration` and `sensitivity` of the stage.',
      }),
  })
  .meta({ description: 'A share of the nodes that is upgraded together.' });

const canary = z
  .strictObject({
    deploy: name('Hook that deploys to the nodes of a phase.'),
    rollback: name('Hook that brings the last working release back.'),
    check: name('Hook that tells whether nodes are well; it runs after deploy and after rollback.').optional(),
    phases: z
      .array(phase)
      .min(1)
      .max(50)
      .meta({ description: 'Phases in order; each takes more nodes than the one before.' }),
    watch: duration('How long verification goes on after the last phase.', '0s', '7d').default(defaults.canary.watch),
  })
  .meta({ description: 'Upgrades the environment in phases, and compares in each.' });

const approval = z
  .strictObject({
    message: text('What is asked.', 2_000),
    by: z.array(text('A person.', 100)).max(100).default([]).meta({ description: 'Who may approve; empty: anybody.' }),
    minimum: z
      .int()
      .min(1)
      .max(100)
      .default(defaults.approval.minimum)
      .meta({ description: 'Number of people who must approve.' }),
    notTheStarter: z
      .boolean()
      .default(defaults.approval.notTheStarter)
      .meta({ description: 'The person who started the run may not approve.' }),
    comment: oneOf('Whether an answer needs a comment.', ['required', 'optional']).default(defaults.approval.comment),
    inputs: inputs.meta({ description: 'What the approver is asked for.' }),
    timeout: duration('How long the approval is waited for.', '1s', '30d').default(defaults.approval.timeout),
    onTimeout: oneOf('What happens then. Silence never approves.', ['reject', 'hold']).default(
      defaults.approval.onTimeout,
    ),
  })
  .meta({ description: 'Waits for people.' });

const stage = z
  .strictObject({
    stage: stageName,
    when: z.string().max(1_000).optional().meta({
      description:
        "Condition; the stage is skipped where it does not hold. `inputs.region == 'eu'`, `stages.Dev.outcome != 'skipped'`.",
    }),
    environment: name('Environment to deploy to.').optional(),
    steps: z
      .array(name('A hook.'))
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'Hooks of a deploy stage, run in order.' }),
    rollback: name('Hook that brings the last working release back.').optional(),
    check: name('Hook that tells whether nodes are well; it runs after the steps and after a rollback.').optional(),
    timeout: duration(
      `A stage that takes longer has failed. By default ${defaults.stage.timeout}, of a canary ${defaults.stage.canaryTimeout}.`,
      '1s',
      '30d',
    ).optional(),
    retry: retry.meta({ description: 'Repeats the steps of a deploy stage from the first one.' }),
    onFailure: oneOf(
      '`rollback`; `stop` the run; `ignore` and go on; `ask` a person, and roll back when nobody answers. By default `rollback` where there is a rollback hook, else `stop`.',
      ['rollback', 'stop', 'ignore', 'ask'],
    ).optional(),
    askFor: duration(
      `How long \`ask\` waits before it rolls back. By default ${defaults.askFor}.`,
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

export const pipelineSchema = z
  .strictObject({
    version: z.literal(1).meta({ description: 'Version of this format: 1.' }),
    name: name('Name of the pipeline. By default the name of the file.').optional(),
    service: name('The service that is deployed.'),
    description: text('What this pipeline is for.', 2_000).optional(),
    artifact,
    inputs: inputs.meta({ description: 'Values that a person gives at the start of a run.' }),
    configuration,
    connections: z.record(nameKey, connection).default({}).meta({ description: 'Servers by name.' }),
    environments: z.record(nameKey, environment).default({}).meta({ description: 'Environments by name.' }),
    hooks: z.record(nameKey, hook).default({}).meta({ description: 'Hooks by name.' }),
    healthSources: z.record(nameKey, healthSource).default({}).meta({ description: 'Sources of evidence by name.' }),
    stages: z.array(group).min(1).max(200).meta({ description: 'Stages in order.' }),
  })
  .meta({ title: 'Backstop pipeline', description: 'A pipeline of Backstop.' });

export type PipelineText = z.output<typeof pipelineSchema>;
export type StageText = z.output<typeof stage>;
export type InputText = PipelineText['inputs'][string];
export type RetryText = z.output<typeof retry>;
