// `backstop builds`: lists what can be deployed, from the build server or the program that the pipeline names.
import type { Build } from '../../model/ports.ts';
import { formatDuration, formatMoment } from '../../protocol/words/format.ts';
import { done, hostOption, jsonOption, pipelineArgument, pipelineDetail } from '../command.ts';
import type { Command } from '../command.ts';
import { parseNumber } from '../commandLine.ts';
import { exitStatus } from '../exitStatus.ts';
import { findPipeline } from '../findPipeline.ts';
import type { Tone } from '../screen/line.ts';
import { table } from '../screen/table.ts';
import type { Cell } from '../screen/table.ts';

export const builds: Command = {
  name: 'builds',
  group: 'Run',
  summary: 'Lists the builds or versions that a pipeline can deploy, newest first.',
  usage: '[PIPELINE] [--limit N] [--json]',
  details: [
    pipelineDetail,
    '`artifact` in the pipeline names their source: a job of a build server, or a program that lists versions. ' +
      'A build that cannot be deployed is listed with the reason.',
  ],
  positional: pipelineArgument,
  options: {
    limit: { type: 'string', short: 'n', value: 'N', text: 'Number of builds to list.', default: '20' },
    ...hostOption,
    ...jsonOption,
  },
  statuses: { 0: 'listed, even if there are none', 3: 'no such pipeline, or it has no list of versions' },
  examples: ['backstop builds storefront', 'backstop builds --json'],
  async run({ engine, given, output, dependencies: { cwd } }) {
    const limit = parseNumber(given.text('limit'), '--limit', { minimum: 1, maximum: 50, whole: true });
    if (!limit.ok) return limit;
    const opened = await engine();
    if (!opened.ok) return opened;
    const pipeline = findPipeline(opened.value, cwd, given.positionals[0]);
    if (!pipeline.ok) return pipeline;
    const listed = await opened.value.inspection.builds(pipeline.value, limit.value);
    if (!listed.ok) return listed;
    if (given.flag('json')) output.json(listed.value);
    else if (listed.value.length === 0) output.line(['There is none yet.']);
    else
      for (const line of table(
        [{ title: 'Version' }, { title: 'Build' }, { title: 'Result' }, { title: 'Started' }, { title: 'Took' }],
        listed.value.map(row),
      ))
        output.line(line);
    return done(exitStatus.good);
  },
};

const tones: Readonly<Record<Build['standing'], Tone>> = {
  building: 'canary',
  passed: 'good',
  unstable: 'warn',
  failed: 'bad',
  cancelled: 'warn',
};

function row({ artifact, standing, result, startedAtMs, durationMs, refused }: Build): readonly Cell[] {
  const took = durationMs === undefined ? '' : formatDuration(durationMs);
  return [
    artifact.version,
    artifact.build ? `#${artifact.build.number}` : '',
    { text: standing === 'building' ? 'building' : (result ?? ''), tone: tones[standing] },
    startedAtMs === undefined ? '' : formatMoment(startedAtMs),
    refused === undefined ? took : `${took}  ${refused}`,
  ];
}
