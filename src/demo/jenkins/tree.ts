// Jenkins' `tree=` parameter: which members of the answer, how deep, and which part of a list.

interface Selected {
  readonly name: string;
  readonly children: Tree | undefined;
  readonly from: number;
  readonly to: number;
}
export type Tree = readonly Selected[];

const mostDepth = 20;

/** `builds[number,actions[parameters[name,value]]]{0,10}`; undefined for an invalid text. */
export function parseTree(text: string): Tree | undefined {
  let at = 0;
  const list = (depth: number): Tree | undefined => {
    const members: Selected[] = [];
    do {
      const name = /^\s*([\w*$]+)/.exec(text.slice(at, at + 200));
      if (!name || depth > mostDepth) return undefined;
      at += name[0].length;
      let children: Tree | undefined;
      if (text[at] === '[') {
        at++;
        children = list(depth + 1);
        if (!children || text[at] !== ']') return undefined;
        at++;
      }
      const range = /^\{(\d*)(?:(,)(\d*))?\}/.exec(text.slice(at, at + 40));
      if (range) at += range[0].length;
      members.push({ name: name[1]!, children, ...rangeOf(range) });
    } while (text[at] === ',' && ++at);
    return members;
  };
  const tree = list(0);
  return tree && at === text.length ? tree : undefined;
}

/** `{m,n}`, `{m,}`, `{,n}` or `{m}`, a single element. */
function rangeOf(range: RegExpExecArray | null): { from: number; to: number } {
  if (!range) return { from: 0, to: Infinity };
  const [, first = '', comma, last = ''] = range;
  const from = first === '' ? 0 : Number(first);
  return { from, to: comma === undefined ? from + 1 : last === '' ? Infinity : Number(last) };
}

/**
 * Keeps the requested members and every `_class`. An object without requested members has only its class, as in
 * Jenkins.
 */
export function selectTree(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map(one => selectTree(one, tree));
  if (typeof value !== 'object' || value === null) return value;
  const source = value as Readonly<Record<string, unknown>>;
  const entries: [string, unknown][] = Object.hasOwn(source, '_class') ? [['_class', source['_class']]] : [];
  for (const { name, children, from, to } of tree) {
    const names = name === '*' ? Object.keys(source) : [name];
    for (const member of names) {
      if (!Object.hasOwn(source, member) || member === '_class') continue;
      const found = source[member];
      entries.push([member, selectTree(Array.isArray(found) ? found.slice(from, to) : found, children ?? [])]);
    }
  }
  return Object.fromEntries(entries);
}
