/**
 * What a user interface asks of the state. Pure.
 *
 * @module
 */

import { endOf, positionOf, runAt, tailOf } from './log.js';

/** @import { Message, Pending, Room, State, User } from './types.js' */

/** @param {State} state @returns {Room[]} the rooms one may see, most recently active first */
export const roomList = (state) =>
  Object.values(state.rooms)
    .filter((room) => room.left === null)
    .sort((a, b) => Date.parse(b.info.updated_at) - Date.parse(a.info.updated_at) || b.id - a.id);

/**
 * The main room of a job, if it is known.
 *
 * @param {State} state
 * @param {string | number} jobId
 */
export const roomOfJob = (state, jobId) =>
  Object.values(state.rooms).find(
    ({ info }) =>
      info.room_type === 'job' && info.topic === null && String(info.job?.id) === String(jobId),
  );

/**
 * The messages to show: one run, never across a hole.
 *
 * @param {Room} room
 * @returns {{ messages: readonly Message[], hasBefore: boolean, hasAfter: boolean }}
 */
export function shown(room) {
  const run = runAt(room.runs, room.focus);
  return {
    messages: run.items,
    hasBefore: run.from > 1,
    hasAfter: run !== tailOf(room.runs) || endOf(run) < room.lastSeq,
  };
}

/** @param {State} state @param {Room} room @returns {Pending[]} one's own that wait, by writing */
export const pendingIn = (state, room) => state.pending.filter((p) => p.room === room.id);

/**
 * The latest message that is known. Of a room whose messages nobody tells (an admin's who is not in it), what
 * the room says of itself may be newer than what is held.
 *
 * @param {Room} room
 * @returns {Message | null}
 */
export function latest({ runs, info, version }) {
  const held = tailOf(runs).items.at(-1);
  const told = info.last_message;
  const isNewer = told && (!held || told.seq > held.seq || (told.seq === held.seq && info.version > version));
  return isNewer ? told : (held ?? null);
}

/**
 * Whether a conversation with support waits for an admin: open, and the last word is somebody else's.
 *
 * @param {Room} room
 */
export function isWaiting(room) {
  const { room_type, is_active, participants } = room.info;
  const last = latest(room);
  if (room_type !== 'support' || !is_active || !last) return false;
  const isAdmin = (/** @type {{ role: string }} */ p) => p.role === 'admin';
  const sender = participants.find((p) => p.user.id === last.sender.id);
  // The platform's notices answer nobody.
  return sender ? !isAdmin(sender) : !participants.some(isAdmin);
}

/**
 * Whether somebody else has read a message.
 *
 * @param {Room} room
 * @param {Message} message
 */
export const isRead = (room, message) =>
  message.is_read ||
  room.info.participants.some(
    (p) => p.user.id !== message.sender.id && p.last_read_seq >= message.seq,
  );

/** @param {State} state @param {Room} room @returns {User[]} the people in it besides oneself */
export const others = (state, room) =>
  room.info.participants.map((p) => p.user).filter((user) => user.id !== state.me?.id);

/** @param {State} state @param {User} user */
export const isOnline = (state, user) => state.presence[user.id]?.online ?? false;

/** @param {User} user @returns {string} empty for one who was erased */
export const nameOf = (user) => user.first_name || user.username;

export { positionOf };
