// Jenkins in a pipeline file: a controller to connect to, builds that artifacts come from, and jobs that are hooks.
import { z } from 'zod';
import { formed, name, oneOf, text, textMap, textValues, url } from '../../model/file/fields.ts';
import type { VendorDefinition } from '../vendor.ts';
import type { JenkinsArtifact, JenkinsHook } from './options.ts';

const job = formed(
  'The job with its folders: `shop/main`.',
  /^[^\s/?#\\%"'<>][^/?#\\%"'<>]*(?:\/[^\s/?#\\%"'<>][^/?#\\%"'<>]*)*$/,
  'A job is written as its folders and its name, separated by slashes: `shop/main`.',
);
const branch = text('Branch of a multibranch job, as Git names it: `feature/x`.', 300).optional();
const connection = name('A connection of kind `jenkins`.');

const connectionSchema = (credential: z.ZodString) =>
  z
    .strictObject({
      url: url('Address of the controller.'),
      credential,
    })
    .meta({ description: 'A Jenkins controller: builds and jobs.' });

const artifactSchema = () =>
  z
    .strictObject({
      connection,
      job,
      branch,
      version: z
        .union(
          [
            oneOf('Which build property to use as the version.', ['number', 'displayName']),
            z.strictObject({ parameter: text('A parameter of the build.', 200) }),
          ],
          { error: 'The version of a build is `number`, `displayName`, or `{ parameter: NAME }`.' },
        )
        .default('number')
        .meta({
          description:
            'Which build property to use as the version: its `number`, its `displayName`, or `{ parameter: NAME }`.',
        }),
      file: text(
        'Path pattern of the one build artifact to deploy: `*` and `?` match characters of a name, ' +
          '`**` matches folders, as in `target/*.jar`. A build without a match, or with several, is refused. ' +
          'The release records the md5 of the file; another md5 is another release.',
        300,
      ).optional(),
      watch: oneOf(
        'What an open editor does when a build succeeds: `offer` to deploy it, `deploy` it, or nothing (`off`).',
        ['offer', 'deploy', 'off'],
      ).default('offer'),
    })
    .meta({
      description:
        'The version comes from a build of a Jenkins job: the newest of its last 50 builds that can be deployed, ' +
        'or the build of the given version.',
    });

const hookSchema = () =>
  z
    .strictObject({
      connection,
      job,
      branch,
      expectResult: z
        .array(oneOf('A result.', ['SUCCESS', 'UNSTABLE', 'FAILURE', 'NOT_BUILT']))
        .min(1)
        .max(4)
        .default(['SUCCESS'])
        .meta({ description: 'Build results that mean success.' }),
      parameters: textMap(
        'Parameters of the build; placeholders such as `${BACKSTOP_VERSION}` are replaced.',
        formed(
          'A parameter.',
          /^[\w.-]{1,200}$/,
          'The name of a parameter has letters, digits, dots, dashes and underscores.',
        ),
      ),
    })
    .meta({ description: 'A build of a Jenkins job instead of a command.' });

export const jenkins: VendorDefinition = {
  kind: 'jenkins',
  title: 'Jenkins',
  connection: {
    schema: ({ credential }) => connectionSchema(credential),
    compile: given => given as z.output<ReturnType<typeof connectionSchema>>,
    starter: '{ jenkins: { url: https://ci.example.com, credential: jenkins } }',
  },
  credential: { prompt: 'Jenkins: user:token.', forms: [] },
  artifact: {
    schema: artifactSchema,
    compile(given) {
      const text = given as z.output<ReturnType<typeof artifactSchema>>;
      return {
        connection: text.connection,
        job: nameJob(text.job, text.branch),
        watch: text.watch,
        options: {
          version: text.version,
          ...(text.file !== undefined && { file: text.file }),
        } satisfies JenkinsArtifact['options'],
      };
    },
  },
  hook: {
    schema: hookSchema,
    compile(given) {
      const text = given as z.output<ReturnType<typeof hookSchema>>;
      return {
        connection: text.connection,
        job: nameJob(text.job, text.branch),
        parameters: textValues(text.parameters),
        options: { expectResult: text.expectResult } satisfies JenkinsHook['options'],
      };
    },
  },
};

/** Jenkins names the job of a branch with the characters escaped that have a meaning in an address. */
function nameJob(name: string, ofBranch: string | undefined): string {
  return ofBranch === undefined ? name : `${name}/${ofBranch.replaceAll(/[#%/?[\]\\]/g, encodeURIComponent)}`;
}
