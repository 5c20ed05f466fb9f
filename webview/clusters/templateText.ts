// A template with its variable parts marked; the text is only ever shown as text.
import { html, type TemplateResult } from 'lit';
import type { ComparedWord } from '../../src/protocol/snapshot/snapshotWords.ts';
import { t } from '../../src/protocol/words/translate.ts';

const longestParted = 2_000;

export function templateText(template: string): readonly (TemplateResult | string)[] {
  return template
    .split('<*>')
    .flatMap((part, index) => (index === 0 ? partedText(part) : [html`<var>${t('value')}</var>`, ...partedText(part)]));
}

/** Long names may break after a full stop, slash or bracket instead of inside a word; copying gives the same text. */
export function partedText(text: string): readonly (TemplateResult | string)[] {
  return text.length > longestParted
    ? [text]
    : text
        .split(/(?<=[a-z$_][./(])(?=[a-z$_])/i)
        .flatMap((part, index) => (index === 0 ? [part] : [html`<wbr />`, part]));
}

/** A number stays on the line of its unit. */
export function figuresText(text: string): string {
  return text.replace(/(?<=\d) (?=[%/a-zµ]{1,3}(?![a-z]))/gi, '\u00a0');
}

/** A phrase as a complete sentence. */
export function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** Words on this side only are shown as inserted (canary) or removed (known). */
export function comparedText(words: readonly ComparedWord[], side: 'canary' | 'known'): readonly TemplateResult[] {
  return words.map(({ text, differs }) =>
    !differs
      ? html`${templateText(text)} `
      : side === 'canary'
        ? html`<ins>${templateText(text)}</ins> `
        : html`<del>${templateText(text)}</del> `,
  );
}
