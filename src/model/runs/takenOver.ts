// Thrown when a run that lost its right to act would write: whoever catches it changes nothing more.

/**
 * A right to act as a run, or in an environment. Taking it gives a greater generation, and smaller generations may no
 * longer act.
 */
export interface Fence {
  readonly name: string;
  readonly generation: number;
}

export class TakenOver extends Error {
  /** Absent: another process has continued the journal. */
  readonly fence: Fence | undefined;
  constructor(message: string, fence?: Fence) {
    super(message);
    this.name = 'TakenOver';
    this.fence = fence;
  }
}
