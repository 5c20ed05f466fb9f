// Removes secrets from text before it is shown or stored: those known by value, and well-known tokens by their form.
import { keyForms, secretParameter } from './secretForms.ts';

/** Redacts a whole text; `stream()` does the same for text that arrives in pieces. Time is linear in the text. */
export interface Redactor {
  (text: string): string;
  stream(): StreamRedactor;
}

/** Returns whole lines at once, and holds back only as much of an unfinished line as a secret could need. */
export interface StreamRedactor {
  push(text: string): string;
  end(): string;
}

export const REDACTED = '[redacted]';

/** Shorter secrets would redact ordinary words. */
const SHORTEST_SECRET = 4;
/** `user:password`: each half of at least this length is a secret of its own. */
const SHORTEST_PART = 6;
/** The text before a token that identifies it ("Authorization: Bearer "), with some margin. */
const LONGEST_TOKEN_START = 256;

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Group 1, if there is one, stays. No quantifier follows another that matches the same character, which keeps matching
 * linear.
 */
const TOKENS: readonly RegExp[] = [
  /(\bauthorization["']?[ \t]{0,4}[:=][ \t]{0,4}["']?(?:(?:basic|bearer|token|apikey|digest)[ \t]{1,4})?)[^\s"',;]+/gi,
  /(\b(?:x-)?api-?key["']?[ \t]{0,4}[:=][ \t]{0,4}["']?)[^\s"',;&]+/gi,
  /(:\/\/[^\s/@:"']{0,256}:)[^\s/@"']+(?=@)/g,
  /(\/receiver\/v1\/http\/)[A-Za-z0-9_+/=-]+/g,
  secretParameter,
  ...keyForms,
];

/**
 * `secrets` are known values; for `user:password` both halves count, and so do URL-encoded, base64 and JSON-escaped
 * forms. `forms` are patterns of the vendors' keys, each with the flag `g`.
 */
export function createRedactor(secrets: readonly string[], forms: readonly RegExp[] = []): Redactor {
  const tokens = [...TOKENS, ...forms];
  const needles = [...new Set(secrets.flatMap(partsOf).flatMap(formsOf))].sort(
    (one, other) => other.length - one.length,
  );
  const redact = (text: string): string => replaceSpans(text, findSecrets(text, needles, tokens));
  return Object.assign(redact, { stream: () => createStream(needles, tokens) });
}

function partsOf(secret: string): string[] {
  const colon = secret.indexOf(':');
  const halves =
    colon < 0 ? [] : [secret.slice(0, colon), secret.slice(colon + 1)].filter(part => part.length >= SHORTEST_PART);
  const lines = secret.includes('\n') ? secret.split(/\r?\n/).filter(line => line.length >= SHORTEST_PART) : [secret];
  return [secret, ...halves, ...lines].filter(part => part.length >= SHORTEST_SECRET);
}

function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret.toWellFormed());
  const base64 = toBase64(new TextEncoder().encode(secret));
  const bare = base64.replace(/=+$/, '');
  return [
    secret,
    encoded,
    encoded.replaceAll('%20', '+'),
    encoded.toLowerCase(),
    JSON.stringify(secret).slice(1, -1),
    base64,
    bare,
    bare.replaceAll('+', '-').replaceAll('/', '_'),
  ].filter(form => form.length >= SHORTEST_SECRET);
}

/** Pure folders have neither Buffer nor btoa. */
export function toBase64(bytes: Uint8Array): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = [18, 12, 6, 0].map(shift => alphabet.charAt((group >> shift) & 63)).join('');
    text += digits.slice(0, Math.min(bytes.length - i, 3) + 1).padEnd(4, '=');
  }
  return text;
}

/** Spans in order, overlapping ones merged: a secret that overlaps another one leaves nothing behind. */
function findSecrets(text: string, needles: readonly string[], tokens: readonly RegExp[]): Span[] {
  const spans: Span[] = [];
  for (const needle of needles) {
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1))
      spans.push({ start: at, end: at + needle.length });
  }
  for (const token of tokens) {
    for (const match of text.matchAll(token))
      spans.push({ start: match.index + (match[1] ?? '').length, end: match.index + match[0].length });
  }
  return mergeSpans(spans);
}

function mergeSpans(spans: Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.sort((one, other) => one.start - other.start || other.end - one.end)) {
    const last = merged.at(-1);
    if (last && span.start < last.end)
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else merged.push(span);
  }
  return merged;
}

function replaceSpans(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  const pieces: string[] = [];
  let from = 0;
  for (const span of spans) {
    pieces.push(text.slice(from, span.start), REDACTED);
    from = span.end;
  }
  return pieces.join('') + text.slice(from);
}

function createStream(needles: readonly string[], tokens: readonly RegExp[]): StreamRedactor {
  const holdBack = Math.max(LONGEST_TOKEN_START, needles[0]?.length ?? 0);
  // A secret of several lines is recognised by its lines (partsOf), so that a full line never waits for the next one.
  let held = '';
  let insideToken = false;
  return {
    push(text) {
      held += insideToken ? skipToken(text) : text;
      const lines = held.lastIndexOf('\n') + 1;
      if (lines === 0 && held.length <= 2 * holdBack) return '';
      return release(lines || held.length - holdBack);
    },
    end: () => release(held.length),
  };

  function skipToken(text: string): string {
    const end = text.search(/\s/);
    if (end < 0) return '';
    insideToken = false;
    return text.slice(end);
  }

  function release(wanted: number): string {
    const spans = findSecrets(held, needles, tokens);
    const cut = spans.find(span => span.start < wanted && span.end > wanted)?.end ?? wanted;
    // A token at the end of the text so far may continue: everything up to the next white space belongs to it.
    insideToken = cut > wanted && cut === held.length;
    const redacted = replaceSpans(
      held.slice(0, cut),
      spans.filter(span => span.end <= cut),
    );
    held = held.slice(cut);
    return redacted;
  }
}
