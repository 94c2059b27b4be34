/**
 * The one reducer: what the server says, and what the user does, as changes of one state. Pure: the
 * clock, the network and the storage are its caller's.
 *
 * Three numbers per room keep it exact. The *position* (the end of the last run) and `version` are
 * where `sync` starts: they move only with what came in order. `counted` is the version up to which
 * `unread` is right: a frame at or below it was in a figure that the server gave.
 *
 * @module
 */

import {
  append,
  emptyLog,
  insert,
  leaveHole,
  mapLog,
  messageAt,
  positionOf,
  replace,
  tailOf,
} from './log.js';

/** @import { Action, Frame, Message, Pending, Room, RoomInfo, State, User, UserId } from './types.js' */

/** How long somebody's typing shows without being said again, in milliseconds. */
export const TYPING_MS = 6_000;

/** @type {State} */
export const INITIAL = {
  status: 'connecting',
  reason: null,
  me: null,
  total: 0,
  rooms: {},
  more: null,
  queue: undefined,
  welcomed: false,
  pending: [],
  presence: {},
  limits: { message_length: 4_000, attachment_bytes: 20 * 1024 * 1024 },
};

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State} the same object where nothing changed
 */
export function reduce(state, action) {
  switch (action.type) {
    case 'status':
      return state.status === action.status && state.reason === action.reason
        ? state
        : { ...state, status: action.status, reason: action.reason };
    case 'frame':
      return receive(state, action.frame, action.now);
    case 'rooms':
      return { ...action.rooms.reduce(learn, state), more: action.next };
    case 'queue':
      return { ...state, queue: action.more };
    case 'syncing':
      return action.rooms.reduce((s, id) => patch(s, id, () => ({ syncing: true })), state);
    case 'asking':
      return patch(state, action.room, (room) => ({
        asked: room.asked + 1,
        loading: action.page,
        failed: false,
      }));
    case 'page':
      return page(state, action);
    case 'page_failed':
      return patch(state, action.room, (room) => ({ ...answered(room), failed: true }));
    case 'focus':
      // A jump that is still under way was wanted before.
      return patch(state, action.room, ({ loading }) => ({ focus: action.seq, loading: loading && 'latest' }));
    case 'pending':
      return withPending(state, action.entries);
    case 'pending_changed':
      return {
        ...state,
        pending: state.pending.map((p) =>
          p.client_id === action.client_id ? { ...p, ...action.change } : p,
        ),
      };
    case 'pending_gone':
      return { ...state, pending: state.pending.filter((p) => p.client_id !== action.client_id) };
    case 'expire':
      return expire(state, action.now);
  }
}

/**
 * @param {State} state
 * @param {Frame} frame
 * @param {number} now
 * @returns {State}
 */
function receive(state, frame, now) {
  switch (frame.type) {
    case 'welcome':
      return welcome(state, frame);
    case 'synced':
      return synced(state, frame);
    case 'room':
      return learn(state, frame.room);
    case 'room_left':
      return leave(state, frame.room, frame.reason ?? 'left');
    case 'chat_message':
      return posted(state, frame);
    case 'message_edited':
    case 'message_deleted':
      return changed(state, frame);
    case 'gap':
      return patch(state, frame.room, (room) => ({
        runs: leaveHole(room.runs, frame.to_seq),
        lastSeq: Math.max(room.lastSeq, frame.to_seq),
      }));
    case 'read':
      return read(state, frame);
    case 'typing':
      return patch(state, frame.room, (room) => ({
        typing: [
          ...room.typing.filter((t) => t.user.id !== frame.user.id),
          ...(frame.is_typing && frame.user.id !== state.me?.id
            ? [{ user: frame.user, until: now + TYPING_MS }]
            : []),
        ],
      }));
    case 'presence':
      return {
        ...state,
        presence: {
          ...state.presence,
          [frame.user_id]: { online: frame.is_online, lastSeen: frame.last_seen ?? null },
        },
      };
    case 'user_erased':
      return erase(state, frame.user_id);
    default:
      return state;
  }
}

/**
 * @param {State} state
 * @param {Room['id']} id
 * @param {(room: Room) => Partial<Room>} change
 * @returns {State}
 */
function patch(state, id, change) {
  const room = state.rooms[id];
  return room ? { ...state, rooms: { ...state.rooms, [id]: { ...room, ...change(room) } } } : state;
}

