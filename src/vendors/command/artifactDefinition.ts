// A program of one's own that lists the versions that can be deployed.
import { z } from 'zod';
import { toMs } from '../../model/file/durations.ts';
import { oneOf, textValues } from '../../model/file/fields.ts';
import { checkProgramCommand, programCommand, programFields } from '../../model/file/programFields.ts';
import type { ArtifactDefinition } from '../vendor.ts';
import type { CommandArtifact } from './options.ts';

const artifactSchema = () =>
  z
    .strictObject({
      ...programCommand(
        'versions',
        'It prints a version a line, the newest first, such as ' +
          '`[gh, release, list, --json, tagName, --jq, ".[].tagName"]`, and has the environment of a command hook.',
      ),
      ...programFields('5m'),
      watch: oneOf(
        'What an open editor does with a new version: `offer` to deploy it, `deploy` it, or nothing (`off`). ' +
          'A version that was rolled back or failed is never deployed again without a person.',
        ['offer', 'deploy', 'off'],
      ).default('offer'),
    })
    .meta({
      description:
        'The version comes from a program that lists versions: the first of them, or the given one, which must be ' +
        'among them.',
    });

export const commandArtifact: ArtifactDefinition = {
  schema: artifactSchema,
  check: (artifact, report) => checkProgramCommand(artifact, 'versions', report),
  compile(given) {
    const { versions, shell, directory, environment, variables, timeout, watch } = given as z.output<
      ReturnType<typeof artifactSchema>
    >;
    const command = Array.isArray(versions) ? versions.map(String) : [versions];
    return {
      job: command.join(' '),
      watch,
      options: {
        command,
        shell,
        directory,
        environment,
        variables: textValues(variables),
        timeoutMs: toMs(timeout),
      } satisfies CommandArtifact['options'],
    };
  },
};
