/**
 * A room's messages as rows of a list: days, the line before what is new, bubbles in groups. Pure.
 *
 * @module
 */

/** @import { Message, Pending } from '../client/types.js' */

/**
 * @typedef {{ kind: 'day', key: string, at: string | number }
 *   | { kind: 'new', key: string }
 *   | { kind: 'message', key: string, message: Message, mine: boolean, first: boolean, last: boolean }
 *   | { kind: 'pending', key: string, pending: Pending, mine: true, first: boolean, last: boolean }
 * } Row
 */

/** Messages of one sender that follow each other within this time are one group. */
const GROUP_MS = 5 * 60_000;

/** @param {Message} m */
const isNotice = (m) => m.message_type === 'system' || m.message_type === 'job_update';

/**
 * When the day of the local clock began that a time falls on. Most times fall on the day of the one
 * before, and dates are slow.
 */
function daysOf() {
  let from = 0;
  let to = 0;
  return (/** @type {number} */ time) => {
    if (time < from || time >= to) {
      const day = new Date(time);
      from = day.setHours(0, 0, 0, 0);
      to = day.setDate(day.getDate() + 1);
    }
    return from;
  };
}

/**
 * @param {object} of
 * @param {readonly Message[]} of.messages one run
 * @param {readonly Pending[]} of.pending
 * @param {string | number | undefined} of.me
 * @param {boolean} of.hasBefore whether more precede the first message
 * @param {number | null} of.newAfter messages of others above this number are new; null: no line
 * @returns {Row[]}
 */
export function rowsOf({ messages, pending, me, hasBefore, newAfter }) {
  /** @type {Row[]} */
  const rows = [];
  let marked = newAfter === null;
  // While more precede it, the first message stays back: how it looks (a new day? a new group?) is
  // known only with its predecessor, and a row must not change its height once it is on screen.
  const start = hasBefore && messages.length > 1 ? 1 : 0;
  const dayOf = daysOf();
  let time = 0;
  /** How a message follows the one before it; each pair is looked at once, in order. */
  const follows = (/** @type {Message | undefined} */ a, /** @type {Message | undefined} */ b) => {
    const before = time;
    time = b ? Date.parse(b.timestamp) : 0;
    const newDay = !a || !b || dayOf(before) !== dayOf(time);
    const joins =
      !newDay &&
      a.sender.id === b.sender.id &&
      !isNotice(a) &&
      !isNotice(b) &&
      time - before < GROUP_MS;
    return { newDay, joins };
  };
  if (start) time = Date.parse(messages[0].timestamp);
  let link = follows(messages[start - 1], messages[start]);
  for (let i = start; i < messages.length; i++) {
    const message = messages[i];
    const mine = message.sender.id === me;
    if (link.newDay) rows.push({ kind: 'day', key: `d${message.seq}`, at: message.timestamp });
    let first = !link.joins;
    if (!marked && newAfter !== null && message.seq > newAfter && !mine) {
      rows.push({ kind: 'new', key: 'new' });
      marked = first = true;
    }
    link = follows(message, messages[i + 1]);
    rows.push({
      kind: 'message',
      // The bubble that waited for its echo, and the message that it became, are the same row.
      key: mine && message.client_id ? message.client_id : `m${message.seq}`,
      message,
      mine,
      first,
      last: !link.joins,
    });
  }
  const before = messages.at(-1);
  pending.forEach((p, i) => {
    const joins =
      i > 0 ||
      (before !== undefined &&
        before.sender.id === me &&
        !isNotice(before) &&
        p.at - Date.parse(before.timestamp) < GROUP_MS);
    if (joins && i === 0) {
      const row = rows[rows.length - 1];
      if (row.kind === 'message') row.last = false;
    }
    rows.push({
      kind: 'pending',
      key: p.client_id,
      pending: p,
      mine: true,
      first: !joins,
      last: i === pending.length - 1,
    });
  });
  return rows;
}

/**
 * Text in pieces: words, and addresses that may be followed.
 *
 * @param {string} text
 * @returns {{ text: string, href: string | null }[]}
 */
export function linked(text) {
  /** @type {{ text: string, href: string | null }[]} */
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(/\bhttps?:\/\/[^\s<>"']+/gi)) {
    // What ends a sentence does not end an address.
    const url = match[0].replace(/[.,;:!?)\]}»”]+$/, '');
    if (!URL.canParse(url)) continue;
    if (match.index > at) parts.push({ text: text.slice(at, match.index), href: null });
    parts.push({ text: url, href: url });
    at = match.index + url.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), href: null });
  return parts;
}
