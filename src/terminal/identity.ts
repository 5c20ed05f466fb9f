// Determines the user's name: BACKSTOP_USER, otherwise Git's user name, otherwise the login name.
import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import type { Person } from '../model/runs/runEvents.ts';
import { plainLine } from '../protocol/words/plainText.ts';

export async function findIdentity(env: Readonly<Record<string, string | undefined>>, cwd: string): Promise<Person> {
  const name =
    plainLine(env['BACKSTOP_USER'] ?? '', 80) || plainLine(await gitUserName(env, cwd), 80) || loginName(env);
  return { name, via: 'cli' };
}

/** Empty if Git is not installed or has no user name, which is common and not a failure. */
function gitUserName(env: Readonly<Record<string, string | undefined>>, cwd: string): Promise<string> {
  return new Promise(resolve => {
    execFile(
      'git',
      ['config', '--get', 'user.name'],
      { cwd, env: { ...env }, timeout: 2000, windowsHide: true },
      (error, output) => resolve(error ? '' : output),
    );
  });
}

function loginName(env: Readonly<Record<string, string | undefined>>): string {
  try {
    return userInfo().username;
  } catch {
    return env['USER'] || env['LOGNAME'] || 'unknown'; // a container's numeric user has no entry
  }
}
