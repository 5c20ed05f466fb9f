// The options that `plan` and `run` share, and the request that results from them.
import type { Engine, StartRequest } from '../../../model/runs/engine.ts';
import { fail, succeed } from '../../../model/failure.ts';
import type { Result } from '../../../model/failure.ts';
import { hostOption } from '../../command.ts';
import type { CommandContext } from '../../command.ts';
import { parsePairs } from '../../commandLine.ts';
import type { OptionSpecs } from '../../commandLine.ts';
import { findPipeline } from '../../findPipeline.ts';
import { findIdentity } from '../../identity.ts';
import { suggest } from '../../suggest.ts';

export const startOptions: OptionSpecs = {
  version: {
    type: 'string',
    value: 'V',
    text:
      'Version of the artifact. If the pipeline takes it from a build server, the default is the newest ' +
      'successful build.',
  },
  ...hostOption,
  input: { type: 'string', value: 'NAME=VALUE', multiple: true, text: 'Value of a run input.' },
};

/** The request without the run to repeat, which only `run` supports. */
export async function readStartRequest(
  { given, dependencies: { env, cwd } }: CommandContext,
  engine: Engine,
): Promise<Result<Omit<StartRequest, 'approve' | 'from'>>> {
  const pipeline = findPipeline(engine, cwd, given.positionals[0]);
  if (!pipeline.ok) return pipeline;
  const inputs = parsePairs(given.list('input'), '--input');
  if (!inputs.ok) return inputs;
  const known = pipeline.value.inputs.map(({ name }) => name);
  const strange = Object.keys(inputs.value).find(name => !known.includes(name));
  if (strange !== undefined) {
    return fail('invalid', `${pipeline.value.name} has no input "${strange}".${suggest(strange, known)}`, {
      hint: known.length ? `Its inputs: ${known.join(', ')}.` : 'It has no inputs.',
    });
  }
  const version = given.text('version');
  return succeed({
    pipeline: pipeline.value,
    inputs: inputs.value,
    ...(version !== undefined && { version }),
    by: await findIdentity(env, cwd),
  });
}
