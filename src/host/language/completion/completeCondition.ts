// Words of a `when:` condition: inputs, earlier stages, outcomes, operators, and the values that an input can have.
import { stageOutcomes } from '../../../model/runs/runEvents.ts';
import type { CompletionPlace } from './completionPlace.ts';
import { isIdentifier } from './conditionWords.ts';
import { describeDefinition } from '../describe.ts';
import { definitionsOf } from '../document/names.ts';
import type { Definition } from '../document/names.ts';
import type { Suggestion } from './suggestion.ts';
import { itemsOf, pairOf } from '../document/syntaxNodes.ts';
import type { Path, TextRange } from '../document/syntaxNodes.ts';
import type { Translate } from '../texts.ts';

export function completeCondition(place: CompletionPlace, offset: number, t: Translate): readonly Suggestion[] {
  const { tree, scalar, word, placeholder } = place;
  const start = scalar ? scalar.textStart : word.start;
  if (start === undefined || start > offset) return [];
  const before = tree.text.slice(start, offset).slice(-1_000);
  const end =
    placeholder || !scalar ? offset : offset + (/^[\w-]*/.exec(tree.text.slice(offset, offset + 100))?.[0].length ?? 0);
  const begun = (text: string): TextRange => ({ start: offset - text.length, end });
  const quote = scalar?.style === 'single' ? '"' : "'";

  const member = /\b(inputs|stages)\.([\w-]*)$/.exec(before);
  if (member) return memberSuggestions(place, member[1] === 'inputs', begun(`.${member[2] ?? ''}`), quote);
  if (/\bstages(?:\.[\w-]+|\[(?:'[^']*'|"[^"]*")\])\.\w*$/.test(before))
    return words(['outcome'], begun(/\w*$/.exec(before)?.[0] ?? ''));
  const value =
    /(\binputs(?:\.[\w-]+|\[(?:'[^']*'|"[^"]*")\])|\bstages(?:\.[\w-]+|\[(?:'[^']*'|"[^"]*")\])\.outcome|\bversion)\s*(?:==|!=|in\s*\[(?:[^\]]*,)?)\s*(['"]?)([\w.-]*)$/.exec(
      before,
    );
  if (value) {
    const [, operand = '', open = '', rest = ''] = value;
    return words(
      valuesOf(place, operand).map(one =>
        typeof one === 'string' ? `${open || quote}${one}${open || quote}` : String(one),
      ),
      { start: offset - rest.length - open.length, end: closed(tree.text, end, open) },
    );
  }
  const rest = /[\w-]*$/.exec(before)?.[0] ?? '';
  const operandBefore = /(?:\binputs(?:\.[\w-]+|\[[^\]]*\])|\.outcome|\bversion)\s+$/.test(
    before.slice(0, before.length - rest.length),
  );
  if (operandBefore)
    return words([`== ${quote}`, `!= ${quote}`, 'in [', `matches ${quote}`, '&& ', '|| '], begun(rest));
  return [
    ...words(['inputs.', 'stages.'], begun(rest)).map(one => ({ ...one, more: true })),
    ...words(['version', 'true', 'false'], begun(rest)),
  ].map((one, index) => ({
    ...one,
    rank: index,
    ...(one.label === 'version' && { documentation: t('The version of the run.') }),
  }));
}

function closed(text: string, end: number, quote: string): number {
  return quote !== '' && text[end] === quote ? end + 1 : end;
}

function words(labels: readonly string[], replace: TextRange): readonly Suggestion[] {
  return labels.map((label, index): Suggestion => ({
    label: label.trim(),
    kind: 'word',
    insert: label,
    isSnippet: false,
    replace,
    rank: index,
  }));
}

function memberSuggestions(
  place: CompletionPlace,
  isInput: boolean,
  replace: TextRange,
  quote: string,
): readonly Suggestion[] {
  const known = isInput ? definitionsOf(place.tree, 'input') : earlierStages(place);
  return known.map((one, index): Suggestion => {
    const tail = isInput ? '' : '.outcome';
    const insert = isIdentifier(one.name) ? `.${one.name}${tail}` : `[${quote}${one.name}${quote}]${tail}`;
    return {
      label: one.name,
      kind: 'name',
      insert,
      filter: `.${one.name}`,
      isSnippet: false,
      replace,
      rank: index,
      documentation: describeDefinition(place.tree, one),
    };
  });
}

/** A condition can only refer to stages before it, since their outcome is known. */
function earlierStages({ tree, path }: CompletionPlace): readonly Definition[] {
  const group = (other: Path): number => (typeof other[1] === 'number' ? other[1] : 0);
  return definitionsOf(tree, 'stage').filter(one => group(one.path) < group(path));
}

function valuesOf({ tree }: CompletionPlace, operand: string): readonly (string | boolean)[] {
  if (operand.startsWith('stages')) return stageOutcomes;
  const name = /^inputs\.(.*)$|^inputs\[.(.*).\]$/.exec(operand);
  const input = definitionsOf(tree, 'input').find(one => one.name === (name?.[1] ?? name?.[2]))?.node;
  const type = pairOf(input, 'type')?.value;
  if (type?.kind === 'scalar' && type.text === 'boolean') return [true, false];
  return itemsOf(pairOf(input, 'values')?.value).flatMap(({ value }) => (value?.kind === 'scalar' ? [value.text] : []));
}
