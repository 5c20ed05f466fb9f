// Finds out who is acting, from Git, the signed-in GitHub account and the operating system.
import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import * as vscode from 'vscode';
import { settings } from '../../contributions.ts';
import type { Person } from '../../model/runs/runEvents.ts';
import { choosePerson } from './identityChoice.ts';

const patienceMs = 1500;

export async function findPerson(folder: string | undefined): Promise<Person> {
  const setting = vscode.workspace.getConfiguration().get<string>(settings.userName);
  const environment = process.env['BACKSTOP_USER'];
  if (setting?.trim() || environment?.trim()) return choosePerson({ setting, environment });
  const git = await gitUserName(folder);
  if (git) return choosePerson({ git });
  return choosePerson({ gitHub: await gitHubAccount(), login: loginName() });
}

/** Empty if Git is missing or has no name configured. */
function gitUserName(folder: string | undefined): Promise<string> {
  return new Promise(resolve => {
    execFile(
      'git',
      ['config', '--get', 'user.name'],
      { ...(folder !== undefined && { cwd: folder }), timeout: patienceMs, windowsHide: true },
      (error, output) => resolve(error ? '' : output.trim()),
    );
  });
}

/** Never asks to sign in; undefined without an account or an account provider. */
async function gitHubAccount(): Promise<string | undefined> {
  const asked = Promise.resolve(vscode.authentication.getSession('github', [], { silent: true })).then(
    session => session?.account.label,
    () => undefined,
  );
  return Promise.race([
    asked,
    new Promise<undefined>(resolve => {
      setTimeout(() => resolve(undefined), patienceMs);
    }),
  ]);
}

function loginName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER']; // a container's numeric user has no entry
  }
}
