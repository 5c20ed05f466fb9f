// The BACKSTOP_ variables of hooks, which completion offers after `${`. The documentation uses the same descriptions.
import type { Path } from './syntaxNodes.ts';
import type { Translate } from '../texts.ts';

export interface HookVariable {
  readonly name: string;
  readonly description: string;
}

export function hookVariables(inputs: readonly string[], t: Translate): readonly HookVariable[] {
  return [
    { name: 'BACKSTOP_VERSION', description: t('The version to deploy; in a rollback, the old version.') },
    {
      name: 'BACKSTOP_PREVIOUS_VERSION',
      description: t('The version that the environment ran before; empty if there is none.'),
    },
    {
      name: 'BACKSTOP_WEIGHT',
      description: t(
        'Percentage of the traffic that the new version should receive; 0 in a rollback, ' +
          'empty if the phase has no weight.',
      ),
    },
    { name: 'BACKSTOP_NODES', description: t('The nodes of this call, separated by commas.') },
    { name: 'BACKSTOP_ENVIRONMENT', description: t('The environment of the stage.') },
    {
      name: 'BACKSTOP_FENCE',
      description: t(
        'A number that grows with each run that takes over the environment. ' +
          'A target can refuse calls with a smaller number than the highest it has seen.',
      ),
    },
    { name: 'BACKSTOP_STAGE', description: t('The name of the stage.') },
    { name: 'BACKSTOP_PHASE', description: t('The canary phase, starting at 1; 0 outside of a canary.') },
    {
      name: 'BACKSTOP_PURPOSE',
      description: t('The purpose of the call: step, deploy, rollback, check, before-traffic or during.'),
    },
    { name: 'BACKSTOP_ATTEMPT', description: t('The attempt number, starting at 1.') },
    { name: 'BACKSTOP_CONFIG_DIR', description: t("Folder with the release's configuration files.") },
    { name: 'BACKSTOP_CONFIG_DIGEST', description: t("Digest of the release's configuration.") },
    { name: 'BACKSTOP_RELEASE', description: t('ID of the release: artifact and configuration.') },
    {
      name: 'BACKSTOP_ARTIFACT_URL',
      description: t('Address of the artifact file, or of the build; empty if there is none.'),
    },
    {
      name: 'BACKSTOP_ARTIFACT_FILE',
      description: t('Path of the artifact file in its build; empty if there is none.'),
    },
    {
      name: 'BACKSTOP_ARTIFACT_FINGERPRINT',
      description: t('md5 of the artifact file, if the build server recorded it.'),
    },
    { name: 'BACKSTOP_SERVICE', description: t('The service to deploy.') },
    { name: 'BACKSTOP_PIPELINE', description: t('The name of the pipeline.') },
    { name: 'BACKSTOP_RUN', description: t('ID of the run.') },
    ...inputs.map(name => ({
      name: `BACKSTOP_INPUT_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`,
      description: t('The value of the input {0}.', name),
    })),
  ];
}

/** The places where the engine or a shell replaces `${BACKSTOP_...}`. */
export function takesVariables(path: Path): boolean {
  const [section, , kind, field] = path;
  if (section !== 'hooks') return false;
  if (kind === 'command') return true;
  if (kind === 'http')
    return (path.length === 4 && (field === 'url' || field === 'body')) || (path.length === 5 && field === 'headers');
  // For a job of any vendor.
  return field === 'parameters' && path.length === 5;
}

/** The places where the engine replaces `${credential:NAME}`. */
export function takesCredentials(path: Path): boolean {
  return path.length === 4 && path[0] === 'hooks' && path[2] === 'variables';
}
