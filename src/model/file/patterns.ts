// Regular expressions that people write: compiled, and refused when matching could take exponential time.

const lengthLimit = 300;

/** Describes what is wrong with a pattern; undefined if it is valid. A pattern always applies to the whole text. */
export function findPatternMistake(pattern: string): string | undefined {
  if (pattern.length > lengthLimit) return `The regular expression is longer than ${lengthLimit} characters.`;
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^Invalid regular expression: \/[\s\S]*\/[a-z]*: /, '') : '';
    return `The regular expression does not compile (${reason.slice(0, 80)}).`;
  }
  return findSlowPart(pattern);
}

/** The pattern as it is used everywhere, anchored at both ends. Requires a valid pattern. */
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
  if (/\\[1-9]|\\k</.test(pattern))
    return 'A regular expression with back-references can take forever; write it without.';
  const reader = { pattern, at: 0 };
  return findSlowGroup(readAlternatives(reader));
}

interface Reader {
  readonly pattern: string;
  at: number;
}

/** Parses alternatives up to the closing parenthesis. The pattern is known to compile. */
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
    const atom =
      /^(?:\\(?:u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|[pP]\{[^}]*\}|c[A-Za-z]|[\s\S])|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S])/u.exec(
        reader.pattern.slice(start),
      );
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
  const risky = findRiskyGroup(alternatives.flat());
  if (risky)
    return (
      `The repeated group \`${risky.source.slice(0, 40)}\` holds another repetition or alternatives, ` +
      'so that matching can take exponential time; write it without nesting.'
    );
  return countWays(alternatives) > waysLimit
    ? 'The regular expression repeats parts that match the same characters, ' +
        'with nothing between that divides them, which can take very long. Join them, or use narrower classes.'
    : undefined;
}

function findRiskyGroup(items: readonly Item[]): Item | undefined {
  for (const item of items) {
    if (!item.group) continue;
    if (item.most > 1 && isRisky(item.group)) return item;
    const inner = findRiskyGroup(item.group.flat());
    if (inner) return inner;
  }
  return undefined;
}

/**
 * A repetition inside a repeated group is safe only if it is the only one, and if every iteration begins with a
 * character that nothing else in the group matches.
 */
function isRisky(alternatives: readonly (readonly Item[])[]): boolean {
  if (alternatives.length > 1) return true;
  const [first, ...rest] = alternatives[0] ?? [];
  const varying = [first, ...rest].filter(
    item => item !== undefined && (item.group !== undefined || item.least !== item.most),
  );
  if (varying.length === 0) return false;
  const separator =
    first && !first.group && first.least === 1 && first.most === 1 ? singleCharacter(first.source) : undefined;
  return (
    varying.length > 1 ||
    separator === undefined ||
    rest.some(item => item.group !== undefined || matchesOne(item.source, separator))
  );
}

/** A variable part, reduced to the atoms that it matches and the number of lengths that it can have. */
interface Part {
  readonly atoms: readonly string[];
  readonly lengths: number;
  readonly divides: boolean;
}
const longestText = 200;
/** Two adjacent unlimited repetitions are still fast for a text of 1000 characters; three are not. */
const waysLimit = 50_000;

/** An upper bound for the number of ways to divide a text among adjacent parts that match the same characters. */
function countWays(alternatives: readonly (readonly Item[])[]): number {
  let run: readonly Part[] = [];
  let most = 1;
  for (const part of flatten(alternatives, true)) {
    const same = run.filter(other => other.atoms.some(atom => part.atoms.some(one => overlap(one, atom))));
    if (part.divides) {
      run = same;
    } else {
      most = Math.max(
        most,
        same.reduce((ways, other) => ways * other.lengths, part.lengths),
      );
      run = [...run, part];
    }
  }
  return most;
}

/**
 * Groups that occur at most once are replaced by their content. Alternatives do not divide a text, because they can be
 * left out.
 */
function flatten(alternatives: readonly (readonly Item[])[], certain: boolean): readonly Part[] {
  const sure = certain && alternatives.length === 1;
  return alternatives.flat().flatMap(item => {
    const looksAround = /^\(\?<?[=!]/.test(item.source);
    if (item.group && item.most <= 1) return flatten(item.group, sure && item.least > 0 && !looksAround);
    const atoms = item.group ? atomsOf(item.group.flat()) : [item.source];
    if (item.least === item.most)
      return [
        { atoms, lengths: 1, divides: sure && item.least > 0 && atoms.every(atom => charactersOf(atom).length > 0) },
      ];
    return [
      { atoms, lengths: Math.min(item.most, longestText) - Math.min(item.least, longestText) + 1, divides: false },
    ];
  });
}

function atomsOf(items: readonly Item[]): readonly string[] {
  return items.flatMap(item => (item.group ? atomsOf(item.group.flat()) : [item.source]));
}

function singleCharacter(source: string): string | undefined {
  if (source.length === 1 && source !== '.' && source !== '^' && source !== '$') return source;
  return /^\\[^A-Za-z0-9]$/.test(source) ? source[1] : undefined;
}

function matchesOne(source: string, character: string): boolean {
  return new RegExp(`^(?:${source})$`, 'u').test(character);
}

/** A few characters represent everything beyond ASCII. An atom that matches none of the examples may match anything. */
const probes = [
  ...Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)),
  '\n',
  'ä',
  'Ä',
  'ж',
  '中',
  '٣',
  '😀',
  '\u00a0',
];
const probed = new Map<string, readonly string[]>();
function overlap(left: string, right: string): boolean {
  const [one, other] = [charactersOf(left), charactersOf(right)];
  return one.length === 0 || other.length === 0 || one.some(character => other.includes(character));
}

function charactersOf(source: string): readonly string[] {
  const known = probed.get(source) ?? probes.filter(character => matchesOne(source, character));
  if (probed.size < 500) probed.set(source, known);
  return known;
}
