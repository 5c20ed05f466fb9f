// The options of all commands that follow a run.
import type { OptionSpecs } from '../../commandLine.ts';

export const followOptions: OptionSpecs = {
  verbose: {
    type: 'boolean',
    text: 'Shows the output of hooks as it arrives; by default only the last lines of a failed hook.',
  },
};

export const runStatuses: Readonly<Record<number, string>> = {
  0: 'promoted',
  1: 'rolled back, failed or rejected',
  2: 'held, or something could not be measured',
  3: 'invalid input: nothing was started',
  130: 'cancelled, or left with a second Ctrl-C',
};
