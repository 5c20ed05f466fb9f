// Evaluates the conditions of the manifest (`when`, `enablement`) as the editor does.

type Facts = Readonly<Record<string, unknown>>;

const token = /\s*(\|\||&&|=~|==|!=|!|\(|\)|\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])+\/|'[^']*'|[\w.]+)/y;

/** Throws at what it does not know, so that no condition passes unread. */
export function holds(condition: string | undefined, facts: Facts): boolean {
  if (condition === undefined) return true;
  const tokens = tokensOf(condition);
  const result = either(tokens, facts);
  if (tokens.length > 0) throw new Error(`"${tokens[0]}" is not expected in: ${condition}`);
  return result;
}

function tokensOf(condition: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < condition.trimEnd().length) {
    const found = token.exec(condition);
    if (!found) throw new Error(`This condition cannot be read: ${condition}`);
    tokens.push(found[1]!);
  }
  return tokens;
}

function either(tokens: string[], facts: Facts): boolean {
  let result = both(tokens, facts);
  while (tokens[0] === '||') {
    tokens.shift();
    result = both(tokens, facts) || result;
  }
  return result;
}

function both(tokens: string[], facts: Facts): boolean {
  let result = single(tokens, facts);
  while (tokens[0] === '&&') {
    tokens.shift();
    result = single(tokens, facts) && result;
  }
  return result;
}

function single(tokens: string[], facts: Facts): boolean {
  const first = tokens.shift();
  if (first === '!') return !single(tokens, facts);
  if (first === '(') {
    const result = either(tokens, facts);
    if (tokens.shift() !== ')') throw new Error('A parenthesis is not closed.');
    return result;
  }
  if (first === 'false') return false;
  const value = facts[first!];
  switch (tokens[0]) {
    case '=~':
      return new RegExp(tokens.splice(0, 2)[1]!.slice(1, -1)).test(String(value ?? ''));
    case '==':
      return String(value) === plain(tokens.splice(0, 2)[1]!);
    case '!=':
      return String(value) !== plain(tokens.splice(0, 2)[1]!);
    default:
      return Boolean(value);
  }
}

function plain(text: string): string {
  return text.replace(/^'(.*)'$/, '$1');
}
