// The web request that a JSON log line tells of.
import { requestOf, type WebRequest } from './accessLog.ts';
import * as names from './jsonFields.ts';
import { firstText, holdsFields, type Fields } from './jsonValues.ts';

/** The request that an object tells of, in its own fields or in those that hold requests and answers. */
export function requestIn(fields: Fields): WebRequest | undefined {
  const holdersIn = (place: Fields): Fields[] =>
    names.requestHolders.filter(key => holdsFields(place, key)).map(key => place[key] as Fields);
  const places = [fields, ...holdersIn(fields)],
    all = [...places, ...places.slice(1).flatMap(holdersIn)];
  let code: number | undefined;
  for (const place of all) code ??= statusIn(place, place !== fields);
  if (code === undefined) return undefined;
  const first = (keys: readonly string[]): string | undefined => {
    for (const place of all) {
      const text = firstText(place, keys);
      if (text !== undefined) return text;
    }
    return undefined;
  };
  const asked = first(names.methodKeys),
    path = first(names.pathKeys);
  const line =
    asked === undefined || path === undefined
      ? /^([A-Z]{3,10}) (\S+)/.exec(firstText(fields, ['request', 'request_line', 'req']) ?? '')
      : null;
  return requestOf(asked ?? line?.[1] ?? '', path ?? line?.[2] ?? '', code);
}

function statusIn(fields: Fields, isAnswer: boolean): number | undefined {
  for (const key of isAnswer ? [...names.statusKeys, 'code'] : names.statusKeys) {
    const value = fields[key];
    if (typeof value === 'number' && value >= 100 && value <= 599) return value;
    if (typeof value === 'string' && /^[1-5]\d\d$/.test(value)) return Number(value);
  }
  return undefined;
}
