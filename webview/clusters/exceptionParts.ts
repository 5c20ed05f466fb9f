// What a row says of a log event in two lines: the exception's name and message, its top frame, and its nodes.
import { formatNumber } from '../../src/protocol/words/format.ts';
import type { ClusterSnapshot } from '../../src/protocol/snapshot/clusterSnapshot.ts';

const mostNodes = 4;

/** `InventoryReservationException` and its message; a log event without an exception has no name. */
export function partsOf({ template, says = template }: ClusterSnapshot): readonly [name: string, message: string] {
  const found = /^([\w.$]{1,200}(?:Exception|Error)):? ([^]*)$/.exec(says);
  return found ? [found[1]?.split('.').at(-1) ?? '', found[2] ?? ''] : ['', says];
}

/** `ReservationService.hold(ReservationService.java:142)`: the first frame of a stack trace. */
export function topFrame({ samples }: ClusterSnapshot): string | undefined {
  const sample = samples[0]?.text.slice(0, 4_000) ?? '';
  return /^\s+at (?:[\w$]+[./])*([\w$<>]+\.[\w$<>]+\([^)\n]{1,120}\))/m.exec(sample)?.[1];
}

/** `prod-01 2, prod-02 3`. */
export function nodesPhrase({ nodes }: ClusterSnapshot): string {
  return nodes
    .filter(({ lines }) => lines > 0)
    .slice(0, mostNodes)
    .map(({ name, lines }) => `${name} ${formatNumber(lines)}`)
    .join(', ');
}
