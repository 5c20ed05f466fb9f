// Recognises credentials that were written into a pipeline file, and keeps them out of every message.

export const secretSentence =
  'A pipeline file names a credential and never contains it: store the value with Backstop and write its name here.';

/** Forms that vendors give to their keys; nothing else looks like them. */
const knownForms = [
  /NR(?:AK|II|JS|AA|RA|BR)-[A-Za-z0-9]{8,}/g, // New Relic user, ingest and browser keys
  /\bsu[A-Za-z0-9]{12}\b(?=:)/g, // Sumo Logic access id before its key
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bglpat-[\w-]{15,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\bxox[abprs]-[\w-]{10,}/g,
  /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----/g,
  /\bBearer [\w.~+/-]{16,}/g,
  /\bBasic [A-Za-z0-9+/]{16,}={0,2}/g,
];
const secretParameter =
  /([?&](?:access_?token|api_?key|token|secret|password|passwd|key|sig|signature)=)([^&\s#$]{6,})/gi;
const secretName =
  /pass(?:word|wd|phrase)|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|authorization|^pwd$/i;

/** The part that is surely a credential, or undefined. */
export function findKnownSecret(text: string): string | undefined {
  for (const form of knownForms) {
    const match = text.slice(0, 20_000).match(form);
    if (match) return match[0];
  }
  return undefined;
}

/** True for a value under a name such as `password` or `API_TOKEN` that is a value itself, and not `${A_VARIABLE}`. */
export function looksLikeSecret(name: string, value: string): boolean {
  if (hasSecretParameter(value)) return true;
  if (!secretName.test(name) || value.length < 8 || /\s/.test(value.trim()) || value.includes('${')) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter(kind => kind.test(value)).length;
  return value.length >= 20 || kinds >= 3 || (value.length >= 12 && kinds >= 2);
}

export function hasSecretParameter(text: string): boolean {
  return text.length < 20_000 && text.search(secretParameter) >= 0;
}

/** The text with every credential in it cut to its first characters. */
export function redactSecrets(text: string): string {
  const known = knownForms.reduce((current, form) => current.replace(form, match => `${match.slice(0, 4)}…`), text);
  return known.replace(secretParameter, '$1…').replace(/:\/\/[^/\s@]*@/g, '://…@');
}
