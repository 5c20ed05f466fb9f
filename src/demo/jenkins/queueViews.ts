// The queue and its items as Jenkins' JSON API shows them.
import type { JenkinsState, QueueItem } from './builds.ts';
import { buildReference, actionsOf } from './buildViews.ts';
import { jobSummary } from './jobSummary.ts';
import type { View } from './names.ts';

export function queueItemView(root: string, item: QueueItem, state: JenkinsState): View {
  const common = {
    actions: actionsOf(item.parameters, item.by),
    id: item.id,
    inQueueSince: item.inQueueSinceMs,
    stuck: false,
    url: `queue/item/${item.id}/`,
    params: Object.entries(item.parameters)
      .map(([name, value]) => `\n${name}=${value}`)
      .join(''),
    task: jobSummary(root, item.job, state),
  };
  if (item.leftAtMs !== undefined) {
    return {
      _class: 'hudson.model.Queue$LeftItem',
      ...common,
      blocked: false,
      buildable: false,
      why: null,
      cancelled: item.cancelled === true,
      executable: item.build ? buildReference(root, item.build) : null,
    };
  }
  if (item.waitsFor === 'build') {
    const running = state.builds(item.job).find(({ result }) => result === null);
    return {
      _class: 'hudson.model.Queue$BlockedItem',
      ...common,
      blocked: true,
      buildable: false,
      why: `Build #${running?.number ?? '?'} is already in progress`,
    };
  }
  if (item.waitsFor === 'executor') {
    return {
      _class: 'hudson.model.Queue$BuildableItem',
      ...common,
      blocked: false,
      buildable: true,
      pending: false,
      buildableStartMilliseconds: item.startableAtMs,
      why: 'Waiting for next available executor',
    };
  }
  return {
    _class: 'hudson.model.Queue$WaitingItem',
    ...common,
    blocked: false,
    buildable: false,
    why: 'In the quiet period. Expires soon',
    timestamp: item.startableAtMs,
  };
}

export function queueView(root: string, state: JenkinsState): View {
  return {
    _class: 'hudson.model.Queue',
    discoverableItems: [],
    items: state.queue().map(item => queueItemView(root, item, state)),
  };
}
