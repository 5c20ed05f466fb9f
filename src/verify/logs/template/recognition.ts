// From messages, traces and requests to their groups. Runs only where something is new.
import type { WebRequest } from '../formats/accessLog.ts';
import { generalise } from './generalise.ts';
import { allRules, type RulesOff } from './rules.ts';
import { longestShape } from '../text/lineShape.ts';
import { readStackTrace, type StackTrace } from '../record/stackTrace.ts';
import { createTemplates, templateText, type Group, type Templates } from './templates.ts';
import { hole, tokenize, type Token } from './tokens.ts';

export interface Recognizer {
  /** The group of a message without continuation lines: text[start..]. */
  groupOfMessage(text: string, start: number): Group;
  /** The group of a stack trace, undefined where the lines hold none. */
  groupOfTrace(lines: readonly string[]): Group | undefined;
  /** The group of an answered request; `said` is what else the line says. */
  groupOfRequest(request: WebRequest, said?: string): Group;
  /** The group of the same message with these watched values, which are part of the event. */
  groupWithValues(group: Group, values: readonly string[]): Group;
  /** The group of the same message with these states at its end; absent: the group itself. */
  groupWithStates(group: Group, states: string | undefined): Group;
  /** The group of a template written by `describe`. */
  groupOfTemplate(template: string): Group;
  root(group: Group): Group;
  groups(): readonly Group[];
  neighbours: Templates['neighbours'];
}

export function createRecognizer(off: RulesOff = allRules): Recognizer {
  const templates: Templates = createTemplates(off);
  return {
    groupOfMessage: (text, start) => templates.groupOf(canonicalTokens(text, start, off)),
    groupOfTrace(lines) {
      const trace = off.has('stack traces') ? undefined : readStackTrace(lines);
      return trace && templates.groupOf(tokensOfTrace(trace));
    },
    groupOfRequest: (request, said) => templates.groupOf(tokensOfRequest(request, said)),
    groupWithValues: (group, values) => templates.groupOf([...templates.root(group).tokens, ...values.map(valueToken)]),
    groupWithStates: (group, states) =>
      states === undefined ? group : templates.groupOf([...group.tokens, ...canonicalTokens(` ${states}`, 0, off)]),
    groupOfTemplate: template => templates.groupOf(tokensOfTemplate(template)),
    root: templates.root,
    groups: templates.groups,
    neighbours: templates.neighbours,
  };
}

function canonicalTokens(text: string, start: number, off = allRules): Token[] {
  return generalise(tokenize(text, start, Math.min(text.length, start + longestShape)), off);
}

const arrow = ' \u21a6 ',
  frameArrow = ' \u2190 ';

/** Frames are punctuation to the template state: they are never taken for parameters. */
function tokensOfTrace({ types, frames }: StackTrace): Token[] {
  const all = [
    types.join(' < ') || hole,
    ...frames.flatMap((frame, i) => [i === 0 ? arrow.trim() : frameArrow.trim(), frame]),
  ];
  return marks(all);
}

const answered = '\u2192',
  request = new RegExp(`^(?:(.+) )??(?:([A-Z]{3,12}) )?(?:((?:/|<)\\S*) )?${answered} ([1-5]xx)$`);

function tokensOfRequest({ method, path, status }: WebRequest, said = ''): Token[] {
  const words = said.trim() === '' ? [] : canonicalTokens(said, 0);
  const asked = marks([method, path, answered, status].filter(text => text !== ''));
  return [...words, ...asked.map((token, i) => (i === 0 ? { ...token, spaced: words.length > 0 } : token))];
}

function marks(texts: readonly string[]): Token[] {
  return texts.map((text, i) => ({ text, kind: 'mark', spaced: i > 0 }));
}

/** `⟨exit code: 137⟩`: a watched value is a mark, which is never taken for a parameter. */
function valueToken(value: string): Token {
  return { text: `\u27e8${value}\u27e9`, kind: 'mark', spaced: true };
}

const writtenValues = /(?: ?\u27e8[^\u27e8\u27e9]*\u27e9)+$/u;

/** Whether it says a value that the pipeline watches. */
export function hasWatchedValue({ tokens }: Group): boolean {
  return tokens.at(-1)?.text.startsWith('\u27e8') === true;
}

/** The tokens of a template written by `describe`. */
export function tokensOfTemplate(template: string): Token[] {
  const [values] = writtenValues.exec(template) ?? [];
  if (values !== undefined)
    return [
      ...tokensOfTemplate(template.slice(0, -values.length)),
      ...[...values.matchAll(/\u27e8([^\u27e9]*)/gu)].map(([, value = '']) => valueToken(value)),
    ];
  const [, said, method = '', path = '', status] = request.exec(template) ?? [];
  if (status) return tokensOfRequest({ method, path, status }, said);
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
