// Prepares what is started for a command hook: its arguments, its folder and its environment.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fail, succeed, type Result } from '../../model/failure.ts';
import type { Hook } from '../../model/hook.ts';
import type { Credentials } from '../../model/outside.ts';
import { inheritEnvironment } from './hookEnvironment.ts';

export type CommandHook = Hook & { readonly kind: 'command' };

export type Invoked = Pick<CommandHook, 'name' | 'command' | 'shell' | 'directory' | 'variables' | 'environment'>;

export interface Invocation {
  readonly command: readonly string[];
  readonly shell: boolean;
  /** An absolute path. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The credential values in the environment, for redaction. */
  readonly secrets: readonly string[];
}

export interface InvocationContext {
  /** The workspace folder. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly credentials: Credentials;
}

/**
 * `${BACKSTOP_NAME}` in an argument is replaced by that variable. With `shell: true` the shell replaces it from its
 * environment, so that no value is interpreted as shell code. A variable of the hook may contain `${credential:NAME}`;
 * the hook gets no other credentials.
 */
export function prepareInvocation(
  hook: Invoked,
  variables: Readonly<Record<string, string>>,
  context: InvocationContext,
  title = `Hook "${hook.name}"`,
): Result<Invocation> {
  const directory = resolve(context.folder, hook.directory);
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    return fail('invalid', `${title} could not be started: its folder ${directory} does not exist.`, {
      hint: 'Correct "directory" in the pipeline file.',
    });
  }
  const command = hook.shell ? succeed(hook.command) : fillCommand(hook, variables, title);
  if (!command.ok) return command;
  const own = fillCredentials(hook, context.credentials, title);
  if (!own.ok) return own;
  return succeed({
    command: command.value,
    shell: hook.shell,
    directory,
    environment: { ...inheritEnvironment(context.env, hook.environment), ...own.value.variables, ...variables },
    secrets: own.value.secrets,
  });
}

function fillCommand(
  hook: Invoked,
  variables: Readonly<Record<string, string>>,
  title: string,
): Result<readonly string[]> {
  const unknown = new Set<string>();
  const command = hook.command.map(argument =>
    argument.replace(/\$\{(BACKSTOP_[A-Za-z0-9_]+)\}/g, (placeholder, name: string) => {
      if (Object.hasOwn(variables, name)) return variables[name]!;
      unknown.add(placeholder);
      return placeholder;
    }),
  );
  if (unknown.size === 0) return succeed(command);
  return fail(
    'invalid',
    `${title} could not be started: its command names ${[...unknown].join(', ')}, ` + 'which this run does not set.',
    {
      hint: `It sets ${Object.keys(variables)
        .filter(name => name.startsWith('BACKSTOP_'))
        .sort()
        .join(', ')}.`,
    },
  );
}

function fillCredentials(
  hook: Invoked,
  credentials: Credentials,
  title: string,
): Result<{ readonly variables: Record<string, string>; readonly secrets: readonly string[] }> {
  const filled: [string, string][] = [];
  const secrets: string[] = [];
  for (const [name, value] of Object.entries(hook.variables)) {
    let text = value;
    for (const [placeholder, credential] of value.matchAll(/\$\{credential:([^{}]{1,200})\}/g)) {
      const secret = credentials.get(credential!);
      if (!secret.ok)
        return fail(secret.failure.kind, `${title} could not be started: ${secret.failure.message}`, {
          hint: secret.failure.hint,
        });
      secrets.push(secret.value);
      text = text.replace(placeholder, () => secret.value);
    }
    filled.push([name, text]);
  }
  return succeed({ variables: Object.fromEntries(filled), secrets });
}

/** Variables that would affect the supervisor instead of the hook get a prefix, which the supervisor removes. */
export function supervisorEnvironment(environment: Readonly<Record<string, string>>): Record<string, string> {
  const carried = Object.entries(environment).map(([name, value]) => [
    /^(NODE_|ELECTRON_)/i.test(name) ? `BACKSTOP_CARRIED_${name}` : name,
    value,
  ]);
  // In the editor's extension host, execPath may be the editor itself.
  return { ...Object.fromEntries(carried), ELECTRON_RUN_AS_NODE: '1' };
}
