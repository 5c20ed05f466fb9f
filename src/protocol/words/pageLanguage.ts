// The language of a page with the panel, written into the page as data; absent in English.
import type { Words } from './translate.ts';

export interface PageLanguage {
  /** `de`. */
  readonly locale: string;
  readonly words: Words;
}

/** Id of the element that holds the words; the locale is the page's own `lang`. */
export const wordsElement = 'backstop-words';

/** The value of the page's `lang` attribute. */
export function langOf(language: PageLanguage | undefined): string {
  return language && /^[A-Za-z0-9-]{1,40}$/.test(language.locale) ? language.locale : 'en';
}

/** An element that runs nothing, which the content security policy allows. */
export function wordsData(language: PageLanguage | undefined): string {
  return language ? `<script type="application/json" id="${wordsElement}">${embedJson(language.words)}</script>` : '';
}

/** JSON that cannot end the element that contains it. */
export function embedJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

export function isWords(value: unknown): value is Words {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(text => typeof text === 'string')
  );
}