/** @param {RoomInfo} info @returns {Room} */
const enter = (info) => ({
  id: info.id,
  info,
  runs:
    info.last_message && info.last_message.seq === info.last_seq
      ? [{ from: info.last_seq, items: [info.last_message] }]
      : emptyLog(info.last_seq),
  version: info.version,
  counted: info.version,
  lastSeq: info.last_seq,
  lastRead: info.last_read_seq,
  unread: info.unread_count,
  syncing: false,
  loaded: info.last_seq === 0,
  asked: 0,
  loading: '',
  failed: false,
  focus: null,
  patches: {},
  typing: [],
  left: null,
});

/**
 * Takes what a room says of itself. A room that is known keeps its position: what came before this
 * answer on the socket may still be on its way.
 *
 * @param {State} state
 * @param {RoomInfo} info
 * @returns {State}
 */
function learn(state, info) {
  const known = state.rooms[info.id];
  /** @type {Room} */
  let room;
  if (!known || known.left !== null) room = enter(info);
  // What was told since is newer.
  else if (info.version < Math.max(known.info.version, known.syncing ? 0 : known.version)) return state;
  else {
    const newer = !known.syncing && info.version > known.counted;
    room = {
      ...known,
      info,
      lastSeq: Math.max(known.lastSeq, info.last_seq),
      lastRead: Math.max(known.lastRead, info.last_read_seq),
      ...(newer && { unread: info.unread_count, counted: info.version }),
    };
  }
  const presence = { ...state.presence };
  for (const p of info.participants) {
    presence[p.user.id] ??= { online: p.is_online, lastSeen: p.last_seen };
  }
  return {
    ...state,
    presence,
    rooms: { ...state.rooms, [room.id]: room },
    // Rooms beyond the first page were in the total before they were known.
    total: known && known.left === null ? state.total + room.unread - known.unread : state.total,
  };
}

/** @param {State} state @param {Frame} frame @returns {State} */
function welcome(state, frame) {
  // Nothing of somebody else's stays.
  const { rooms: held, pending, queue } =
    state.me === null || state.me.id === frame.user.id ? state : INITIAL;
  /** @type {Record<number, Room>} */
  const rooms = {};
  for (const room of Object.values(held)) {
    rooms[room.id] = room.left === null ? { ...room, syncing: true, failed: false, typing: [] } : room;
  }
  /** @type {Record<string, State['presence'][string]>} */
  const presence = {};
  for (const info of /** @type {RoomInfo[]} */ (frame.rooms)) {
    const known = rooms[info.id];
    rooms[info.id] =
      // Nothing was read in it yet: nothing to heal.
      !known || known.left !== null || !(known.loaded || known.loading)
        ? enter(info)
        : {
            ...known,
            info,
            lastSeq: Math.max(known.lastSeq, info.last_seq),
            lastRead: Math.max(known.lastRead, info.last_read_seq),
            unread: info.unread_count,
            counted: info.version,
            // Where nothing happened since, there is nothing to ask for.
            syncing: known.version !== info.version || positionOf(known.runs) < info.last_seq,
          };
    for (const p of info.participants) {
      presence[p.user.id] = { online: p.is_online, lastSeen: p.last_seen };
    }
  }
  return settle({
    ...state,
    status: 'connected',
    reason: null,
    me: frame.user,
    total: frame.total_unread,
    rooms,
    pending,
    more: frame.next ?? null,
    queue,
    welcomed: true,
    presence,
    limits: { ...INITIAL.limits, ...frame.limits },
  });
}

/** @param {State} state @param {Frame} frame @returns {State} */
function synced(state, frame) {
  let next = state;
  for (const [id, level] of Object.entries(frame.rooms)) {
    next =
      level === null
        ? leave(next, Number(id), 'lost')
        : patch(next, Number(id), (room) => ({
            runs: leaveHole(room.runs, level.last_seq),
            version: level.version,
            counted: level.version,
            lastSeq: level.last_seq,
            lastRead: level.last_read_seq,
            unread: level.unread_count,
            syncing: false,
          }));
  }
  return settle({ ...next, total: frame.total_unread });
}

