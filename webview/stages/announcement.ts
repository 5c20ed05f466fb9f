// What a screen reader announces of a run's head: the verdict and its reason when they change, and how much time is
// left to answer at a few moments, not with every second of a countdown.
import type { HeaderSnapshot } from '../../src/protocol/snapshot/snapshotHeader.ts';

/** Milliseconds before the end of the time to answer. */
const moments = [300_000, 60_000, 0];
const duration = /\d+(?::\d\d)+|\d+(?:[.,]\d+)? s\b/g;

export type Announced = Pick<HeaderSnapshot, 'verdict' | 'action' | 'detail' | 'leftMs'>;

export function announcementOf({ verdict, action, detail }: Announced): string {
  return [verdict, action, detail].filter(Boolean).join('\n');
}

/** Another value: it is to be announced again. */
export function announcementKey(header: Announced): string {
  const { leftMs = Infinity } = header;
  return `${moments.filter(atMs => leftMs <= atMs).length} ${announcementOf(header).replace(duration, '')}`;
}
