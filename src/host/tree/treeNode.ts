// A node of any tree as plain data: its texts, its target, and the facts that menus match. Only tree.ts uses tree items
// of the editor.
import type { StageState } from '../../model/runs/runState.ts';
import type { RunOutcome } from '../../model/runs/runEvents.ts';
import type { Target } from '../workspace/target.ts';

export interface TreeNode {
  /** Stays the same for as long as the item exists, so that expansion and selection survive a refresh. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  readonly icon: NodeIcon;
  /** Words that `viewItem =~ /\bword\b/` matches; the first one is the kind of the node. */
  readonly facts: readonly string[];
  readonly target: Target;
  readonly children?: () => readonly TreeNode[];
  readonly expanded?: boolean;
  /** The meaning of the icon for a screen reader, such as `passed`. */
  readonly state?: string;
  /** A short form of `state` in the description, for narrow side bars. */
  readonly shortState?: string;
  /** The command that a click runs, with its target. */
  readonly opens?: string;
}

/** A codicon and a theme colour. */
export interface NodeIcon {
  readonly name: string;
  readonly color?: string;
}

const good = 'testing.iconPassed',
  bad = 'testing.iconFailed',
  waiting = 'list.warningForeground',
  quiet = 'testing.iconSkipped';

export const stageIcons: Readonly<Record<StageState['status'], NodeIcon>> = {
  pending: { name: 'circle-outline', color: quiet },
  queued: { name: 'clock', color: quiet },
  running: { name: 'loading~spin' },
  passed: { name: 'pass', color: good },
  failed: { name: 'error', color: bad },
  skipped: { name: 'debug-step-over', color: quiet },
  'rolled-back': { name: 'discard', color: bad },
  held: { name: 'debug-pause', color: waiting },
  rejected: { name: 'circle-slash', color: bad },
  cancelled: { name: 'circle-slash', color: quiet },
  overtaken: { name: 'circle-slash', color: waiting },
};

export const waitingIcon: NodeIcon = { name: 'bell-dot', color: waiting };
/** Marks a canary that sends no data. */
export const silentIcon: NodeIcon = { name: 'warning', color: waiting };
export const unverifiedIcon: NodeIcon = { name: 'unverified', color: waiting };

export const outcomeIcons: Readonly<Record<RunOutcome | 'running', NodeIcon>> = {
  running: stageIcons.running,
  promoted: stageIcons.passed,
  'rolled-back': stageIcons['rolled-back'],
  held: stageIcons.held,
  failed: stageIcons.failed,
  rejected: stageIcons.rejected,
  cancelled: stageIcons.cancelled,
  overtaken: stageIcons.overtaken,
};

export const checkIcons = {
  pass: { name: 'pass', color: good },
  fail: { name: 'error', color: bad },
  inconclusive: { name: 'question', color: waiting },
} satisfies Record<string, NodeIcon>;

export const stepIcons = {
  running: stageIcons.running,
  succeeded: stageIcons.passed,
  failed: stageIcons.failed,
} satisfies Record<string, NodeIcon>;

/** Builds the label for a screen reader, such as `Dev, passed, 2.5 s`: it has the state once, in its long form. */
export function spokenLabel({ label, description = '', state = '', shortState }: TreeNode): string {
  const parts = description.split(' · ').map(part => (part === shortState ? state : part));
  return [label, parts.includes(state) ? '' : state, ...parts].filter(Boolean).join(', ');
}
