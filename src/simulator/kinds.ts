/** Kinds of planned events. About an agent: day to back and wrappedUp; about a call: the others. */
export const kind = {
  day: 0,
  on: 1,
  off: 2,
  pause: 3,
  back: 4,
  wrappedUp: 5,
  gaveUp: 6,
  step: 7,
  pickedUp: 8,
  missed: 9,
  talked: 10,
  review: 11,
} as const;
