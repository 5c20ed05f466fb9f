// The user's language. Each program sets it once; without that it is English, as in the terminal.

export type Translate = (message: string, ...values: (string | number)[]) => string;

/** Sentences in English and their translations; `{0}` is the first value in both. */
export type Words = Readonly<Record<string, string>>;

export const plainEnglish: Translate = (message, ...values) =>
  message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));

/** A sentence without a translation stays English. */
export function translateWith(words: Words): Translate {
  return (message, ...values) =>
    plainEnglish(Object.hasOwn(words, message) ? (words[message] ?? message) : message, ...values);
}

let current = plainEnglish;
let marks = { group: ',', decimal: '.' };

/** `locale`: the language whose number format applies, e.g. `de`. */
export function speak(translate: Translate, locale = 'en'): void {
  current = translate;
  const parts = locale === 'en' ? [] : new Intl.NumberFormat(locale).formatToParts(1_234_567.8);
  const markOf = (type: 'group' | 'decimal', english: string): string =>
    parts.find(part => part.type === type)?.value ?? english;
  marks = { group: markOf('group', ','), decimal: markOf('decimal', '.') };
}

/** Translates a sentence, or a phrase that is complete in itself; the English text is the key. */
export function t(message: string, ...values: (string | number)[]): string {
  return current(message, ...values);
}

export function numberMarks(): { readonly group: string; readonly decimal: string } {
  return marks;
}
