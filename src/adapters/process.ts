// Whether a process, or the group that it led, is still the one that we knew.
import { isGroupAlive, processExists, processStart } from './platform.ts';

/** `start` tells a process from a later one with the same pid; undefined where the platform does not say. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly start?: string;
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, start: processStart(process.pid) };
}

export function isAlive({ pid, start }: ProcessIdentity): boolean {
  if (!processExists(pid)) return false;
  const startNow = processStart(pid);
  return start === undefined || startNow === undefined || start === startNow;
}

/**
 * The group that a process led, be it gone itself; a group of the same number from before the machine started is
 * another one.
 */
export function isGroupOfChildAlive(child: ProcessIdentity): boolean {
  if (isAlive(child)) return true;
  const now = processStart(process.pid);
  const isOfThisBoot = now === undefined || child.start === undefined || bootOf(now) === bootOf(child.start);
  // No later process gets the number of a group as long as somebody is in it: one that has it is another's.
  return isOfThisBoot && !processExists(child.pid) && isGroupAlive(child.pid);
}

function bootOf(start: string): string {
  return start.includes('/') ? start.split('/')[0]! : '';
}
