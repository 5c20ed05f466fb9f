// A template with its variable parts marked; the text itself is only ever text.
import { html, type TemplateResult } from 'lit';
import type { ComparedWord } from '../../src/protocol/snapshot/snapshotWords.ts';
import { t } from '../../src/protocol/words/translate.ts';

const longestParted = 2_000;

export function templateText(template: string): readonly (TemplateResult | string)[] {
  return template
    .split('<*>')
    .flatMap((part, index) => (index === 0 ? partedText(part) : [html`<var>${t('value')}</var>`, ...partedText(part)]));
}

/** Long names may be parted after a full stop or a bracket rather than within a word; copied, it is the same text. */
export function partedText(text: string): readonly (TemplateResult | string)[] {
  return text.length > longestParted
    ? [text]
    : text
        .split(/(?<=[a-z$_][.(])(?=[a-z$_])/i)
        .flatMap((part, index) => (index === 0 ? [part] : [html`<wbr />`, part]));
}

/** A figure stays on the line of its unit. */
export function figuresText(text: string): string {
  return text.replace(/(?<=\d) (?=[%/a-zµ]{1,3}(?![a-z]))/gi, '\u00a0');
}

/** A phrase as a sentence of its own. */
export function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** Words that only this side has are inserted (canary) or struck (known). */
export function comparedText(words: readonly ComparedWord[], side: 'canary' | 'known'): readonly TemplateResult[] {
  return words.map(({ text, differs }) =>
    !differs
      ? html`${templateText(text)} `
      : side === 'canary'
        ? html`<ins>${templateText(text)}</ins> `
        : html`<del>${templateText(text)}</del> `,
  );
}
