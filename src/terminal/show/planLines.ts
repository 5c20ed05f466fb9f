// A dry run as lines: exact commands, nodes, phases and queries, in the order in which they would happen.
import type { DryRun, DryStage, DryStep, Forecast } from '../../model/runs/plan.ts';
import type { ArtifactFile, ReleaseDifference } from '../../model/release.ts';
import { formatCount, formatDuration, formatList, formatShare, shortId } from '../../protocol/words/format.ts';
import { failureSentence, forecastSentence } from '../../protocol/words/sentences.ts';
import { differenceLines } from './differenceLines.ts';
import type { Glyphs } from '../screen/glyphs.ts';
import { toned } from '../screen/line.ts';
import type { TreeLine } from './treeLine.ts';

export function planLines(dry: DryRun, { group: [first, middle, last] }: Glyphs): readonly TreeLine[] {
  const { build } = dry.artifact;
  const variables = createVariableLines();
  return [
    {
      line: [
        toned('strong', dry.pipeline),
        `  would deploy ${dry.service} `,
        toned('strong', dry.artifact.version),
        build ? ` (${build.job} #${build.number})` : '',
      ],
      indent: 2,
    },
    ...(build?.file
      ? [
          {
            line: [toned('dim', `artifact ${build.file.path}, ${fingerprintOf(build.file)}`)],
            indent: 2,
          },
        ]
      : []),
    {
      line: [toned('dim', `release ${shortId(dry.release)}, configuration ${shortId(dry.configurationDigest)}`)],
      indent: 2,
    },
    ...dry.groups.flatMap(group =>
      group.flatMap((stage, index) => {
        const side = group.length < 2 ? ' ' : index === 0 ? first : index === group.length - 1 ? last : middle;
        return [{ line: [], indent: 0 }, ...stageLines(stage, side, variables)];
      }),
    ),
  ];
}

type VariableLines = (variables: Readonly<Record<string, string>>) => readonly TreeLine[];

/** Shows all variables of the first hook, and for each later hook those that differ from the hook before it. */
function fingerprintOf({ fingerprint }: ArtifactFile): string {
  return fingerprint ? `md5 ${fingerprint}` : 'not fingerprinted by its build';
}

function createVariableLines(): VariableLines {
  let before: Readonly<Record<string, string>> = {};
  return variables => {
    const changed = Object.entries(variables).filter(([name, value]) => before[name] !== value);
    before = variables;
    return changed.map(([name, value]): TreeLine => ({
      line: ['        ', toned('dim', `${name}=${value}`)],
      indent: 10,
    }));
  };
}

function stageLines(stage: DryStage, side: string, variables: VariableLines): readonly TreeLine[] {
  const notes = [
    stage.environment === undefined ? '' : `in ${stage.environment}`,
    stage.skipped ? 'skipped: its condition is false' : '',
    stage.condition ? `only when ${stage.condition}` : '',
  ].filter(Boolean);
  return [
    {
      line: [
        toned('dim', `${side} `),
        toned(stage.skipped ? 'dim' : 'strong', stage.name),
        toned('dim', `  ${[stage.kind, ...notes].join(', ')}`),
      ],
      indent: 4,
    },
    ...(stage.skipped ? [] : stage.steps.flatMap(step => stepLines(step, variables))),
    ...(stage.rollbackTo ? rollbackLines(stage.rollbackTo) : []),
    ...stage.warnings.map((warning): TreeLine => ({ line: ['    ', toned('warn', `! ${warning}`)], indent: 6 })),
  ];
}

function stepLines(step: DryStep, variables: VariableLines): readonly TreeLine[] {
  switch (step.kind) {
    case 'hook':
      return [
        {
          line: [
            '    ',
            phaseOf(step.phase),
            `${step.purpose}: hook ${step.hook}${step.nodes.length ? ` on ${formatList(step.nodes, 20)}` : ''}`,
          ],
          indent: 6,
        },
        { line: ['      ', toned('canary', step.invocation)], indent: 8 },
        ...variables(step.variables),
      ];
    case 'approval':
      return [
        {
          line: [
            '    ',
            `approval by ${step.approvers.length ? formatList(step.approvers) : 'anyone'}, ${step.minimum} needed, `,
            `within ${formatDuration(step.timeoutMs)}: ${step.message}`,
          ],
          indent: 6,
        },
      ];
    case 'marker':
      return [{ line: ['    ', phaseOf(step.phase), `deployment marker by ${step.connection}`], indent: 6 }];
    case 'settle':
      return [{ line: ['    ', phaseOf(step.phase), `settles for ${formatDuration(step.durationMs)}`], indent: 6 }];
    case 'verify':
      return [
        {
          line: [
            '    ',
            phaseOf(step.phase),
            `verifies ${formatList(step.canaryNodes, 20)} against `,
            step.baselineNodes.length
              ? formatCount(step.baselineNodes.length, 'node')
              : 'the time before and what was learned (no node runs the old release)',
            ` for ${formatDuration(step.durationMs)}`,
            ...(step.trafficShare === undefined
              ? []
              : [`, with ${formatShare(step.trafficShare)} of the traffic, by node weights`]),
          ],
          indent: 6,
        },
        ...forecastLines(step.forecast),
        ...step.queries.map((query): TreeLine => ({ line: ['      ', toned('dim', query)], indent: 8 })),
      ];
    default:
      return step satisfies never;
  }
}

function forecastLines(forecast: Forecast | undefined): readonly TreeLine[] {
  if (!forecast) return [];
  const { metrics, failure } = forecast;
  if (failure) return [{ line: ['      ', toned('warn', `no forecast: ${failureSentence(failure)}`)], indent: 8 }];
  return metrics.map(({ metric, ...told }): TreeLine => {
    const isBlind = (told.smallestChange ?? Infinity) > told.change;
    return { line: ['      ', toned(isBlind ? 'warn' : 'dim', forecastSentence(metric, told))], indent: 8 };
  });
}

function rollbackLines({
  release,
  version,
  difference,
}: {
  readonly release: string;
  readonly version: string;
  readonly difference: ReleaseDifference;
}): readonly TreeLine[] {
  return [
    {
      line: [
        '    ',
        `if it fails, it rolls back to ${version} (release ${shortId(release)}), artifact and configuration:`,
      ],
      indent: 6,
    },
    ...differenceLines(difference).map((line): TreeLine => ({ line: ['      ', ...line], indent: 8 })),
  ];
}

function phaseOf(phase: number): string {
  return phase > 0 ? `phase ${phase}, ` : '';
}
