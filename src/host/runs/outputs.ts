// The output of hooks since this window began to follow them, bounded. Earlier output is read from the hooks' files.

const longestOutput = 400_000;
const callsKept = 300;

export interface Outputs {
  add(runId: string, callKey: string, text: string): void;
  /** Undefined if this window has not followed the hook. */
  of(runId: string, callKey: string): string | undefined;
}

export function keepOutputs(): Outputs {
  const outputs = new Map<string, string>();
  return {
    add(runId, callKey, text) {
      const key = `${runId} ${callKey}`;
      const whole = (outputs.get(key) ?? '') + text;
      outputs.delete(key);
      outputs.set(key, whole.length > longestOutput ? whole.slice(-longestOutput / 2) : whole);
      const oldest = outputs.keys().next();
      if (outputs.size > callsKept && !oldest.done) outputs.delete(oldest.value);
    },
    of: (runId, callKey) => outputs.get(`${runId} ${callKey}`),
  };
}
