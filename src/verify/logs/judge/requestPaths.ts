// Requests whose paths differ in a name: `/shop/red-shoes` and `/shop/blue-scarf` are one route. Which part of a path
// holds names shows in how many the reference had there.
import type { Group } from '../template/templates.ts';

/**
 * A part of a path with so many different names holds values; with fewer they may be an application's routes, whose
 * failures are to be told apart.
 */
const leastNames = 24;

/** A request as a template has it. */
interface Asked {
  /** All that stands before the path: the method, and what the line said beside the request. */
  readonly before: string;
  readonly parts: readonly string[];
  readonly status: string;
}

export interface RequestPaths {
  /** Requests of the reference with the same answer whose paths differ in a part that holds values. */
  like(group: Group): readonly Group[];
}

/** `groups`: those that the reference had. */
export function indexRequestPaths(groups: Iterable<Group>): RequestPaths {
  const names = new Map<string, Set<string>>(),
    answered = new Map<string, Group[]>();
  for (const group of groups) {
    const asked = askedBy(group);
    if (!asked) continue;
    for (const { key, name } of openings(asked)) {
      names.set(key, (names.get(key) ?? new Set()).add(name));
      const list = answered.get(`${key} ${asked.status}`);
      if (list) list.push(group);
      else answered.set(`${key} ${asked.status}`, [group]);
    }
  }
  return {
    like(group) {
      const asked = askedBy(group);
      if (!asked) return [];
      return openings(asked).flatMap(({ key }) =>
        (names.get(key)?.size ?? 0) >= leastNames ? (answered.get(`${key} ${asked.status}`) ?? []) : [],
      );
    },
  };
}

function askedBy({ tokens }: Group): Asked | undefined {
  const [path, arrow, status] = tokens.slice(-3);
  if (arrow?.text !== '\u2192' || !path?.text.startsWith('/')) return undefined;
  return {
    before: tokens
      .slice(0, -3)
      .map(({ text }) => text)
      .join(' '),
    parts: path.text.slice(1).split('/'),
    status: status!.text,
  };
}

/** The request with each of its parts open. */
function openings({ before, parts }: Asked): { readonly key: string; readonly name: string }[] {
  return parts.map((name, i) => ({ key: `${before} /${parts.with(i, '*').join('/')}`, name }));
}
