// The place in the source that a line of a stack trace names, in the languages that have one, and which of the files of
// that name it is.

export interface StackFrame {
  /** The part of the line that names the place. */
  readonly from: number;
  readonly to: number;
  /** The file with as much of its path as the line contains, with `/`: `com/shop/db/StockQuery.java`. */
  readonly file: string;
  /** The first line is 1. */
  readonly line: number;
}

const longestLine = 2_000,
  longestPath = 300;
/** `at com.shop.db.StockQuery.run(StockQuery.java:67)`: package, class and method come before the bracket. */
const qualified =
    /\bat (?:[\w.@-]{0,80}\/){0,2}([\w$.<>]{1,200})\(([\w$-]{1,100}\.(?:java|kt|scala|groovy)):(\d{1,7})\)/,
  /** `app/cart.py", line 12`, `/srv/cart.js:12:5`, `C:\shop\Cart.cs:line 12`. */
  pathed =
    /(?:[A-Za-z]:)?[\w.@/\\+-]{1,200}\.(?:py|[cm]?[jt]sx?|go|cs|rb|php|rs|swift|kt|cc|cpp|c|h)(?=(?:"?, line |:line |:|\()(\d{1,7}))/;

export function frameOf(line: string): StackFrame | undefined {
  const text = line.slice(0, longestLine),
    [whole, name = '', file = '', number = ''] = qualified.exec(text) ?? [];
  if (whole !== undefined) {
    const from = text.indexOf(whole) + whole.length - `${file}:${number})`.length;
    const folders = name.split('.').slice(0, -2);
    return {
      from,
      to: from + file.length + 1 + number.length,
      file: [...folders, file].join('/').slice(-longestPath),
      line: Number(number),
    };
  }
  const found = pathed.exec(text);
  if (!found) return undefined;
  return {
    from: found.index,
    to: found.index + found[0].length,
    file: found[0]
      .replaceAll('\\', '/')
      .replace(/^[A-Za-z]:/, '')
      .slice(-longestPath),
    line: Number(found[1]),
  };
}

/** Of the files with the name, the one that shares most of the path; undefined if several share as much. */
export function bestFile(file: string, paths: readonly string[]): string | undefined {
  const wanted = partsOf(file);
  const shared = (path: string): number => {
    const parts = partsOf(path);
    const differing = wanted.findIndex((part, index) => part !== parts[index]);
    return differing < 0 ? wanted.length : differing;
  };
  const ranked = paths
      .map(path => ({ path, shared: shared(path) }))
      .toSorted((one, other) => other.shared - one.shared),
    [best, next] = ranked;
  return best && best.shared > 0 && best.shared !== next?.shared ? best.path : undefined;
}

/** From the name on upwards. */
function partsOf(path: string): readonly string[] {
  return path
    .replaceAll('\\', '/')
    .split('/')
    .filter(part => part !== '' && part !== '.')
    .toReversed();
}
