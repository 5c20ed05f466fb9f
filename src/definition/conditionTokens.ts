// Splits a `when:` condition into tokens, each with its position.

export interface Token {
  readonly kind: 'name' | 'string' | 'number' | 'sign' | 'end';
  /** A string without its quotes and escapes; anything else as written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}
export interface ConditionMistake {
  /** Offsets into the condition. */
  readonly start: number;
  readonly end: number;
  /** What is wrong and what to write. */
  readonly message: string;
  readonly allowed?: readonly string[];
}

const form =
  /\s*(?:(?<name>[A-Za-z_][\w-]*)|(?<number>-?\d{1,15}(?:\.\d{1,15})?)|(?<string>'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")|(?<sign>==|!=|&&|\|\||[!()[\],.]))/y;

export function readTokens(
  text: string,
): { readonly tokens: readonly Token[] } | { readonly mistake: ConditionMistake } {
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    form.lastIndex = at;
    const match = form.exec(text);
    if (!match?.groups)
      return { mistake: describeUnreadable(text, at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0)) };
    const [kind, written] = Object.entries(match.groups).find(([, value]) => value !== undefined) as [
      Token['kind'],
      string,
    ];
    const end = form.lastIndex;
    const value = kind === 'string' ? written.slice(1, -1).replace(/\\(['"\\])/g, '$1') : written;
    tokens.push({ kind, text: value, start: end - written.length, end });
    at = end;
  }
  return { tokens: [...tokens, { kind: 'end', text: '', start: text.length, end: text.length }] };
}

function describeUnreadable(text: string, start: number): ConditionMistake {
  const sign = text[start] ?? '';
  const place = { start, end: start + 1 };
  if (sign === "'" || sign === '"')
    return { start, end: text.length, message: `The text that begins here has no closing ${sign}.` };
  if (sign === '=') return { ...place, message: 'A comparison is written with two equals signs.', allowed: ['=='] };
  if (sign === '&' || sign === '|') return { ...place, message: `Write \`${sign}\` twice.`, allowed: [sign + sign] };
  if (sign === '<' || sign === '>')
    return {
      ...place,
      message: 'A condition compares for equality only.',
      allowed: ['==', '!=', 'in [...]', "matches '...'"],
    };
  return {
    ...place,
    message: 'This character has no meaning in a condition.',
    allowed: ['==', '!=', 'in', 'matches', '&&', '||', '!', '( )'],
  };
}
