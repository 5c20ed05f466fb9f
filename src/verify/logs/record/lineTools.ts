// What taking lines works with: one set of tools for all streams of an intake.
import { createKnownObjects, type KnownObjects } from '../formats/knownObjects.ts';
import { emptyHeader, type Header } from '../header/headerStyles.ts';
import type { Layouts } from '../header/header.ts';
import { learnLayouts } from '../header/layouts.ts';
import { createLoggers, type Loggers } from '../header/loggerClass.ts';
import { createLineBytes, toCanonical, type LineBytes } from '../text/lineBytes.ts';
import { createLineMemo } from './lineMemo.ts';
import type { Stream } from './lineStream.ts';
import type { Reading } from '../formats/reading.ts';
import type { RulesOff } from '../template/rules.ts';
import { createRecognizer, type Recognizer } from '../template/recognition.ts';
import { outcomeIn } from '../formats/outcomes.ts';
import { createRecordKeeper, type OnRecord, type RecordKeeper } from './recordKeeper.ts';
import { createShapeReader, wholeShape } from './readShape.ts';
import { createShapes, type Shape, type Shapes } from './shapes.ts';
import type { ValueReader } from '../text/namedValues.ts';
import { createUnread, type Unread } from '../formats/unread.ts';
import { createVariants, type Variants } from '../formats/variants.ts';
import { findCollector, unwrapped, type Priority } from '../formats/wrappers.ts';

/** Of what is wrapped in one another; deeper wrappers stay as they are. */
export const deepest = 5;

/**
 * Takes the line at bytes[from], and says where it ends. `text`: what the bytes were made of, where they will not
 * stay. `outer`: what it was wrapped in.
 */
export type TakeLine<Member> = (
  tools: LineTools<Member>,
  stream: Stream<Member>,
  bytes: Uint8Array,
  from: number,
  text: string | undefined,
  member: Member,
  outer?: Reading,
  depth?: number,
) => number;

export interface LineTools<Member> {
  readonly recognizer: Recognizer;
  readonly layouts: Layouts;
  /** What stands before the lines of each program, where a tool shows those of several together. */
  readonly collector: RegExp | undefined;
  readonly shapes: Shapes;
  /** The shapes of texts that are nothing but a message, as those made up of keys. */
  readonly texts: Shapes;
  readonly loggers: Loggers;
  readonly variants: Variants;
  readonly unread: Unread;
  readonly lineBytes: LineBytes;
  readonly keeper: RecordKeeper<Member>;
  readonly known: KnownObjects<Member>;
  readonly values: ValueReader | undefined;
  /** What the last reading of a header and of a priority found; used again and again. */
  readonly header: Header;
  readonly priority: Priority;
  /** What lies inside a line is taken like a line. */
  readonly takeLine: TakeLine<Member>;
}

export interface IntakeOptions {
  /** How many shapes are remembered; fewer cost time and change nothing. */
  readonly mostShapes?: number;
  /** Rules of grouping that are not applied. */
  readonly off?: RulesOff;
  /** Reads the values that the pipeline names. */
  readonly values?: ValueReader | undefined;
}

/** `sample`: the first lines, from which the layouts are learned. */
export function createLineTools<Member>(
  sample: readonly string[],
  onRecord: OnRecord<Member>,
  takeLine: TakeLine<Member>,
  { mostShapes, off, values }: IntakeOptions,
): LineTools<Member> {
  const recognizer = createRecognizer(off);
  const collector = findCollector(sample),
    written = sample.map(line => unwrapped(line, collector)).filter(line => line !== undefined);
  const layouts: Layouts = learnLayouts(toCanonicalTexts(written));
  const shapes = createShapes(createShapeReader(recognizer, layouts, values), mostShapes),
    texts = createShapes(readMessage(recognizer), mostShapes);
  const loggers = createLoggers(),
    variants = createVariants(recognizer, loggers),
    lineBytes = createLineBytes(),
    keeper = createRecordKeeper<Member>(recognizer, texts, layouts, onRecord);
  return {
    recognizer,
    layouts,
    collector,
    shapes,
    texts,
    loggers,
    variants,
    unread: createUnread(),
    lineBytes,
    keeper,
    known: createKnownObjects<Member>(shapes, variants, keeper, lineBytes),
    values,
    header: emptyHeader(),
    priority: { value: -1, start: 0 },
    takeLine,
  };
}

/** Reads a text that is nothing but a message. */
function readMessage(recognizer: Recognizer): (canonical: string, text: string) => Shape {
  return (canonical, text) => ({
    ...wholeShape(recognizer.groupOfMessage(canonical, 0), undefined),
    outcome: outcomeIn(text, true),
  });
}

/** Lines that differ in digits only have the same canonical text, which is made once. */
function toCanonicalTexts(lines: readonly string[]): readonly string[] {
  const lineBytes = createLineBytes(),
    memo = createLineMemo<string>();
  return lines.map(line => {
    const known = memo.find(lineBytes.encode(line), 0);
    if (known !== undefined) return known;
    const text = toCanonical(line);
    memo.keep(text);
    return text;
  });
}