/** @param {State} state @param {Frame} frame @returns {State} */
function posted(state, frame) {
  /** @type {Message} */
  const message = frame.message;
  const id = frame.room ?? message.room;
  const room = state.rooms[id];
  if (!room || room.left !== null) return state;
  const mine = message.sender.id === state.me?.id;
  const position = positionOf(room.runs);
  const version = frame.version ?? 0;
  /** @type {Partial<Room>} */
  const change = {};

  if (message.seq === position + 1) {
    change.runs = append(room.runs, message);
    if (!room.syncing) change.version = Math.max(room.version, version);
  } else if (message.seq <= position) {
    // Seen already, or a repeated client_id out of the order: the message as it was then.
    if (version > room.version) change.runs = replace(room.runs, message);
    if (!mine && !room.syncing) change.version = Math.max(room.version, version);
  }
  let total = state.total;
  if (message.seq <= position + 1) {
    change.lastSeq = Math.max(room.lastSeq, message.seq);
    change.typing = room.typing.filter((t) => t.user.id !== message.sender.id);
    if (Date.parse(message.timestamp) > Date.parse(room.info.updated_at)) {
      change.info = { ...room.info, updated_at: message.timestamp, last_message: message };
    }
    if (!room.syncing && !mine && version > room.counted) {
      change.counted = version;
      if (message.seq > room.lastRead && message.deleted_at === null) {
        change.unread = room.unread + 1;
        total++;
      }
    }
  }
  let next = patch({ ...state, total }, id, () => change);
  const status = message.data?.status?.to;
  // What the room was told later knows better.
  if (status != null && version > room.info.version) next = follow(next, room.info.job?.id, status);
  return mine && message.client_id ? settle(echo(next, message)) : next;
}

/**
 * A job tells of its status in its main room; all its rooms show it.
 *
 * @param {State} state
 * @param {UserId | undefined} jobId
 * @param {string} status
 * @returns {State}
 */
function follow(state, jobId, status) {
  let next = state;
  for (const { id, info, info: { job } } of Object.values(state.rooms)) {
    if (job && job.id === jobId) {
      next = patch(next, id, () => ({ info: { ...info, job: { ...job, status } } }));
    }
  }
  return next;
}

/**
 * The echo of one's own message: it is stored. Its bubble stays until the log holds it.
 *
 * @param {State} state
 * @param {Message} message
 */
const echo = (state, message) => ({
  ...state,
  pending: state.pending.map((p) =>
    p.client_id === message.client_id && p.room === message.room
      ? { ...p, state: /** @type {const} */ ('sent'), seq: message.seq, upload: null }
      : p,
  ),
});

/**
 * Lets go of the messages of one's own that the log shows now, or that lie in its past.
 *
 * @param {State} state
 * @returns {State}
 */
function settle(state) {
  if (!state.pending.length) return state;
  const pending = state.pending.filter((p) => {
    const room = state.rooms[p.room];
    if (!room) return p.seq === 0;
    if (p.seq) return p.seq > positionOf(room.runs);
    // A message that waits for its echo is among the latest.
    const latest = tailOf(room.runs).items.slice(-1_000);
    return !latest.some((m) => m.client_id === p.client_id && m.sender.id === state.me?.id);
  });
  return pending.length === state.pending.length ? state : { ...state, pending };
}

/** @param {State} state @param {Pending[]} entries @returns {State} */
function withPending(state, entries) {
  const known = new Set(state.pending.map((p) => p.client_id));
  const added = entries.filter((p) => !known.has(p.client_id));
  if (!added.length) return state;
  return settle({ ...state, pending: [...state.pending, ...added].sort((a, b) => a.at - b.at) });
}

/**
 * Takes the words out of quotes of what was deleted.
 *
 * @param {(quote: { id: number, seq: number }) => unknown} isGone
 * @returns {<T extends { reply_to: Message['reply_to'] }>(m: T) => T}
 */
const unquote = (isGone) => (m) =>
  m.reply_to?.excerpt && isGone(m.reply_to) ? { ...m, reply_to: { ...m.reply_to, excerpt: '' } } : m;

/** @param {State} state @param {Frame} frame @returns {State} */
function changed(state, frame) {
  /** @type {Message} */
  const message = frame.message;
  const id = frame.room ?? message.room;
  const room = state.rooms[id];
  if (!room || room.left !== null) return state;
  const held = messageAt(room.runs, message.seq);
  const deleted = frame.type === 'message_deleted';
  /** @type {Partial<Room>} */
  const change = {};
  if (held) change.runs = replace(room.runs, message);
  if (room.loading) change.patches = { ...room.patches, [message.seq]: message };
  let { total, pending } = state;
  if (deleted) {
    const answer = unquote(({ id }) => id === message.id);
    change.runs = mapLog(change.runs ?? room.runs, answer);
    pending = pending.map(answer);
  }
  if (room.info.last_message?.id === message.id) {
    change.info = { ...room.info, last_message: message };
  }
  if (!room.syncing) {
    const version = frame.version ?? 0;
    change.version = Math.max(room.version, version);
    if (version > room.counted) {
      change.counted = version;
      if (deleted && message.sender.id !== state.me?.id && message.seq > room.lastRead) {
        change.unread = Math.max(0, room.unread - 1);
        total -= room.unread - change.unread;
      }
    }
  }
  return patch({ ...state, total, pending }, id, () => change);
}

