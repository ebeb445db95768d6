// Marks as the shapes of edits, in seconds and hertz, and back.

import { outlined } from './outlines.js';

/** As many digits as say where something lies, and few enough that every reader takes the same number of them. */
const secsOf = (t) => Number(t.toFixed(6));
const hzOf = (hz) => Number(hz.toFixed(3));

/** A mark as a shape; null where it holds nothing. `ends` are those of the sound: what reaches them has no end. */
export function shapeOf(mark, ends) {
  if (!mark) return null;
  if (mark.points) return { lasso: { points: mark.points } };
  const secs = [secsOf(mark.t0), secsOf(mark.t1)];
  const hz = [hzOf(mark.f0), hzOf(mark.f1)];
  if (secs[0] >= secs[1] || hz[0] >= hz[1]) return null;
  const isAllTime = mark.t0 <= ends.t0 && mark.t1 >= ends.t1;
  const isAllHz = mark.f0 <= ends.f0 && mark.f1 >= ends.f1;
  if (isAllHz) return { time: { secs } };
  return isAllTime ? { band: { hz } } : { rectangle: { secs, hz } };
}

/** The mark of a shape. */
export function markOf(shape, { t0, t1, f0, f1 }) {
  const { secs = [t0, t1], hz = [f0, f1], points } = Object.values(shape)[0];
  return points ? outlined(points) : { t0: secs[0], t1: secs[1], f0: hz[0], f1: hz[1] };
}
