// Shapes of messages with what their wrappers say beside them: a level, a logger, an answered request. Made once,
// looked up ever after.
import type { Severity } from '../../../model/evidence/evidence.ts';
import type { WebRequest } from './accessLog.ts';
import type { Reading } from './reading.ts';
import type { Loggers } from '../header/loggerClass.ts';
import type { Recognizer } from '../template/recognition.ts';
import { wholeShape } from '../record/readShape.ts';
import { isBad, worse } from '../text/severity.ts';
import type { Shape } from '../record/shapes.ts';
import { describe } from '../template/recognition.ts';

export interface Variants {
  /** A message's shape with what it was wrapped in. */
  of(shape: Shape, outer: Reading): Shape;
  /** Of a line that tells of nothing but a request. */
  ofRequest(request: WebRequest, level: Severity | undefined): Shape;
}

const mostOfOne = 4096,
  mostRequests = 1 << 16;

export function createVariants(recognizer: Recognizer, loggers: Loggers): Variants {
  const known = new WeakMap<Shape, Map<string, Shape>>();
  const requests = new Map<string, Shape>();

  function make(shape: Shape, { level, logger, request, values, states, isHandedOn }: Reading): Shape {
    const worst = worse(level, shape.level);
    const said = request
      ? recognizer.groupOfRequest(request, describe(recognizer.root(shape.group)))
      : recognizer.groupWithStates(shape.group, states);
    const group = values ? recognizer.groupWithValues(said, values) : said;
    return {
      ...shape,
      group,
      level: worst,
      logger: logger === '' ? shape.logger : loggers.of(logger),
      announces: level === undefined ? shape.announces : isBad(worst),
      // A frame or the end of a trace goes on with what is before it, whoever handed it on; all else is a record if it
      // has fields of its own.
      ...(!isHandedOn &&
        !shape.continues &&
        !shape.hasHeader && { hasHeader: true, isWhole: true, mayBePrefixed: false }),
    };
  }

  return {
    of(shape, outer) {
      let variants = known.get(shape);
      if (!variants || variants.size > mostOfOne) known.set(shape, (variants = new Map<string, Shape>()));
      const { level, logger, request, values, states, isHandedOn } = outer;
      const key =
        `${level ?? ''} ${isHandedOn ? 1 : 0} ` +
        `${request ? `${request.method} ${request.path} ${request.status}` : ''} ${logger} ` +
        `${values?.join(' ') ?? ''} ${states ?? ''}`;
      let variant = variants.get(key);
      if (!variant) variants.set(key, (variant = make(shape, outer)));
      return variant;
    },
    ofRequest(request, level) {
      const key = `${level ?? ''} ${request.method} ${request.path} ${request.status}`;
      let shape = requests.get(key);
      if (!shape) {
        if (requests.size >= mostRequests) requests.clear();
        requests.set(key, (shape = wholeShape(recognizer.groupOfRequest(request), level)));
      }
      return shape;
    },
  };
}
