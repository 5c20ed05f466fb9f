// How logic without the editor says something in the person's language: vscode.l10n.t is handed to it.

export type Translate = (message: string, ...values: (string | number)[]) => string;

/** For tests, and where no translation is loaded: `{0}` is the first value. */
export const plainEnglish: Translate = (message, ...values) => message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));
