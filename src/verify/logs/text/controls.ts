// Takes out of a text what only a terminal understands.

const anyControls =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_]?)|[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** A text without the sequences that colour a terminal and without control characters but the tab. */
export function withoutControls(text: string): string {
  return text.replaceAll(anyControls, '');
}
