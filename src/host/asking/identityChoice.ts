// Chooses the user's name: the setting or BACKSTOP_USER, otherwise Git's user name, the GitHub account, or the login
// name.
import type { Person } from '../../model/runs/runEvents.ts';
import { plainLine } from '../../protocol/words/plainText.ts';

export interface NamesAtHand {
  readonly setting?: string;
  readonly environment?: string;
  readonly git?: string;
  readonly gitHub?: string;
  readonly login?: string;
}

export function choosePerson({ setting, environment, git, gitHub, login }: NamesAtHand): Person {
  const name = [setting, environment, git, gitHub, login].map(one => plainLine(one ?? '', 80)).find(one => one !== '');
  return { name: name ?? 'unknown', via: 'editor' };
}
