// A problem while it is being found: with a span of the text instead of a line and a column.
import type { Place, Span } from './place.ts';
import { headOf } from './place.ts';

export interface Draft {
  readonly span: Span;
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly found?: string;
  readonly allowed?: readonly string[];
}
export type Report = (draft: Draft) => void;
type More = Pick<Draft, 'found' | 'allowed'>;

export function errorAt(span: Span, code: string, message: string, more: More = {}): Draft {
  return { span, severity: 'error', code, message, ...more };
}

export function warningAt(span: Span, code: string, message: string, more: More = {}): Draft {
  return { span, severity: 'warning', code, message, ...more };
}

/** Describes the value at a place: a scalar as written, or the kind of a collection. */
export function describePlace(place: Place): string {
  switch (place.kind) {
    case 'scalar':
      return place.value === null ? 'nothing' : place.source === '' ? "''" : place.source;
    case 'list':
      return place.items.length === 0 ? 'an empty list' : `a list of ${place.items.length}`;
    case 'map':
      return place.entries.size === 0
        ? 'an empty map'
        : `a map with ${[...place.entries.keys()].slice(0, 3).join(', ')}`;
    default:
      return place satisfies never;
  }
}

export function spanOf(place: Place): Span {
  return headOf(place);
}
