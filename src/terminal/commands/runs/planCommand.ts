// `backstop plan`: shows what a run would do, hook by hook, node by node and query by query, without doing it.
import { done, jsonOption, pipelineArgument, pipelineDetail } from '../../command.ts';
import type { Command } from '../../command.ts';
import { planLines } from '../../show/planLines.ts';
import { briefSourceLines, statusOfChecks } from '../../show/sourceLines.ts';
import { readStartRequest, startOptions } from './startOptions.ts';

export const plan: Command = {
  name: 'plan',
  group: 'Start here',
  summary: 'Shows what a run would do, hook by hook and query by query, without running anything.',
  usage: '[PIPELINE] [--version V] [--input NAME=VALUE]... [--json]',
  details: [
    pipelineDetail,
    'It also looks up all servers, jobs and credentials that the pipeline names, as `backstop run` does.',
    'It warns about nodes to which another service or another repository deploys.',
  ],
  positional: pipelineArgument,
  options: { ...startOptions, ...jsonOption },
  statuses: {
    0: 'the plan is complete',
    2: 'a server that the plan needs did not respond',
    3: 'an invalid pipeline, version or input, or a name that does not exist',
  },
  examples: [
    'backstop plan storefront --version 2.14.0',
    'backstop plan storefront --version 2.14.0 --input ticket=OPS-12 --json',
  ],
  async run(context) {
    const engine = await context.engine();
    if (!engine.ok) return engine;
    const request = await readStartRequest(context, engine.value);
    if (!request.ok) return request;
    const dry = await engine.value.dryRun(request.value);
    if (!dry.ok) return dry;
    const sources = await engine.value.checkSources(
      request.value.pipeline,
      () => {
        /* they are shown together */
      },
      new AbortController().signal,
    );
    if (context.given.flag('json')) context.output.json({ ...dry.value, sources });
    else
      for (const { line, indent } of [
        ...planLines(dry.value, context.output.glyphs),
        ...briefSourceLines(sources, context.output.glyphs),
      ])
        context.output.line(line, indent);
    return done(statusOfChecks(sources));
  },
};