/** @param {State} state @param {Frame} frame @returns {State} */
function read(state, frame) {
  const room = state.rooms[frame.room];
  // A room beyond the list that was loaded counts in the total too.
  if (!room || room.left !== null) return { ...state, total: frame.total_unread ?? state.total };
  const version = frame.version ?? 0;
  const order = room.syncing ? {} : { version: Math.max(room.version, version) };
  if (frame.user_id === state.me?.id) {
    const exact = !room.syncing && frame.unread_count !== undefined && version >= room.counted;
    return {
      ...patch(state, frame.room, () => ({
        ...order,
        lastRead: Math.max(room.lastRead, frame.up_to_seq),
        ...(exact && { unread: frame.unread_count, counted: version }),
      })),
      total: frame.total_unread ?? state.total,
    };
  }
  return patch(state, frame.room, () => ({
    ...order,
    info: {
      ...room.info,
      participants: room.info.participants.map((p) =>
        p.user.id === frame.user_id
          ? { ...p, last_read_seq: Math.max(p.last_read_seq, frame.up_to_seq) }
          : p,
      ),
    },
  }));
}

/**
 * Nothing of a room stays with those who lost it, but the reason.
 *
 * @param {State} state
 * @param {Room['id']} id
 * @param {string} reason
 * @returns {State}
 */
function leave(state, id, reason) {
  const room = state.rooms[id];
  if (!room || room.left !== null) return state;
  const next = patch(state, id, () => ({
    ...enter({ ...room.info, participants: [], last_message: null, unread_count: 0 }),
    left: reason,
  }));
  return {
    ...next,
    total: Math.max(0, state.total - room.unread),
    pending: state.pending.filter((p) => p.room !== id),
  };
}

/**
 * What was told while pages were under way is kept until the last of them has come.
 *
 * @param {Room} room
 */
const answered = ({ asked }) =>
  asked > 1 ? { asked: asked - 1 } : { asked: 0, loading: /** @type {const} */ (''), patches: {} };

/**
 * @param {State} state
 * @param {Extract<Action, { type: 'page' }>} action
 * @returns {State}
 */
function page(state, action) {
  const { page, results, seq } = action;
  return settle(
    patch(state, action.room, (room) => {
      if (room.left !== null) return {};
      const fresh = results
        .map((m) => room.patches[m.seq] ?? m)
        .map(unquote(({ seq }) => room.patches[seq]?.deleted_at));
      const last = fresh.at(-1)?.seq ?? 0;
      return {
        runs: insert(room.runs, fresh),
        lastSeq: Math.max(room.lastSeq, last),
        ...answered(room),
        loaded: true,
        failed: false,
        // Show where the page led to; at the live end there is nothing to hold on to.
        focus: page === 'around' && room.loading === page ? seq : room.focus,
      };
    }),
  );
}

/** @param {State} state @param {UserId} userId @returns {State} */
function erase(state, userId) {
  /** @type {(user: User) => User} */
  const blank = (user) => (user.id === userId ? { id: userId, username: '', first_name: '' } : user);
  /** @type {<T extends { reply_to: Message['reply_to'] }>(m: T) => T} */
  const unquoted = (m) =>
    m.reply_to?.sender.id === userId
      ? { ...m, reply_to: { ...m.reply_to, sender: blank(m.reply_to.sender), excerpt: '' } }
      : m;
  /** @type {(message: Message) => Message} */
  const clear = (m) =>
    m.sender.id === userId
      ? {
          ...m,
          sender: blank(m.sender),
          content: '',
          attachment: null,
          deleted_at: m.deleted_at ?? m.timestamp,
        }
      : unquoted(m);
  /** @type {Record<number, Room>} */
  const rooms = {};
  for (const room of Object.values(state.rooms)) {
    rooms[room.id] = {
      ...room,
      runs: mapLog(room.runs, clear),
      // A page that is under way is asked for again.
      patches: {},
      typing: room.typing.filter((t) => t.user.id !== userId),
      info: {
        ...room.info,
        participants: room.info.participants.map((p) => ({ ...p, user: blank(p.user) })),
        last_message: room.info.last_message && clear(room.info.last_message),
      },
    };
  }
  return { ...state, rooms, pending: state.pending.map(unquoted) };
}

/** @param {State} state @param {number} now @returns {State} */
function expire(state, now) {
  let next = state;
  for (const room of Object.values(state.rooms)) {
    if (room.typing.some((t) => t.until <= now)) {
      next = patch(next, room.id, (r) => ({ typing: r.typing.filter((t) => t.until > now) }));
    }
  }
  return next;
}
