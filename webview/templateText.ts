// A template with its variable parts marked; the text itself is only ever text.
import { html, type TemplateResult } from 'lit';
import type { ComparedWord } from '../src/protocol/snapshotWords.ts';

export function templateText(template: string): readonly (TemplateResult | string)[] {
  return template.split('<*>').flatMap((part, index) => index === 0 ? [part] : [html`<var>value</var>`, part]);
}

/** Words that only this side has are inserted (canary) or struck (known). */
export function comparedText(words: readonly ComparedWord[], side: 'canary' | 'known'): readonly TemplateResult[] {
  return words.map(({ text, differs }) => !differs ? html`${templateText(text)} ` : side === 'canary' ? html`<ins>${templateText(text)}</ins> ` : html`<del>${templateText(text)}</del> `);
}
