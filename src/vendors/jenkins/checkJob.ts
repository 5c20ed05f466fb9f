// Looks before a deployment whether a job is there and declares the parameters that hooks give it.
import { fail } from '../../model/failure.ts';
import { problemOfAsking, type SourceProblem } from '../../model/evidence/sourceCheck.ts';
import type { CheckJob } from '../vendor.ts';
import { createJenkins } from './client.ts';
import type { JenkinsDeps } from './requests.ts';
import type { JenkinsConnection } from './options.ts';
import { keyParameter } from './start.ts';

/** One question to Jenkins. */
const withinMs = 15_000;

export function createJobCheck(deps: JenkinsDeps): CheckJob {
  return async ({ connection, job, parameters }, signal) => {
    const asked = await createJenkins(deps).parameters(
      { connection: connection as JenkinsConnection, job, deadlineMs: deps.clock.now() + withinMs },
      signal,
    );
    if (asked.ok) return problemsOfParameters(job, parameters, asked.value);
    // A job that is only read may be disabled.
    return asked.failure.kind === 'refused' && parameters === undefined ? [] : [problemOfAsking(asked.failure)];
  };
}

/** Jenkins drops what a job does not declare, without a word. */
function problemsOfParameters(
  job: string,
  given: readonly string[] | undefined,
  declared: readonly string[],
): readonly SourceProblem[] {
  if (!given) return [];
  const strange = given.filter(name => !declared.includes(name));
  return [
    ...strange.map((name): SourceProblem => ({
      kind: 'missing',
      failure: fail('not-found', `Jenkins job "${job}" has no parameter ${name}.`, {
        hint: declared.length > 0 ? `It has: ${declared.join(', ')}.` : 'It has none.',
      }).failure,
    })),
    ...(declared.includes(keyParameter)
      ? []
      : [
          {
            kind: 'notice' as const,
            failure: fail(
              'not-found',
              `Jenkins job "${job}" has no string parameter ${keyParameter}: ` +
                'calls that wait at the same time may become one build, and a restarted run cannot find its build.',
            ).failure,
          },
        ]),
  ];
}
