// What a person can ask for in the run panel.

export const snapshotActions = [
  'roll-back',
  'promote',
  'hold',
  'look-again',
  'accept',
  'approve',
  'reject',
  'cancel',
  'compare-releases',
  'view-diff',
  'run-again',
  'show-logs',
  'show-evidence',
  'copy-link',
  'copy-summary',
  'run',
  'open-pipeline',
  'open-latest',
  'open-next',
  'open-previous',
] as const;
export type SnapshotAction = (typeof snapshotActions)[number];
