// Recognises credentials in a pipeline file, and keeps them out of every message.
import { keyForms, secretParameter } from '../secretForms.ts';

export const secretSentence =
  'A pipeline file names a credential and never contains it: store the value with Backstop and write its name here.';

const secretName =
  /pass(?:word|wd|phrase)|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|authorization|^pwd$/i;

export interface SecretFinder {
  /** The part that is certainly a credential, or undefined. */
  findKnownSecret(text: string): string | undefined;
  /** The text with each credential reduced to its first characters. */
  redactSecrets(text: string): string;
}

/**
 * `vendorForms` are patterns of the vendors' keys, in addition to the general ones. The redactor removes the same ones
 * (`model/redact.ts`).
 */
export function createSecretFinder(vendorForms: readonly RegExp[]): SecretFinder {
  const forms = [...keyForms, ...vendorForms];
  return {
    findKnownSecret(text) {
      for (const form of forms) {
        const match = text.slice(0, 20_000).match(form);
        if (match) return match[0];
      }
      return undefined;
    },
    redactSecrets(text) {
      const known = forms.reduce((current, form) => current.replace(form, match => `${match.slice(0, 4)}…`), text);
      return known.replace(secretParameter, '$1…').replace(/:\/\/[^/\s@]*@/g, '://…@');
    },
  };
}

/**
 * True for a value under a name such as `password` or `API_TOKEN`, unless it is a reference such as `${A_VARIABLE}`.
 */
export function looksLikeSecret(name: string, value: string): boolean {
  if (hasSecretParameter(value)) return true;
  if (!secretName.test(name) || value.length < 8 || /\s/.test(value.trim()) || value.includes('${')) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter(kind => kind.test(value)).length;
  return value.length >= 20 || kinds >= 3 || (value.length >= 12 && kinds >= 2);
}

export function hasSecretParameter(text: string): boolean {
  return text.length < 20_000 && text.search(secretParameter) >= 0;
}
