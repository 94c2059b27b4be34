/**
 * What a browser holds of a room's log: runs of messages without a hole between them, ascending and
 * apart from each other. The last run is the live end, the only one that may be empty. A hole is
 * the space between two runs; it is never shown, because only one run is.
 *
 * All functions are pure.
 *
 * @module
 */

/** @import { Message, Run } from './types.js' */

/**
 * Holds nothing yet; the next live message will be `lastSeq + 1`.
 *
 * @param {number} lastSeq
 * @returns {readonly Run[]}
 */
export const emptyLog = (lastSeq) => [{ from: lastSeq + 1, items: [] }];

/** @param {Run} run @returns {number} the number of its last message; `from − 1` when empty */
export const endOf = (run) => run.from + run.items.length - 1;

/** @param {readonly Run[]} runs @returns {Run} the live end */
export const tailOf = (runs) => runs[runs.length - 1];

/** @param {readonly Run[]} runs @returns {number} all up to the live end's last number is known */
export const positionOf = (runs) => endOf(tailOf(runs));

/**
 * The run that holds a number, else the live end.
 *
 * @param {readonly Run[]} runs
 * @param {number | null} seq
 */
export const runAt = (runs, seq) =>
  (seq !== null && runs.find((run) => run.from <= seq && seq <= endOf(run))) || tailOf(runs);

/**
 * @param {readonly Run[]} runs
 * @param {number} seq
 * @returns {Message | undefined}
 */
export function messageAt(runs, seq) {
  for (const run of runs) if (run.from <= seq && seq <= endOf(run)) return run.items[seq - run.from];
}

/**
 * @param {readonly Run[]} runs
 * @param {number} id
 * @returns {Message | undefined}
 */
export function messageById(runs, id) {
  for (const run of runs) {
    const message = run.items.find((m) => m.id === id);
    if (message) return message;
  }
}

/**
 * Appends the next message at the live end.
 *
 * @param {readonly Run[]} runs
 * @param {Message} message numbered one above the position
 */
export const append = (runs, message) => {
  const tail = tailOf(runs);
  return [...runs.slice(0, -1), { from: tail.from, items: [...tail.items, message] }];
};

/**
 * Puts a page into its place. What is held already stays: it heard of every change since.
 *
 * @param {readonly Run[]} runs
 * @param {readonly Message[]} page ascending by seq without a hole
 */
export function insert(runs, page) {
  if (!page.length) return runs;
  let merged = /** @type {Run} */ ({ from: page[0].seq, items: page });
  /** @type {Run[]} */
  const before = [];
  /** @type {Run[]} */
  const after = [];
  for (const run of runs) {
    if (endOf(run) + 1 < merged.from) before.push(run);
    else if (run.from > endOf(merged) + 1) after.push(run);
    else merged = union(run, merged);
  }
  // An empty live end that a page left behind is a hole like any other.
  return [...before.filter((run) => run.items.length), merged, ...after];
}

/**
 * @param {Run} held wins where both have a message
 * @param {Run} page
 * @returns {Run}
 */
const union = (held, page) => ({
  from: Math.min(held.from, page.from),
  items: [
    ...page.items.slice(0, Math.max(0, held.from - page.from)),
    ...held.items,
    ...page.items.slice(Math.max(0, endOf(held) + 1 - page.from)),
  ],
});

/**
 * Leaves a hole up to `to`, and begins a new live end behind it.
 *
 * @param {readonly Run[]} runs
 * @param {number} to the last number of the hole
 */
export const leaveHole = (runs, to) =>
  positionOf(runs) >= to
    ? runs
    : [...(tailOf(runs).items.length ? runs : runs.slice(0, -1)), { from: to + 1, items: [] }];

/**
 * Replaces messages one by one.
 *
 * @param {readonly Run[]} runs
 * @param {(message: Message) => Message} change gives the same object where nothing changes
 */
export function mapLog(runs, change) {
  let touched = false;
  const next = runs.map((run) => {
    /** @type {Message[] | null} */
    let items = null;
    run.items.forEach((message, i) => {
      const to = change(message);
      if (to !== message) (items ??= [...run.items])[i] = to;
    });
    touched ||= items !== null;
    return items ? { from: run.from, items } : run;
  });
  return touched ? next : runs;
}

/**
 * Replaces one message by what it is now, if it is held.
 *
 * @param {readonly Run[]} runs
 * @param {Message} message
 */
export const replace = (runs, message) =>
  runs.map((run) => {
    if (message.seq < run.from || message.seq > endOf(run)) return run;
    const items = [...run.items];
    items[message.seq - run.from] = message;
    return { from: run.from, items };
  });
