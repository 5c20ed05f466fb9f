// The inputs and stages that a `when:` condition names, with their positions, even if the condition is incomplete.
import type { ScalarNode, TextRange } from '../document/syntaxNodes.ts';

export interface ConditionWord {
  readonly kind: 'input' | 'stage';
  readonly name: string;
  /** The range of the name itself, in the file. */
  readonly range: TextRange;
  /** Written as `.name` or as `['name']`; the latter with the offsets of the brackets. */
  readonly form: 'dot' | 'brackets';
  /** The range from the dot or opening bracket to the end of the name or the closing bracket. */
  readonly whole: TextRange;
}

/** Skips quoted strings and finds `inputs.a`, `inputs['a']`, `stages.a` and `stages['a']`. */
const form =
  /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|(?<![\w.-])(?<base>inputs|stages)(?:\.(?<dotted>[A-Za-z_][\w-]*)|\[(?<quoted>'[^'\\\]]*'|"[^"\\\]]*")\])/g;
const lengthLimit = 1_000;

/** Empty if escapes or folding moved characters, so that offsets in the condition are not offsets in the file. */
export function readConditionWords({ text, textStart }: ScalarNode): readonly ConditionWord[] {
  if (textStart === undefined) return [];
  return [...text.slice(0, lengthLimit).matchAll(form)].flatMap(({ index, groups }): readonly ConditionWord[] => {
    const { base, dotted, quoted } = groups ?? {};
    if (base === undefined) return [];
    const kind = base === 'inputs' ? 'input' : 'stage';
    const start = textStart + index + base.length;
    if (dotted !== undefined) {
      const range = { start: start + 1, end: start + 1 + dotted.length };
      return [{ kind, name: dotted, range, form: 'dot', whole: { start, end: range.end } }];
    }
    const name = (quoted ?? '').slice(1, -1);
    const range = { start: start + 2, end: start + 2 + name.length };
    return [{ kind, name, range, form: 'brackets', whole: { start, end: range.end + 2 } }];
  });
}

export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_][\w-]*$/.test(name);
}
