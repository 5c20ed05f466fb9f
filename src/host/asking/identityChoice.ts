// Who acts, of all the names at hand: a setting or BACKSTOP_USER, else what git calls the person, else the GitHub
// account, else the login.
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
