// Makes a line plain: without what only a terminal understands, and with figures set off from writing without spaces.

const anyControls =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_]?)|[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** A text without the sequences that colour a terminal and without control characters but the tab. */
export function withoutControls(text: string): string {
  return text.replaceAll(anyControls, '');
}

/** Where Chinese, Japanese or Korean letters and marks meet others, to which all spaces beyond ASCII belong. */
const seams = /(?<=[\u3000-\uffff])(?=[^\0- \u3000-\uffff])|(?<=[^\0- \u3000-\uffff])(?=[\u3000-\uffff])/g,
  hasFigureAtSeam = /\d[^\0- \u3000-\uffff]*[\u3000-\uffff]|[\u3000-\uffff][^\0- \u3000-\uffff]*\d/;

/**
 * A text without control characters and, where a figure stands amid writing without spaces, with a space at each seam:
 * no figure is part of a word of that writing then.
 */
export function toPlain(text: string): string {
  const plain = withoutControls(text);
  return hasFigureAtSeam.test(plain) ? plain.replaceAll(seams, ' ') : plain;
}
