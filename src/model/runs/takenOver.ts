// Thrown when a run tries to write although another one has taken over. Whoever catches it must not change anything
// more.

/**
 * A right to act in a run or an environment. Taking it increases the generation; holders of smaller generations may no
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
