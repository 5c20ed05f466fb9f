// The rules of grouping by name, so that a benchmark can switch one off and see what that does to each system.

export const ruleNames = [
  'dates',
  'brackets',
  'pairs',
  'units',
  'runs',
  'repeats',
  'names before values',
  'merged places',
  'stack traces',
] as const;
export type RuleName = (typeof ruleNames)[number];

/** The rules that are off: none in the product. No setting reaches this. */
export type RulesOff = ReadonlySet<RuleName>;
export const allRules: RulesOff = new Set();
