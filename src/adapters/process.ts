// Checks whether a process, or the group that it led, is still the same one.
import { isGroupAlive, processExists, processStart } from './platform.ts';

/**
 * `start` distinguishes a process from a later one with the same pid; undefined if the platform does not provide it.
 */
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
 * Checks the group of a process that may have ended itself. A group with the same number from before the last reboot is
 * a different one.
 */
export function isGroupOfChildAlive(child: ProcessIdentity): boolean {
  if (isAlive(child)) return true;
  const now = processStart(process.pid);
  const isOfThisBoot = now === undefined || child.start === undefined || bootOf(now) === bootOf(child.start);
  // A group's number is not reused while it has members. If a process has that number now, the group is a different
  // one.
  return isOfThisBoot && !processExists(child.pid) && isGroupAlive(child.pid);
}

function bootOf(start: string): string {
  return start.includes('/') ? start.split('/')[0]! : '';
}
