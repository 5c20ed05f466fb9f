// The keys that every health source of a pipeline file has: which attribute names the node, how old data must be, how
// far back it looks.
import { duration, formed } from './fields.ts';

export const lookBackDefault = '1d';

export function attribute(description: string) {
  return formed(
    description,
    /^[A-Za-z_][\w.:]{0,127}$/,
    'An attribute has letters, digits, underscores, dots and colons, and does not begin with a digit.',
  );
}

export function nodeAttribute() {
  return attribute('Attribute or metadata field that names the node. Backstop tells canary and baseline apart by it.');
}

export function lookBack() {
  return duration(
    'How far back a node or a metric counts as known. A run does not start if one was not seen within this time; ' +
      'a node without any deployment so far is only reported.',
    '1h',
    '30d',
  ).default(lookBackDefault);
}

export function delay(fallback: string) {
  return duration('Data younger than this counts as incomplete and is queried again.', '0s', '10m').default(fallback);
}
