// The commits between two builds, as the card of an approver shows them: a few, the newest first, and how many more.
import type { Artifact } from '../../../model/release.ts';
import type { BuildRange, Commits } from '../../../model/ports.ts';
import { formatCount } from '../../words/format.ts';
import { plainLine } from '../../words/plainText.ts';
import { t } from '../../words/translate.ts';

export interface CommitsSnapshot {
  readonly shown: readonly { readonly id: string; readonly subject: string; readonly author: string }[];
  /** `12 more commits`, or that there may be more; empty if these are all. */
  readonly more: string;
}

const mostShown = 5,
  shortId = 8;

export function snapshotCommits({ commits, more, isWhole }: Commits): CommitsSnapshot {
  const rest = commits.length - Math.min(mostShown, commits.length) + more;
  return {
    shown: commits.slice(0, mostShown).map(({ id, subject, author }) => ({
      id: plainLine(id.slice(0, shortId), shortId),
      subject: plainLine(subject, 120),
      author: plainLine(author, 60),
    })),
    more: isWhole ? (rest ? formatCount(rest, 'more commit') : '') : t('there may be more'),
  };
}

/** The builds whose commits are new; undefined unless both are builds of the same job, and the newer one is later. */
export function newBuilds(running: Artifact | undefined, next: Artifact): BuildRange | undefined {
  const [before, after] = [running?.build, next.build];
  return before && after && before.job === after.job && before.number < after.number
    ? { after: before.number, to: after.number }
    : undefined;
}
