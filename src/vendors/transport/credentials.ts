// Where the vendors' credentials come from: asked for by name at the moment of use, never stored and never part of a
// message.
import { fail, succeed } from '../../model/failure.ts';
import { credentialVariable, type Credentials } from '../../model/outside.ts';

/** Reads `BACKSTOP_CREDENTIAL_<NAME>`: upper case, everything but letters and digits as `_`. */
export function environmentCredentials(environment: Readonly<Record<string, string | undefined>>): Credentials {
  return {
    get(name) {
      const variable = credentialVariable(name);
      const value = environment[variable];
      return value
        ? succeed(value)
        : fail('unauthorized', `The credential "${name}" is not set.`, {
            hint: `Set the environment variable ${variable}.`,
          });
    },
  };
}

export function basicAuthorization(pair: string): string {
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

/** A pair as `Basic`, anything else as `Bearer`. */
export function authorizationOf(credential: string): string {
  return credential.includes(':') ? basicAuthorization(credential) : `Bearer ${credential}`;
}
