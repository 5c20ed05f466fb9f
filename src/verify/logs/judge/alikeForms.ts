// Finds the forms with the same punctuation as a given one that differ from it in a few words, without a look at each
// of them: where there are thousands of forms, comparing each with each takes seconds.
import type { Group } from '../template/templates.ts';
import type { Token } from '../template/tokens.ts';

export interface AlikeForms {
  /** In the order in which the forms were given. */
  of(tokens: readonly Token[]): Group[];
}

/** Forms of one frame; `having`: for each place, their indexes by the text that stands there. */
interface Frame {
  readonly forms: Group[];
  having: Map<string, number[]>[] | undefined;
}

/** So few forms are compared one by one. */
const fewForms = 8;

const mostDifferent = 3,
  leastSame = 2;

export function indexAlikeForms(forms: Iterable<Group>): AlikeForms {
  const frames = new Map<string, Frame>();
  for (const form of forms) {
    const key = frameOf(form.tokens),
      frame = frames.get(key);
    if (frame) frame.forms.push(form);
    else frames.set(key, { forms: [form], having: undefined });
  }
  return {
    of(tokens) {
      const frame = frames.get(frameOf(tokens));
      return frame ? candidates(frame, tokens).filter(form => isAlike(form.tokens, tokens)) : [];
    },
  };
}

/** Whether two forms of one frame differ in a few words, and have at least as many in common. */
export function isAlike(one: readonly Token[], other: readonly Token[]): boolean {
  let same = 0,
    different = 0;
  for (let i = 0; i < one.length; i++) {
    if (one[i]!.text === other[i]!.text) {
      if (one[i]!.kind === 'word') same++;
    } else if (++different > mostDifferent) return false;
  }
  return same >= Math.max(leastSame, different);
}

/** The marks of a form and where they stand. */
function frameOf(tokens: readonly Token[]): string {
  let frame = '';
  for (const { kind, text } of tokens) frame += kind === 'mark' ? `${text}\u0001` : '\u0001';
  return frame;
}

/**
 * Forms among which all that are alike must be. Of `n` places that are no punctuation, two alike forms differ in so
 * many at most: of one place more than that, they have the same text in one at least. The places whose texts are
 * rarest are asked.
 */
function candidates(frame: Frame, tokens: readonly Token[]): readonly Group[] {
  const { forms } = frame;
  if (forms.length <= fewForms) return forms;
  const having = (frame.having ??= listByText(forms));
  const lists = tokens.flatMap(({ kind, text }, place) => (kind === 'mark' ? [] : [having[place]!.get(text) ?? []]));
  const differing = Math.min(mostDifferent, Math.floor(lists.length / 2), lists.length - leastSame);
  if (differing < 0) return [];
  lists.sort((one, other) => one.length - other.length);
  const asked = [...new Set(lists.slice(0, differing + 1).flat())];
  return asked.sort((one, other) => one - other).map(index => forms[index]!);
}

function listByText(forms: readonly Group[]): Map<string, number[]>[] {
  const having = forms[0]!.tokens.map(() => new Map<string, number[]>());
  forms.forEach(({ tokens }, index) => {
    having.forEach((lists, place) => {
      const { text } = tokens[place]!,
        list = lists.get(text);
      if (list) list.push(index);
      else lists.set(text, [index]);
    });
  });
  return having;
}
