// `backstop check-sources`: checks that everything a pipeline names exists, and shows samples. Deploys nothing.
import { done, hostOption, jsonOption, pipelineArgument, pipelineDetail } from '../command.ts';
import type { Command } from '../command.ts';
import { findPipeline } from '../findPipeline.ts';
import { comparisonLines } from '../show/comparisonLines.ts';
import { sourceLines, statusOfChecks } from '../show/sourceLines.ts';

export const checkSources: Command = {
  name: 'check-sources',
  group: 'Start here',
  summary: 'Queries every source that a pipeline names and shows what it returns and what does not exist.',
  usage: '[PIPELINE] [--json]',
  details: [
    pipelineDetail,
    'For each health source: the queries, three lines with host and time as they are read, ' +
      'a value of each metric on each node, and the nodes that were and were not seen. Jobs, ' +
      'entities and credentials are looked up too.',
    'At the end: what each phase would compare with what, and how small a change of each metric it can show, or how ' +
      'long that takes.',
    'run does the same before its first stage, and does not start if a name does not exist.',
    'With --json each check is one line, and then each comparison, with the kind `comparison`.',
  ],
  positional: pipelineArgument,
  options: { ...hostOption, ...jsonOption },
  statuses: {
    0: 'every name exists',
    2: 'a server could not be queried',
    3: 'a name does not exist, a credential is not accepted, or the pipeline has mistakes',
  },
  examples: ['backstop check-sources', 'backstop check-sources storefront --json'],
  async run({ engine, dependencies: { cwd, onInterrupt }, given, output }) {
    const opened = await engine();
    if (!opened.ok) return opened;
    const pipeline = findPipeline(opened.value, cwd, given.positionals[0]);
    if (!pipeline.ok) return pipeline;
    const asking = new AbortController();
    const forget = onInterrupt(() => {
      asking.abort();
    });
    const checks = await opened.value.checkSources(
      pipeline.value,
      check => {
        if (given.flag('json')) output.json(check);
        else for (const { line, indent } of sourceLines(check, output.glyphs)) output.line(line, indent);
      },
      asking.signal,
    );
    forget();
    if (checks.length === 0 && !given.flag('json'))
      output.line([`${pipeline.value.name} has no external connections.`]);
    for (const comparison of asking.signal.aborted ? [] : await opened.value.comparisons(pipeline.value))
      if (given.flag('json')) output.json({ kind: 'comparison', ...comparison });
      else for (const { line, indent } of comparisonLines(comparison)) output.line(line, indent);
    return done(statusOfChecks(checks));
  },
};
