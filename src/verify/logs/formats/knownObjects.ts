// Takes JSON lines that are read like one before them, but for their message, without parsing them.
import { requestOf } from './accessLog.ts';
import { createJsonPlans, type JsonEntry, type JsonLines } from './jsonPlans.ts';
import { copyText, escapedText } from './jsonScan.ts';
import type { LineBytes } from '../text/lineBytes.ts';
import type { Stream } from '../record/lineStream.ts';
import type { Reading } from './reading.ts';
import { hashPath } from './requestPath.ts';
import type { RecordKeeper } from '../record/recordKeeper.ts';
import type { Shape, Shapes } from '../record/shapes.ts';
import type { Variants } from './variants.ts';
import { endOfRuntimePrefix } from './wrappers.ts';

export interface KnownObjects<Member> {
  /**
   * Takes the line that is an object and begins at bytes[from], and says where it ends; -1 where it must be parsed.
   * `text`: what the bytes were made of, where they will not stay.
   */
  take(stream: Stream<Member>, bytes: Uint8Array, from: number, text: string | undefined, member: Member): number;
}

/** Of a message so many bytes are copied, and as many of an error at most; a longer one is parsed. */
const mostCopied = 8_000,
  mostVariants = 4096,
  mostPaths = 4096;
const brace = 123,
  angle = 60,
  hash = 35,
  atSign = 64,
  letterN = 110,
  colon = 58,
  space = 32;

export function createKnownObjects<Member>(
  shapes: Shapes,
  variants: Variants,
  keeper: RecordKeeper<Member>,
  lineBytes: LineBytes,
): KnownObjects<Member> {
  const plans = createJsonPlans(),
    scratch = new Uint8Array(mostCopied * 2);

  /** The message with the error behind it; its length, or -1 where it is not that simple. */
  function copyMessage(bytes: Uint8Array, { message, error }: JsonEntry): number {
    const { starts, ends } = plans.scan,
      length = copyText(bytes, starts[message]!, ends[message]!, scratch);
    if (error < 0 || length < 0) return length;
    scratch[length] = colon;
    scratch[length + 1] = space;
    return copyText(bytes, starts[error]!, ends[error]!, scratch, length + 2);
  }

  /** What is known of the lines with the path of this one. */
  function linesOf({ reading, path, lines }: JsonEntry, bytes: Uint8Array): JsonLines {
    const start = plans.scan.starts[path]!,
      end = plans.scan.ends[path]!,
      number = path < 0 ? 0 : hashPath(bytes, start, end),
      known = lines.get(number);
    if (known && (path < 0 || number !== 0)) return known;
    const read: JsonLines = {
      reading: path < 0 ? reading : withPath(reading, lineBytes.decode(bytes, start, end)),
      variants: new Map(),
    };
    if (lines.size > mostPaths) lines.clear();
    lines.set(number, read);
    return read;
  }

  return {
    take(stream, bytes, from, text, member) {
      const entry = plans.find(bytes, from);
      if (!entry) return -1;
      const { starts, ends, kinds, lineEnd } = plans.scan,
        { reading, variants: ofMessages } = linesOf(entry, bytes),
        isKept = text === undefined;
      let shape: Shape,
        start = from,
        stop = lineEnd;
      if (entry.message < 0) {
        if (!reading.request) return -1;
        shape = variants.ofRequest(reading.request, reading.level);
      } else {
        start = starts[entry.message]!;
        stop = ends[entry.message]!;
        if (stop - start > mostCopied) return -1;
        const length = copyMessage(bytes, entry);
        if (length <= 0 || isSpecial(scratch)) return -1;
        const said = shapes.of(scratch, 0);
        if (shapes.line.escaped || said.form !== undefined || said.outcome !== undefined || said.isBlank) return -1;
        const known = ofMessages.get(said);
        shape = known ?? variants.of(said, reading);
        if (!known) {
          if (ofMessages.size > mostVariants) ofMessages.clear();
          ofMessages.set(said, shape);
        }
        // Docker's have nothing escaped but the line feed at their end.
        const isEscaped =
            entry.error >= 0 ||
            (kinds[entry.message] === escapedText && (length !== stop - start - 2 || bytes[stop - 1] !== letterN)),
          isJoined = keeper.mayJoin(stream, shape);
        if (isEscaped || isJoined || !isKept) {
          const line =
            isEscaped || text?.length !== lineEnd - from
              ? lineBytes.decode(scratch, 0, length)
              : // Of ASCII alone: a byte is a character.
                text.slice(start - from, start - from + length);
          if (isJoined && keeper.joins(stream, shape, line, member)) return lineEnd;
          const record = keeper.open(stream, shape, member);
          record.bytes = undefined;
          record.text = line;
          return lineEnd;
        }
      }
      const record = keeper.open(stream, shape, member);
      record.bytes = isKept ? bytes : undefined;
      record.from = start;
      record.end = kinds[entry.message] === escapedText ? stop - 2 : stop;
      record.text = text;
      return lineEnd;
    },
  };
}

/** Whether a message is a wrapper itself, or names columns. */
function isSpecial(line: Uint8Array): boolean {
  const [first] = line;
  return first === brace || first === angle || first === hash || first === atSign || endOfRuntimePrefix(line, 0) !== 0;
}

function withPath(reading: Reading, path: string): Reading {
  const { request } = reading,
    asked = request && requestOf(request.method, path, Number(request.status[0]) * 100);
  return asked ? { ...reading, request: asked } : reading;
}
