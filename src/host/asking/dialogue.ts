// A dialogue of several steps that can go back. It contains only the order of the steps and does not depend on the
// editor.

/**
 * `back` returns to the previous step, `undefined` ends the dialogue, and `skip` means that there is nothing to ask.
 */
export type StepAnswer<State> = State | 'back' | 'skip' | undefined;
export type Step<State> = (
  state: State,
  position: { readonly step: number; readonly of: number },
) => Promise<StepAnswer<State>>;

/** Later steps may depend on earlier answers. Returns the last state, or undefined if the user left. */
export async function runDialogue<State extends object>(
  start: State,
  stepsFor: (state: State) => readonly Step<State>[],
  from = 0,
): Promise<State | undefined> {
  let state = start,
    index = from;
  const asked: { readonly index: number; readonly before: State }[] = [];
  for (;;) {
    const steps = stepsFor(state);
    const step = steps[index];
    if (!step) return state;
    const answer = await step(state, { step: index + 1, of: steps.length });
    if (answer === undefined) return undefined;
    if (answer === 'skip') {
      index += 1;
      continue;
    }
    if (answer === 'back') {
      const last = asked.pop();
      if (last) {
        index = last.index;
        state = last.before;
      } else if (index > 0) index -= 1;
      else return undefined;
      continue;
    }
    asked.push({ index, before: state });
    state = answer;
    index += 1;
  }
}
