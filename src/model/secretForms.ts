// The one list of what secrets look like: not allowed in a pipeline file, and removed from every text before it is
// shown.

/**
 * Forms that vendors give to their keys; nothing else looks like them. Group 1, where there is one, may stay. No
 * quantifier follows another that can match the same character.
 */
export const keyForms: readonly RegExp[] = [
  /\bNR(?:AK|II|JS|RA|SP|AA|BR)-[A-Za-z0-9_-]{6,}/g, // New Relic user, ingest and browser keys
  /\b[A-Za-z0-9]{36}NRAL\b/g, // New Relic licence key
  /\bsu[A-Za-z0-9]{12}:[A-Za-z0-9]{16,}/g, // Sumo Logic access id and key
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bglpat-[A-Za-z0-9_-]{15,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[A-Za-z0-9+/=\s]{0,20000}/g,
  /(\bBearer[ \t]{1,4})[A-Za-z0-9._~+/=-]{16,}/g,
  /(\bBasic[ \t]{1,4})[A-Za-z0-9+/=]{16,}/g,
];

/** Group 1 stays; the value after it is secret. */
export const secretParameter =
  /([?&](?:access_?token|api_?key|token|secret|password|passwd|key|sig|signature)=)[^\s&#$"'<>]{6,}/gi;
