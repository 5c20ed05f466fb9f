// The list of patterns of secrets, which are not allowed in a pipeline file and are removed from every text before it
// is shown.

/**
 * Patterns of widely used keys, which match nothing else. Each vendor adds its own (`credential.forms` of its
 * definition). Group 1, if there is one, is kept. No quantifier follows another one that can match the same character.
 */
export const keyForms: readonly RegExp[] = [
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
