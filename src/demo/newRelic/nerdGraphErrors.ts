// Errors as NerdGraph returns them: a message with a class and a code that clients depend on.
import { GraphQLError } from 'graphql';
import { NrqlError } from './nrqlTokens.ts';

/** Codes and wording seen in real answers, by class. */
const known: ReadonlyMap<string, { readonly code?: string; readonly message: string }> = new Map(
  Object.entries({
    TIMEOUT: { code: 'NRDB:1109', message: 'NRDB query duration exceeded the set timeout' },
    TOO_MANY_REQUESTS: {
      code: 'NRDB:1106924',
      message: 'You have exceeded the query limit of your account. Try again in a moment.',
    },
    SERVER_ERROR: { code: 'NRDB:1107005', message: 'Something went wrong while executing your query.' },
    INTERNAL_SERVER_ERROR: { message: 'An error occurred resolving this field' },
  }),
);

export function nerdGraphError(errorClass: string, message?: string): GraphQLError {
  const usual = known.get(errorClass);
  return new GraphQLError(message ?? usual?.message ?? errorClass, {
    extensions: { errorClass, ...(usual?.code !== undefined && { errorCode: usual.code }) },
  });
}

export function invalidInput(message: string): GraphQLError {
  return nerdGraphError('INVALID_INPUT', message);
}

/** Runs something that may throw `NrqlError`, and returns that as NerdGraph does. */
export function asNerdGraph<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof NrqlError ? invalidInput(error.message) : error;
  }
}
