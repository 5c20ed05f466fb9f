// Finds templates that differ from one in two places at most, without a look at all of them.
import { listByKey } from './listByKey.ts';
import type { Token } from './tokens.ts';

/** Of as many tokens, in their order: all that differ in two places at most, and perhaps others. Two differences leave one third of three as it is, so those that have a third in common are enough. */
export function indexNearlySame<Entry extends { readonly tokens: readonly Token[] }>(
  entries: readonly Entry[],
): (tokens: readonly Token[]) => Entry[] {
  const having = listByKey(entries.map(({ tokens }) => thirdsOf(tokens)));
  return tokens =>
    [...new Set(thirdsOf(tokens).flatMap(third => having.get(third) ?? []))]
      .sort((one, other) => one - other)
      .map(index => entries[index]!);
}

function thirdsOf(tokens: readonly Token[]): string[] {
  return [0, 1, 2].map(part => {
    let third = `${tokens.length} ${part}`;
    for (
      let i = Math.floor((part * tokens.length) / 3), end = Math.floor(((part + 1) * tokens.length) / 3);
      i < end;
      i++
    )
      third += ` ${tokens[i]!.text}`;
    return third;
  });
}
