// From a record to its group: a look-up where the shape is known, and everything that is learned only where it is new.
import { collapse } from './collapse.ts';
import { hashShape, type ShapeHash } from './shapeHash.ts';
import { readStackTrace, type StackTrace } from './stackTrace.ts';
import { createTemplates, templateText, type Group, type Templates } from './templates.ts';
import { hole, tokenize, type Token } from './tokens.ts';

interface Shape { readonly two: number; readonly group: Group; readonly next: Shape | undefined }

const mostShapes = 200_000, longestMessage = 4096;

export interface Recognizer {
  /** The group of a message without continuation lines: text[start..]. */
  groupOfMessage(text: string, start: number): Group;
  /** The group of a record of several lines: its stack trace's, else its first line's. */
  groupOfRecord(text: string, start: number, more: readonly string[]): Group;
  /** The group of a template written by `describe`. */
  groupOfTemplate(template: string): Group;
  root(group: Group): Group;
  groups(): readonly Group[];
}

export function createRecognizer(): Recognizer {
  const templates: Templates = createTemplates();
  let shapes = new Map<number, Shape>();
  let stored = 0;
  const hash: ShapeHash = { one: 0, two: 0 };

  function groupOfMessage(text: string, start: number): Group {
    hashShape(text, start, hash);
    const { one, two } = hash;
    const first = shapes.get(one);
    for (let shape = first; shape; shape = shape.next) if (shape.two === two) return shape.group;
    const group = templates.groupOf(canonicalTokens(text, start));
    if (stored >= mostShapes) { shapes = new Map(); stored = 0; }
    shapes.set(one, { two, group, next: stored === 0 ? undefined : first });
    stored++;
    return group;
  }

  return {
    groupOfMessage,
    groupOfRecord(text, start, more) {
      const trace = readStackTrace([text.slice(start, start + longestMessage), ...more]);
      return trace ? templates.groupOf(tokensOfTrace(trace)) : groupOfMessage(text, start);
    },
    groupOfTemplate: template => templates.groupOf(tokensOfTemplate(template)),
    root: templates.root,
    groups: templates.groups,
  };
}

function canonicalTokens(text: string, start: number): Token[] {
  return collapse(tokenize(text, start, Math.min(text.length, start + longestMessage)));
}

const arrow = ' \u21a6 ', frameArrow = ' \u2190 ';

/** Frames are punctuation to the template state: they are never taken for parameters. */
function tokensOfTrace({ types, frames }: StackTrace): Token[] {
  const all = [types.join(' < ') || hole, ...frames.flatMap((frame, i) => [i === 0 ? arrow.trim() : frameArrow.trim(), frame])];
  return all.map((text, i) => ({ text, kind: 'mark', spaced: i > 0 }));
}

/** The tokens of a template written by `describe`. */
export function tokensOfTemplate(template: string): Token[] {
  if (!template.includes(arrow)) return canonicalTokens(template, 0);
  const [head = '', rest = ''] = template.split(arrow, 2);
  return tokensOfTrace({ types: head === hole ? [] : head.split(' < '), frames: rest.split(frameArrow) });
}

/** The template of a group, parameters as `<*>`; a stack trace as its exceptions and its frames. */
export function describe(group: Group): string {
  return templateText(group.tokens);
}

export function isTrace(group: Group): boolean {
  return group.tokens[1]?.text === arrow.trim();
}

/** A trace that names what was thrown; a dump of threads does not. */
export function isException(group: Group): boolean {
  return isTrace(group) && group.tokens[0]!.text !== hole;
}
