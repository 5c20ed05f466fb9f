// `backstop check-sources`: checks that everything a pipeline names exists, and shows samples. Deploys nothing.
import { done, hostOption, jsonOption, pipelineArgument, pipelineDetail } from '../command.ts';
import type { Command } from '../command.ts';
import { findPipeline } from '../findPipeline.ts';
import { comparisonLines } from '../show/comparisonLines.ts';
import { sourceLines, statusOfChecks } from '../show/sourceLines.ts';

export const checkSources: Command = {
  name: 'check-sources',
  group: 'Start here',
  summary: 'Queries every source of a pipeline, and shows what it returns and which names do not exist.',
  usage: '[PIPELINE] [--json]',
  details: [
    pipelineDetail,
    'For each health source, it shows the queries, three log lines with host and time, a value of each metric on ' +
      'each node, and which nodes were seen. It also looks up jobs, entities and credentials.',
    'At the end, it shows which nodes each phase would compare, and how small a change of each metric can be ' +
      'detected, or how long that takes.',
    '`backstop run` makes the same checks before its first stage, and does not start if a name does not exist.',
    'With --json, it prints one line for each check, then one for each comparison, with the kind `comparison`.',
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
