// The keys of a program on this machine, a health source or one that lists nodes: how it is run.
import { z } from 'zod';
import { duration, formed, relativePath, textMap } from './fields.ts';

/** Each has the rules of a command hook. */
export function programFields(longest: string) {
  return {
    directory: relativePath('Working directory, relative to the workspace folder.').default('.'),
    variables: textMap('More environment variables; they may name `${credential:NAME}`.'),
    environment: z
      .array(
        formed(
          'Name of an environment variable.',
          /^(?!BACKSTOP_)[A-Za-z_][A-Za-z0-9_()]*$/,
          'The name of an environment variable that is not one of Backstop: `KUBECONFIG`.',
        ),
      )
      .max(100)
      .default([])
      .meta({
        description: 'Variables of the environment of Backstop that it is given beside the usual ones, as for a hook.',
      }),
    timeout: duration('A program that takes longer is ended, and nothing was read.', '1s', longest).default('20s'),
  };
}
