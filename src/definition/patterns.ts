// Regular expressions that people write: compiled, and refused when matching could take exponential time.

const lengthLimit = 300;

/** What is wrong with a pattern, as a sentence; undefined when it is fine. It is always matched against the whole text. */
export function findPatternMistake(pattern: string): string | undefined {
  if (pattern.length > lengthLimit) return `The regular expression is longer than ${lengthLimit} characters.`;
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: \/[\s\S]*\/[a-z]*: /, '') : '';
    return `The regular expression does not compile (${reason.slice(0, 80)}).`;
  }
  return findSlowPart(pattern);
}

/** The pattern as it is used everywhere: anchored at both ends. Only for a pattern without mistakes. */
export function compileWhole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, 'u');
}

interface Item {
  /** Source of a single-character atom (`a`, `\d`, `[a-z]`, `.`), or of a whole group. */
  readonly source: string;
  readonly group?: readonly (readonly Item[])[];
  readonly least: number;
  readonly most: number;
}

function findSlowPart(pattern: string): string | undefined {
  if (/\\[1-9]|\\k</.test(pattern)) return 'A regular expression with back-references can take forever; write it without.';
  const reader = { pattern, at: 0 };
  return findSlowGroup(readAlternatives(reader));
}

interface Reader { readonly pattern: string; at: number }

/** Alternatives of items, up to the closing parenthesis. The pattern is known to compile. */
function readAlternatives(reader: Reader): readonly (readonly Item[])[] {
  const alternatives: Item[][] = [[]];
  while (reader.at < reader.pattern.length && reader.pattern[reader.at] !== ')') {
    if (reader.pattern[reader.at] === '|') {
      reader.at++;
      alternatives.push([]);
    } else {
      alternatives.at(-1)?.push(readItem(reader));
    }
  }
  return alternatives;
}

function readItem(reader: Reader): Item {
  const start = reader.at;
  let group: Item['group'];
  if (reader.pattern[start] === '(') {
    reader.at += /^\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?/.exec(reader.pattern.slice(start))?.[0].length ?? 1;
    group = readAlternatives(reader);
    reader.at++;
  } else {
    const atom = /^(?:\\(?:u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|[pP]\{[^}]*\}|c[A-Za-z]|[\s\S])|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S])/u.exec(reader.pattern.slice(start));
    reader.at += atom?.[0].length ?? 1;
  }
  const source = reader.pattern.slice(start, reader.at);
  const quantifier = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(reader.pattern.slice(reader.at));
  reader.at += quantifier?.[0].length ?? 0;
  return { source, ...(group && { group }), ...bounds(quantifier) };
}

function bounds(quantifier: RegExpExecArray | null): { least: number; most: number } {
  if (!quantifier) return { least: 1, most: 1 };
  const [, sign, least, comma, most] = quantifier;
  if (sign === '?') return { least: 0, most: 1 };
  if (sign) return { least: sign === '+' ? 1 : 0, most: Infinity };
  const from = Number(least);
  return { least: from, most: comma ? (most ? Number(most) : Infinity) : from };
}

function findSlowGroup(alternatives: readonly (readonly Item[])[]): string | undefined {
  for (const items of alternatives) {
    const wide = items.filter(item => isLong(item) && (item.group !== undefined || isWide(item.source)));
    if (wide.length > 2) return 'The regular expression repeats wide parts (such as `.*`) more than twice, which can take very long; use narrower classes.';
    if (hasRepeatedNeighbours(items)) return 'The regular expression repeats parts that match the same characters side by side, which can take very long; join them.';
    for (const item of items) {
      if (!item.group) continue;
      if (item.most > 1 && isRisky(item.group)) return `The repeated group \`${item.source.slice(0, 40)}\` holds another repetition or alternatives, so that matching can take exponential time; write it without nesting.`;
      const inner = findSlowGroup(item.group);
      if (inner) return inner;
    }
  }
  return undefined;
}

/** Repetition inside of a repeated group is fine only when every round begins with a sign that nothing else in the group matches. */
function isRisky(alternatives: readonly (readonly Item[])[]): boolean {
  if (alternatives.length > 1) return true;
  const [first, ...rest] = alternatives[0] ?? [];
  const varies = (item: Item): boolean => item.least !== item.most || (item.group?.flat().some(varies) ?? false) || (item.group?.length ?? 1) > 1;
  if (![first, ...rest].some(item => item && varies(item))) return false;
  const separator = first && !first.group && first.least === 1 && first.most === 1 ? singleCharacter(first.source) : undefined;
  return separator === undefined || rest.some(item => item.group !== undefined || matchesOne(item.source, separator));
}

/** Two unlimited repetitions that can match the same characters, with nothing obligatory between them that divides them. */
function hasRepeatedNeighbours(items: readonly Item[]): boolean {
  let run: Item[] = [];
  for (const item of items) {
    if (isLong(item) && !item.group) {
      run.push(item);
      if (run.length > 2 && run.slice(0, -1).filter(other => overlap(other.source, item.source)).length >= 2) return true;
    } else if (item.least > 0 && !item.group) {
      run = run.filter(other => overlap(other.source, item.source));
    }
  }
  return false;
}

function isLong(item: Item): boolean {
  return item.most > 20;
}

function isWide(source: string): boolean {
  return source === '.' || /^\\[SDWP]/.test(source) || source.startsWith('[^') || /^\[.*\\[SDWP]/.test(source);
}

function singleCharacter(source: string): string | undefined {
  if (source.length === 1 && source !== '.' && source !== '^' && source !== '$') return source;
  return /^\\[^A-Za-z0-9]$/.test(source) ? source[1] : undefined;
}

function matchesOne(source: string, character: string): boolean {
  return new RegExp(`^(?:${source})$`, 'u').test(character);
}

const probes = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
function overlap(left: string, right: string): boolean {
  return probes.some(character => matchesOne(left, character) && matchesOne(right, character));
}
