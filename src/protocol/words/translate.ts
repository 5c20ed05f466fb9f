// The person's language: who shows something says once what it speaks; without that it is English, as in the terminal.

export type Translate = (message: string, ...values: (string | number)[]) => string;

/** Whole sentences in English and the same in another language; `{0}` is the first value in both. */
export type Words = Readonly<Record<string, string>>;

export const plainEnglish: Translate = (message, ...values) =>
  message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));

/** A sentence that the words do not have stays English. */
export function translateWith(words: Words): Translate {
  return (message, ...values) =>
    plainEnglish(Object.hasOwn(words, message) ? (words[message] ?? message) : message, ...values);
}

let current = plainEnglish;
let marks = { group: ',', decimal: '.' };

/** `locale`: whose marks numbers are written with, e.g. `de`. */
export function speak(translate: Translate, locale = 'en'): void {
  current = translate;
  const parts = locale === 'en' ? [] : new Intl.NumberFormat(locale).formatToParts(1_234_567.8);
  const markOf = (type: 'group' | 'decimal', english: string): string =>
    parts.find(part => part.type === type)?.value ?? english;
  marks = { group: markOf('group', ','), decimal: markOf('decimal', '.') };
}

/** A sentence, or a phrase that is complete in itself, as the key in English. */
export function t(message: string, ...values: (string | number)[]): string {
  return current(message, ...values);
}

export function numberMarks(): { readonly group: string; readonly decimal: string } {
  return marks;
}
