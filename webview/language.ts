// The language of the panel: the words in its page, or English.
import { isWords, wordsElement } from '../src/protocol/words/pageLanguage.ts';
import { speak, translateWith } from '../src/protocol/words/translate.ts';

/** Called before anything is drawn. */
export function speakAsPage(): void {
  const text = document.getElementById(wordsElement)?.textContent;
  const words: unknown = text ? JSON.parse(text) : undefined;
  if (isWords(words)) speak(translateWith(words), document.documentElement.lang);
}
