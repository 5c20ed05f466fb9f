// Selects the series of a metric: by name, and by labels in braces as OpenMetrics writes them.
import { compileWhole, findPatternMistake } from './patterns.ts';

export interface SeriesSelector {
  readonly name: string;
  readonly matchers: readonly Matcher[];
}
interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

const matcherForm = /^\s*([A-Za-z_][A-Za-z0-9_.]*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/;

/** `http_requests_total{code=~"5..", method!="GET"}`; `mistake` is a sentence. */
export function parseSelector(text: string): { readonly selector: SeriesSelector } | { readonly mistake: string } {
  const brace = text.indexOf('{');
  if (brace < 0) return { selector: { name: text.trim(), matchers: [] } };
  if (!text.trimEnd().endsWith('}'))
    return { mistake: 'The labels of a series must be in braces at its end: `requests{code="500"}`.' };
  const matchers: Matcher[] = [];
  let rest = text.trimEnd().slice(brace + 1, -1);
  while (rest.trim() !== '') {
    const found = matcherForm.exec(rest);
    if (!found)
      return { mistake: 'A label is written with its value in quotes: `code="500"`, `code=~"5.."` or `code!="200"`.' };
    const [whole, label = '', operator = '=', quoted = ''] = found;
    const value = quoted.replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
    const mistake = operator.endsWith('~') ? findPatternMistake(value) : undefined;
    if (mistake !== undefined) return { mistake };
    matchers.push({ label, operator: operator as Matcher['operator'], value });
    rest = rest.slice(whole.length);
  }
  return { selector: { name: text.slice(0, brace).trim(), matchers } };
}

export type IsOfSeries = (name: string, labels: ReadonlyMap<string, string>) => boolean;

/** A missing label counts as empty. Requires a valid selector; an invalid one selects nothing. */
export function compileSelector(text: string): IsOfSeries {
  const parsed = parseSelector(text);
  if ('mistake' in parsed) return () => false;
  const { name: wanted, matchers } = parsed.selector;
  const tests = matchers.map(({ label, operator, value }) => {
    const pattern = operator.endsWith('~') ? compileWhole(value) : undefined;
    const isSame = (found: string): boolean => (pattern ? pattern.test(found) : found === value);
    return (labels: ReadonlyMap<string, string>) => isSame(labels.get(label) ?? '') !== operator.startsWith('!');
  });
  return (name, labels) => name === wanted && tests.every(test => test(labels));
}
