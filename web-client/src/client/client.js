/**
 * The headless client: one store over one socket.
 *
 * @module
 */

import { Connection } from './connection.js';
import { Credentials } from './credentials.js';
import { browserEnv } from './env.js';
import { ChatError, Http } from './http.js';
import { newClientId } from './ids.js';
import { messageAt, messageById, positionOf, tailOf } from './log.js';
import { Outbox } from './outbox.js';
import { INITIAL, reduce, TYPING_MS } from './state.js';
import { roomList, roomOfJob, shown } from './views.js';

/** @import { GetToken } from './credentials.js' */
/** @import { Env } from './env.js' */
/** @import { Action, Earlier, Found, Frame, Message, Pending, Quote, RoomId, State, UserId } from './types.js' */

/** Messages in a page of history. */
const PAGE = 50;
/** How long an answer may take, in milliseconds. */
const ANSWER_MS = 15_000;
/** When a message whose echo has not come is sent once more. */
const RESEND_MS = 10_000;
/** Typing is said again after this long, and taken back after this long without a key. */
const TYPING_AGAIN_MS = 3_000;
/** Before a room's id, it names a `read`: nobody else's answers look like this. */
const MARK = 'r';
/** How often an admin who only looks at a room asks for what nobody tells them, in milliseconds. */
const LOOK_MS = 4_000;
/** Rooms in a page of an admin's queue. */
const QUEUE_PAGE = 100;
/** How often an admin's queue asks for what nobody tells them, in milliseconds. */
const QUEUE_MS = 10_000;
/** How soon it asks after a room of it was told to be new, or to have changed. */
const QUEUE_SOON_MS = 1_000;
/** Rooms in one `sync`, so that its frame stays small. */
const SYNC_ROOMS = 400;

/**
 * @typedef {object} Options
 * @property {string} [server] the chat server, e.g. `https://chat.example.com`; the page's own where
 *   absent
 * @property {string | null} [token]
 * @property {GetToken} [getToken] gives a token, and another one when the last was refused
 * @property {Partial<Env>} [env] for tests
 */

/**
 * A chat client of one user. Subscribe to its state, and call its verbs; what they do comes back
 * through the state.
 */
export class ChatClient {
  /** The chat server's address, without a slash at the end. */
  server;
  #env;
  #credentials;
  #connection;
  #http;
  /** @type {State} */
  #state = INITIAL;
  /** @type {Set<() => void>} */
  #listeners = new Set();
  #told = true;
  /** @type {Set<(message: Message) => void>} */
  #incoming = new Set();
  /** @type {Outbox | null} */
  #outbox = null;
  /** When each waiting message left on this connection. @type {Map<string, number>} */
  #left = new Map();
  /** @type {Map<string, AbortController>} */
  #uploads = new Map();
  /** What was uploaded from here, by its addresses. @type {Map<string, Blob>} */
  #own = new Map();
  /** The files of uploads, for another try. @type {Map<string, File>} */
  #uploadFiles = new Map();
  /** Messages whose files a reload would lose. @type {Set<string>} */
  #unkept = new Set();
  /** @type {Map<string, { resolve: (frame: Frame) => void, reject: (e: Error) => void, timer: any }>} */
  #asked = new Map();
  #nextAsk = 1;
  /** Rooms on display. @type {Map<RoomId, number>} */
  #watched = new Map();
  /** The mark wanted, and the one said on this connection. @type {Map<RoomId, { want: number, said: number }>} */
  #marks = new Map();
  /** @type {Map<RoomId, { said: number, stop: any }>} */
  #typing = new Map();
  /** @type {any} */
  #resend = null;
  /** @type {Map<string, Promise<RoomId>>} */
  #opening = new Map();
  /** Who shows the queue. @type {Set<object>} */
  #queues = new Set();
  /** @type {any} */
  #queueTimer = null;
  /** The latest activity in the queue that was asked for; all after it is news. */
  #queueSince = '';
  #started = false;
  /** How many erasures were told. */
  #erasures = 0;

  /** @param {Options} options */
  constructor({ server, token = null, getToken, env } = {}) {
    this.#env = { ...browserEnv(), ...env };
    this.server = (server ?? globalThis.location?.origin ?? '').replace(/\/+$/, '');
    this.#credentials = new Credentials(token, getToken);
    this.#http = new Http(this.server, this.#credentials, this.#env);
    this.#connection = new Connection({
      server: this.server,
      credentials: this.#credentials,
      env: this.#env,
      onFrame: (frame) => this.#receive(frame),
      onStatus: (status, reason) => this.#changeStatus(status, reason),
    });
  }

  // ----- the store ---------------------------------------------------------------------------

  /** The state as it is; the same object until something changes. */
  getSnapshot = () => this.#state;

  /**
   * Tells of changes: once for all that happened in the same turn.
   *
   * @param {() => void} listener
   * @returns {() => void} ends it
   */
  subscribe = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /**
   * Tells of each message of somebody else's that came live and is unread.
   *
   * @param {(message: Message) => void} listener
   * @returns {() => void} ends it
   */
  onIncoming = (listener) => {
    this.#incoming.add(listener);
    return () => this.#incoming.delete(listener);
  };

  /** @param {Action} action */
  #dispatch(action) {
    const before = this.#state;
    this.#state = reduce(before, action);
    if (this.#state === before) return;
    if (before.pending !== this.#state.pending) this.#tidyOutbox(before.pending);
    if (this.#told) {
      this.#told = false;
      queueMicrotask(() => {
        this.#told = true;
        for (const listener of [...this.#listeners]) listener();
      });
    }
  }

  // ----- connecting --------------------------------------------------------------------------

  /** Connects, and stays connected until {@link disconnect}. */
  connect() {
    if (this.#started) return;
    this.#started = true;
    this.#connection.start();
  }

  /** Ends the connection; messages that wait for their echo are kept. */
  disconnect() {
    if (this.#started) this.#connection.stop();
    this.#closeOutbox();
  }

  /** What waits stays in it. */
  #closeOutbox() {
    for (const upload of this.#uploads.values()) upload.abort();
    this.#unkept.clear();
    this.#guard();
    this.#outbox?.close();
    this.#outbox = null;
    this.#env.clearTimeout(this.#resend);
    this.#resend = null;
  }

  /** The token is somebody else's now: what the one before left undone is not done in their name. */
  #forget() {
    this.#closeOutbox();
    this.#http.forget();
    for (const { stop } of this.#typing.values()) this.#env.clearTimeout(stop);
    for (const kept of [this.#left, this.#marks, this.#typing, this.#own, this.#uploadFiles]) kept.clear();
  }

  /** @param {State['status']} status @param {string | null} [reason] */
  #changeStatus(status, reason = null) {
    this.#dispatch({ type: 'status', status, reason });
    if (status === 'disconnected') {
      if (reason) this.#started = false;
      this.#left.clear();
      for (const mark of this.#marks.values()) mark.said = 0;
      for (const { reject, timer } of this.#asked.values()) {
        this.#env.clearTimeout(timer);
        reject(new ChatError('offline', undefined, true));
      }
      this.#asked.clear();
    }
  }

  /** @param {Frame} frame */
  #receive(frame) {
    const id = String(frame.id);
    const asked = this.#asked.get(id);
    if (asked) {
      this.#asked.delete(id);
      this.#env.clearTimeout(asked.timer);
    }
    if (frame.type === 'error') {
      if (asked) asked.reject(errorOf(frame));
      else if (frame.client_id) this.#refused(frame);
      else if (id.startsWith(MARK)) this.#unread(Number(id.slice(1)), frame);
      return;
    }
    const before = this.#state;
    if (frame.type === 'welcome' && before.me && before.me.id !== frame.user.id) this.#forget();
    this.#dispatch({ type: 'frame', frame, now: this.#env.now() });
    asked?.resolve(frame);
    this.#follow(frame, before, asked !== undefined);
  }

  /**
   * What a frame makes this client do.
   *
   * @param {Frame} frame
   * @param {State} before
   * @param {boolean} asked
   */
  #follow(frame, before, asked) {
    const was = before.rooms[frame.room?.id ?? frame.room];
    // What is unread in any other room, the server knows.
    const isKnown = was?.left === null;
    switch (frame.type) {
      case 'welcome':
        return this.#welcomed();
      case 'synced':
        return this.#level();
      case 'gap':
        // Told while all was level, it says nothing of what is unread in it.
        if (!was?.syncing) this.#sync(isKnown ? [was.id] : []);
        return this.#fillWatched();
      case 'room':
        // Its share of the total is known to the server alone.
        if (!asked && !isKnown) this.#sync([]);
        if (!asked && frame.room.room_type === 'support') this.#queueIn(QUEUE_SOON_MS);
        return this.#fillWatched();
      case 'user_erased':
        this.#erasures++;
        return this.#sync(roomList(this.#state).map((room) => room.id));
      case 'typing':
        this.#env.setTimeout(
          () => this.#dispatch({ type: 'expire', now: this.#env.now() }),
          TYPING_MS + 20,
        );
        return;
      case 'room_left':
      case 'message_deleted':
        if (!isKnown) this.#sync([]);
        return;
      case 'chat_message': {
        const { room: id, seq, sender } = frame.message;
        const room = this.#state.rooms[id];
        const tell = () => {
          for (const listener of [...this.#incoming]) listener(frame.message);
        };
        if (!isKnown) {
          // Beyond the list that was loaded, or back again.
          this.#ask({ type: 'room', room: id }).then(
            () => {
              this.#sync([]);
              if (seq > this.#state.rooms[id].lastRead && sender.id !== this.#state.me?.id) tell();
            },
            () => {},
          );
        } else if (!room.syncing && seq > positionOf(room.runs)) {
          // The server never leaves one out without saying so. If it did: heal.
          this.#sync([id]);
        } else if (room.unread > was.unread) tell();
        return;
      }
    }
  }

  #welcomed() {
    if (!this.#outbox) {
      const owner = `${this.server}:${this.#state.me?.id}`;
      this.#outbox = new Outbox(owner, this.#env, (id, entry) => this.#heardOfEntry(id, entry));
      // What was said before anybody knew by whom.
      for (const entry of this.#state.pending) if (!entry.upload) this.#changePending(entry.client_id, {});
      const entries = this.#outbox.load();
      this.#dispatch({ type: 'pending', entries });
      // Those that the log shows already wait no longer.
      this.#tidyOutbox(entries);
      for (const entry of entries) if (entry.upload) void this.#restore(entry.client_id);
    }
    this.#queueIn(0);
    const stale = Object.values(this.#state.rooms)
      .filter((room) => room.syncing)
      .map((room) => room.id);
    if (stale.length) this.#sync(stale);
    else this.#level();
  }

  /** @param {RoomId[]} ids none: only the total is asked for */
  #sync(ids) {
    this.#dispatch({ type: 'syncing', rooms: ids });
    for (let i = 0; i === 0 || i < ids.length; i += SYNC_ROOMS) {
      /** @type {Record<number, { seq: number, version: number }>} */
      const rooms = {};
      for (const id of ids.slice(i, i + SYNC_ROOMS)) {
        const room = this.#state.rooms[id];
        rooms[id] = { seq: positionOf(room.runs), version: room.version };
      }
      this.#ask({ type: 'sync', rooms }).catch((/** @type {ChatError} */ e) => {
        // Without its answer these rooms would wait forever. While offline, a welcome comes first.
        if (e.code !== 'offline' && this.#started) this.#connection.restart();
      });
    }
  }

  /** All is as the server has it: say what was left to say, show what was left to show. */
  #level() {
    if (Object.values(this.#state.rooms).some((room) => room.syncing)) return;
    this.#flush();
    for (const p of this.#state.pending) {
      if (p.upload && p.state === 'sending' && !this.#uploads.has(p.client_id)) void this.#upload(p);
    }
    for (const id of this.#marks.keys()) this.#sayRead(id);
    this.#fillWatched();
  }

  /**
   * @param {Frame} frame
   * @returns {Promise<Frame>} the answer
   */
  #ask(frame) {
    const id = String(this.#nextAsk++);
    return new Promise((resolve, reject) => {
      if (!this.#connection.send({ ...frame, id })) {
        return reject(new ChatError('offline', undefined, true));
      }
      const timer = this.#env.setTimeout(() => {
        this.#asked.delete(id);
        reject(new ChatError('timeout', undefined, true));
      }, ANSWER_MS);
      this.#asked.set(id, { resolve, reject, timer });
    });
  }

  /** @returns {Promise<void>} once there is a connection; rejects once there can be none */
  #connected() {
    return new Promise((resolve, reject) => {
      const look = () => {
        const { status, reason } = this.#state;
        if (status === 'connected') resolve();
        else if (reason) reject(new ChatError(reason));
        else return;
        end();
      };
      const end = this.subscribe(look);
      look();
    });
  }

  // ----- rooms -------------------------------------------------------------------------------

  /**
   * The room of that address, opened on the server if need be.
   *
   * @param {{ room: RoomId } | { job: string | number, topic?: string }
   *   | { support: true, job?: string | number, topic?: string, user?: UserId } | { name: string }} address
   *   `user`: whom an admin opens a support room for
   * @returns {Promise<RoomId>}
   */
  open(address) {
    const key = JSON.stringify(address);
    let opening = this.#opening.get(key);
    if (!opening) {
      opening = this.#open(address).finally(() => this.#opening.delete(key));
      this.#opening.set(key, opening);
    }
    return opening;
  }

  /** @param {any} address @returns {Promise<RoomId>} */
  async #open(address) {
    // What is known can be read while offline too.
    const known = () => {
      const room =
        address.room !== undefined
          ? this.#state.rooms[address.room]
          : address.job !== undefined && !address.topic && !address.support
            ? roomOfJob(this.#state, address.job)
            : undefined;
      return room?.left === null ? room.id : undefined;
    };
    const id = known();
    if (id !== undefined) return id;
    await this.#connected();
    const told = known();
    if (told !== undefined) return told;
    const answer = await this.#ask(
      address.room !== undefined
        ? { type: 'room', room: address.room }
        : {
            type: 'open_room',
            room_type: address.support ? 'support' : address.name ? 'general' : 'job',
            job_id: address.job,
            topic: address.topic,
            name: address.name,
            user_id: address.user,
          },
    );
    return answer.room.id;
  }

  /** Leaves a general room. @param {RoomId} room @returns {Promise<void>} once it is left */
  async leave(room) {
    await this.#change({ type: 'leave_room', room }, () => this.#state.rooms[room]?.left !== null);
  }

  /**
   * Closes a support or general room, or opens it again; for admins.
   *
   * @param {RoomId} room
   * @param {boolean} open
   * @returns {Promise<void>}
   */
  async setOpen(room, open) {
    const info = await this.#http.json(`/chat/rooms/${room}/${open ? 'reopen' : 'close'}/`, 'POST');
    this.#dispatch({ type: 'rooms', rooms: [info], next: this.#state.more });
  }

  /**
   * Loads rooms that one is not in, as an admin may: by default the open ones with support.
   *
   * @param {{ room_type?: string, is_active?: boolean, cursor?: string | null, limit?: number }} [which]
   * @returns {Promise<string | null>} cursor of further ones
   */
  async loadAllRooms(which) {
    return (await this.#allRooms(which)).next;
  }

  /**
   * @param {{ room_type?: string, is_active?: boolean, cursor?: string | null, limit?: number }} [which]
   * @returns {Promise<{ results: import('./types.js').RoomInfo[], next: string | null }>}
   */
  async #allRooms({ room_type = 'support', is_active = true, cursor, limit } = {}) {
    const query = new URLSearchParams({ scope: 'all', room_type, is_active: `${is_active}` });
    if (limit) query.set('limit', `${limit}`);
    if (cursor) query.set('cursor', cursor);
    const page = await this.#http.json(`/chat/rooms/?${query}`);
    this.#dispatch({ type: 'rooms', rooms: page.results, next: this.#state.more });
    return page;
  }

  /**
   * Keeps an admin's queue at hand while it is on display: the open conversations with support, also those
   * one is not in, of which the server tells no messages. The most recently active first; further ones by
   * {@link loadMoreQueue}.
   *
   * @returns {() => void} ends it
   */
  watchQueue() {
    const it = {};
    this.#queues.add(it);
    this.#queueIn(0);
    return () => void this.#queues.delete(it);
  }

  /** @param {number} ms until it is asked for what is new in the queue */
  #queueIn(ms) {
    if (!this.#queues.size) return;
    this.#env.clearTimeout(this.#queueTimer);
    this.#queueTimer = this.#env.setTimeout(() => void this.#refreshQueue(), ms);
  }

  async #refreshQueue() {
    const { status, me, queue } = this.#state;
    if (!this.#queues.size || status !== 'connected' || me?.role !== 'admin') return;
    this.#queueIn(QUEUE_MS);
    try {
      let page = await this.#allRooms({ limit: QUEUE_PAGE });
      const latest = page.results[0]?.updated_at ?? '';
      // What changed since is at the beginning, and mostly less than a page.
      const isNews = () => this.#queueSince && (page.results.at(-1)?.updated_at ?? '') > this.#queueSince;
      if (queue === undefined) this.#dispatch({ type: 'queue', more: page.next });
      else while (page.next && isNews()) page = await this.#allRooms({ cursor: page.next, limit: QUEUE_PAGE });
      this.#queueSince = latest;
    } catch {
      // The next time, then.
    }
  }

  /** Loads the next page of the queue. @returns {Promise<void>} */
  async loadMoreQueue() {
    const cursor = this.#state.queue;
    if (cursor) this.#dispatch({ type: 'queue', more: await this.loadAllRooms({ cursor, limit: QUEUE_PAGE }) });
  }

  /** Loads the next page of the list of rooms. @returns {Promise<void>} */
  async loadMoreRooms() {
    if (!this.#state.more) return;
    const answer = await this.#ask({ type: 'rooms', cursor: this.#state.more, limit: PAGE });
    this.#dispatch({ type: 'rooms', rooms: answer.results, next: answer.next });
  }

  /**
   * Keeps a room's latest messages at hand while it is on display.
   *
   * @param {RoomId} id
   * @returns {() => void} ends it
   */
  watch(id) {
    this.#watched.set(id, (this.#watched.get(id) ?? 0) + 1);
    this.#fillWatched();
    let watching = true;
    const look = () => {
      if (!watching) return;
      this.#look(id);
      this.#env.setTimeout(look, LOOK_MS);
    };
    look();
    return () => {
      if (!watching) return;
      watching = false;
      const left = (this.#watched.get(id) ?? 1) - 1;
      if (left) this.#watched.set(id, left);
      else this.#watched.delete(id);
    };
  }

  /** An admin is told of the rooms they are in, and may look at any. @param {RoomId} id */
  #look(id) {
    const { status, me, rooms } = this.#state;
    const room = rooms[id];
    if (status !== 'connected' || me?.role !== 'admin' || !room || room.syncing || room.loading) return;
    if (!room.info.participants.some((p) => p.user.id === me.id)) this.#sync([id]);
  }

  #fillWatched() {
    if (this.#state.status !== 'connected') return;
    for (const id of this.#watched.keys()) {
      const room = this.#state.rooms[id];
      if (!room || room.left !== null || room.loading) continue;
      const empty = !tailOf(room.runs).items.length && room.lastSeq > 0;
      if (!room.loaded || (empty && room.focus === null)) void this.#page(id, 'latest', {});
    }
  }

  // ----- history -----------------------------------------------------------------------------

  /** Loads the page before the messages shown. @param {RoomId} id @returns {Promise<void>} */
  async loadOlder(id) {
    const room = this.#state.rooms[id];
    if (!room || room.loading || room.left !== null) return;
    const { messages, hasBefore } = shown(room);
    if (!messages.length) return this.#page(id, 'latest', {});
    if (hasBefore) await this.#page(id, 'before', { before_seq: messages[0].seq });
  }

  /** Loads the page after the messages shown. @param {RoomId} id @returns {Promise<void>} */
  async loadNewer(id) {
    const room = this.#state.rooms[id];
    if (!room || room.loading || room.left !== null) return;
    const { messages, hasAfter } = shown(room);
    const last = messages.at(-1);
    if (hasAfter && last) await this.#page(id, 'after', { after_seq: last.seq });
  }

  /**
   * Shows the log around a message, loading it if need be.
   *
   * @param {RoomId} id
   * @param {number} seq
   * @returns {Promise<void>}
   */
  async jumpTo(id, seq) {
    const room = this.#state.rooms[id];
    if (!room || room.left !== null) return;
    if (messageAt(room.runs, seq)) this.#dispatch({ type: 'focus', room: id, seq });
    else await this.#page(id, 'around', { around_seq: seq }, seq);
  }

  /** Shows the live end again. @param {RoomId} id */
  jumpToLatest(id) {
    this.#dispatch({ type: 'focus', room: id, seq: null });
    this.#fillWatched();
  }

  /**
   * @param {RoomId} room
   * @param {'latest' | 'before' | 'after' | 'around'} page
   * @param {Record<string, number>} position
   * @param {number | null} [seq]
   */
  async #page(room, page, position, seq = null) {
    this.#dispatch({ type: 'asking', room, page });
    try {
      let results;
      let erasures;
      do {
        erasures = this.#erasures;
        ({ results } = await this.#ask({ type: 'history', room, limit: PAGE, ...position }));
        // What was read before somebody was erased may show them.
      } while (erasures !== this.#erasures);
      this.#dispatch({ type: 'page', room, page, seq, results });
      this.#fillWatched();
    } catch {
      this.#dispatch({ type: 'page_failed', room });
    }
  }

  // ----- writing -----------------------------------------------------------------------------

  /**
   * Writes a message. It shows at once, and is sent until the server has it.
   *
   * @param {RoomId} room
   * @param {string} text may be blank with a file
   * @param {{ replyTo?: Message | null, file?: File | null }} [with]
   * @returns {string} its `client_id`
   */
  send(room, text, { replyTo = null, file = null } = {}) {
    const preview = file && previewOf(file);
    /** @type {Pending} */
    const entry = {
      client_id: newClientId(),
      room,
      text,
      message_type: file ? (preview === null ? 'file' : 'image') : 'text',
      reply_to: replyTo && quoteOf(replyTo),
      attachment: null,
      upload: file && {
        name: file.name || 'image.png',
        size: file.size,
        content_type: file.type,
        preview,
        progress: 0,
      },
      at: Math.max(this.#env.now(), (this.#state.pending.at(-1)?.at ?? 0) + 1),
      state: 'sending',
      error: null,
      seq: 0,
    };
    if (!file) this.#outbox?.put(entry);
    this.#dispatch({ type: 'pending', entries: [entry] });
    this.stopTyping(room);
    if (file) {
      this.#uploadFiles.set(entry.client_id, file);
      void this.#keep(entry.client_id, file);
      if (this.#state.status === 'connected') void this.#upload(entry);
    } else this.#flush();
    return entry.client_id;
  }

  /** Sends a failed message again. @param {string} clientId */
  retry(clientId) {
    const entry = this.#waiting(clientId);
    if (entry?.state !== 'failed') return;
    this.#changePending(clientId, { state: 'sending', error: null });
    this.#left.delete(clientId);
    if (entry.upload) void this.#upload(entry);
    else this.#flush();
  }

  /** Gives up a message that waits, or failed. @param {string} clientId */
  discard(clientId) {
    this.#uploads.get(clientId)?.abort();
    this.#dispatch({ type: 'pending_gone', client_id: clientId });
  }

  /** @param {string} clientId */
  #waiting(clientId) {
    return this.#state.pending.find((p) => p.client_id === clientId);
  }

  /**
   * Keeps a message and its file, the file first: whoever hears of the one finds the other. Until both
   * are kept, and where they cannot be, the user is asked before the page goes away.
   *
   * @param {string} clientId
   * @param {File} file
   */
  async #keep(clientId, file) {
    const outbox = this.#outbox;
    this.#unkept.add(clientId);
    this.#guard();
    const kept = await outbox?.keep(clientId, file);
    const entry = this.#waiting(clientId);
    if (!entry?.upload) return outbox?.release(clientId);
    // Without its message, another tab may have thrown the file away.
    if (!outbox?.put(entry) || !kept || !(await outbox.file(clientId))) return;
    this.#unkept.delete(clientId);
    this.#guard();
  }

  #guard() {
    const { window } = this.#env;
    if (this.#unkept.size) window?.addEventListener('beforeunload', stay);
    else window?.removeEventListener('beforeunload', stay);
  }

  /** A message's file, after a reload. @param {string} clientId */
  async #restore(clientId) {
    if (await this.#fileOf(clientId)) return;
    this.#set(clientId, { state: 'failed', error: 'file_lost' });
  }

  /** @param {string} clientId @returns {Promise<File | undefined>} */
  async #fileOf(clientId) {
    const here = this.#uploadFiles.get(clientId);
    const file = here ?? (await this.#outbox?.file(clientId));
    if (file && !this.#uploadFiles.has(clientId) && this.#waiting(clientId)?.upload) {
      this.#uploadFiles.set(clientId, file);
      this.#changeUpload(clientId, { preview: previewOf(file) });
    }
    return file;
  }

  /** What is of this page alone, and not kept. @param {string} clientId @param {Partial<Pending['upload']>} change */
  #changeUpload(clientId, change) {
    const upload = this.#waiting(clientId)?.upload;
    if (upload) this.#set(clientId, { upload: { ...upload, ...change } });
  }

  /** Of all tabs one uploads; another goes on where that one was closed. @param {Pending} entry */
  async #upload({ client_id }) {
    const abort = new AbortController();
    const { signal } = abort;
    this.#uploads.set(client_id, abort);
    try {
      const upload = () => this.#uploadNow(client_id, signal);
      const { locks } = this.#env;
      await (locks ? locks.request(`ecleaner-chat:upload:${client_id}`, { signal }, upload) : upload());
    } catch (e) {
      // Given up while another tab was at it?
      if (!signal.aborted) throw e;
    } finally {
      this.#uploads.delete(client_id);
    }
  }

  /** @param {string} client_id @param {AbortSignal} signal */
  async #uploadNow(client_id, signal) {
    const kept = this.#outbox?.get(client_id);
    if (kept && !kept.upload) return this.#uploadedElsewhere(kept);
    const file = await this.#fileOf(client_id);
    const entry = this.#waiting(client_id);
    if (!file || !entry?.upload || kept?.state === 'failed' || signal.aborted) return;
    try {
      const attachment = await this.#http.upload(
        entry.room,
        file,
        (progress) => this.#changeUpload(client_id, { progress }),
        signal,
      );
      // What was just sent need not be fetched.
      this.#own.set(attachment.url, file).set(attachment.thumbnail_url ?? '', file);
      // What looked like a picture may be none, and the server knows.
      const message_type = attachment.width ? 'image' : 'file';
      this.#changePending(client_id, { attachment, message_type, upload: null });
      this.#outbox?.release(client_id);
      this.#letGo(client_id);
      // Whoever uploads it sends it.
      this.#left.delete(client_id);
      this.#flush();
    } catch (e) {
      const { code, retryable } = e instanceof ChatError ? e : { code: 'unavailable', retryable: true };
      // Offline it waits, as words do.
      const failed = !retryable || this.#state.status === 'connected';
      if (failed && code !== 'aborted') this.#changePending(client_id, { state: 'failed', error: code });
    }
  }

  /** @param {Pending} entry */
  #uploadedElsewhere({ client_id, attachment, message_type }) {
    this.#set(client_id, { attachment, message_type, upload: null });
    this.#letGo(client_id);
    this.#flush();
  }

  /** A file is uploaded, or given up. @param {string} clientId */
  #letGo(clientId) {
    this.#uploadFiles.delete(clientId);
    this.#unkept.delete(clientId);
    this.#guard();
  }

  /** Sends, in order, what waits and has not left on this connection lately. */
  #flush() {
    if (this.#state.status !== 'connected') return;
    const now = this.#env.now();
    for (const p of this.#state.pending) {
      if (p.state !== 'sending' || p.upload || this.#state.rooms[p.room]?.syncing) continue;
      if (now - (this.#left.get(p.client_id) ?? -Infinity) < RESEND_MS) continue;
      const left = this.#connection.send({
        type: 'message',
        room: p.room,
        message: p.text,
        message_type: p.message_type,
        client_id: p.client_id,
        reply_to: p.reply_to?.id,
        attachment_id: p.attachment?.id,
      });
      if (!left) return;
      this.#left.set(p.client_id, now);
    }
    this.#flushLater(RESEND_MS);
  }

  /** @param {number} ms */
  #flushLater(ms) {
    this.#env.clearTimeout(this.#resend);
    this.#resend = this.#state.pending.some((p) => p.state === 'sending')
      ? this.#env.setTimeout(() => this.#flush(), ms)
      : null;
  }

  /** @param {Frame} frame an error that names a message */
  #refused(frame) {
    if (frame.retryable || frame.code === 'rate_limited') {
      this.#left.delete(frame.client_id);
      this.#flushLater(waitOf(frame));
    } else {
      this.#changePending(frame.client_id, { state: 'failed', error: frame.code });
    }
  }

  /** @param {string} client_id @param {Partial<Pending>} change of this page alone */
  #set(client_id, change) {
    this.#dispatch({ type: 'pending_changed', client_id, change });
  }

  /** @param {string} clientId @param {Partial<Pending>} change that other tabs hear of, and a reload keeps */
  #changePending(clientId, change) {
    this.#set(clientId, change);
    const entry = this.#waiting(clientId);
    if (entry && entry.state !== 'sent') this.#outbox?.put(entry);
  }

  /** @param {readonly Pending[]} before */
  #tidyOutbox(before) {
    const waiting = new Map(this.#state.pending.map((p) => [p.client_id, p]));
    for (const { client_id, state, upload } of before) {
      const now = waiting.get(client_id);
      if (upload?.preview && !now?.upload) URL.revokeObjectURL(upload.preview);
      if (state !== 'sent' && (!now || now.state === 'sent')) {
        this.#outbox?.remove(client_id);
        this.#left.delete(client_id);
        this.#letGo(client_id);
      }
    }
  }

  /** @param {string} clientId @param {Pending | null} entry null: it is stored, or was given up */
  #heardOfEntry(clientId, entry) {
    if (!entry) {
      // Where the log doesn't show it yet, its echo is on its way to this tab too.
      const mine = this.#waiting(clientId);
      if (mine?.state === 'failed' || mine?.upload) this.discard(clientId);
      return;
    }
    // The tab that wrote it sends it; this one only if that doesn't help.
    this.#left.set(clientId, this.#env.now());
    this.#dispatch({ type: 'pending', entries: [entry] });
    this.#set(clientId, { state: entry.state, error: entry.error });
    if (!entry.upload && this.#waiting(clientId)?.upload) this.#uploadedElsewhere(entry);
    else if (entry.upload && entry.state === 'sending' && !this.#uploads.has(clientId)) void this.#upload(entry);
    if (!this.#resend) this.#flushLater(RESEND_MS);
  }

  /**
   * @param {RoomId} room
   * @param {number} messageId
   * @param {string} text
   * @returns {Promise<void>} once it is stored
   */
  async edit(room, messageId, text) {
    await this.#change({ type: 'edit', room, message_id: messageId, message: text }, () => {
      const message = this.#held(room, messageId);
      return !message || (message.edited_at !== null && message.content === text);
    });
  }

  /** @param {RoomId} room @param {number} messageId @returns {Promise<void>} once it is stored */
  async remove(room, messageId) {
    await this.#change({ type: 'delete', room, message_id: messageId }, () => {
      const message = this.#held(room, messageId);
      return !message || message.deleted_at !== null;
    });
  }

  /** @param {RoomId} room @param {number} messageId */
  #held(room, messageId) {
    const known = this.#state.rooms[room];
    return known && messageById(known.runs, messageId);
  }

  /**
   * The answer to a change is what everybody gets; only a refusal names the question.
   *
   * @param {Frame} frame
   * @param {() => boolean} done
   */
  async #change(frame, done) {
    await new Promise((resolve, reject) => {
      const refusal = this.#ask(frame);
      const stop = this.subscribe(() => {
        if (!done()) return;
        stop();
        resolve(undefined);
      });
      refusal.catch((e) => {
        stop();
        reject(e);
      });
    });
  }

  // ----- marks and typing --------------------------------------------------------------------

  /** All up to `seq` has been read. @param {RoomId} id @param {number} seq */
  markRead(id, seq) {
    const mark = this.#marks.get(id) ?? { want: 0, said: 0 };
    mark.want = Math.max(mark.want, seq);
    this.#marks.set(id, mark);
    this.#sayRead(id);
  }

  /** @param {RoomId} id */
  #sayRead(id) {
    const mark = this.#marks.get(id);
    const room = this.#state.rooms[id];
    if (!mark || !room || room.syncing || room.left !== null) return;
    if (mark.want <= Math.max(room.lastRead, mark.said)) return;
    if (this.#connection.send({ type: 'read', room: id, up_to_seq: mark.want, id: MARK + id })) {
      mark.said = mark.want;
    }
  }

  /** A mark was not taken. @param {RoomId} id @param {Frame} error */
  #unread(id, error) {
    const mark = this.#marks.get(id);
    if (!mark) return;
    if (error.retryable || error.code === 'rate_limited') {
      mark.said = 0;
      this.#env.setTimeout(() => this.#sayRead(id), waitOf(error));
    } else this.#marks.delete(id);
  }

  /** A key was pressed in the composer. @param {RoomId} id */
  typing(id) {
    const now = this.#env.now();
    const typing = this.#typing.get(id) ?? { said: -Infinity, stop: null };
    this.#env.clearTimeout(typing.stop);
    typing.stop = this.#env.setTimeout(() => this.stopTyping(id), TYPING_AGAIN_MS + 1_000);
    if (now - typing.said >= TYPING_AGAIN_MS) {
      typing.said = now;
      this.#connection.send({ type: 'typing', room: id, is_typing: true });
    }
    this.#typing.set(id, typing);
  }

  /** @param {RoomId} id */
  stopTyping(id) {
    const typing = this.#typing.get(id);
    if (!typing) return;
    this.#env.clearTimeout(typing.stop);
    this.#typing.delete(id);
    this.#connection.send({ type: 'typing', room: id, is_typing: false });
  }

  // ----- by HTTP -----------------------------------------------------------------------------

  /**
   * Looks for words in the user's rooms, or in one of them; best first.
   *
   * @param {string} words
   * @param {{ room?: RoomId, cursor?: string | null, limit?: number }} [where]
   * @returns {Promise<{ results: Found[], next: string | null }>}
   */
  search(words, { room, cursor, limit } = {}) {
    const query = new URLSearchParams({ q: words });
    for (const [name, value] of Object.entries({ room, cursor, limit })) {
      if (value != null) query.set(name, String(value));
    }
    return this.#http.json(`/chat/search/?${query}`);
  }

  /**
   * What a message said before it was edited, oldest first.
   *
   * @param {RoomId} room
   * @param {number} messageId
   * @returns {Promise<Earlier[]>}
   */
  async edits(room, messageId) {
    return (await this.#http.json(`/chat/rooms/${room}/messages/${messageId}/edits/`)).results;
  }

  /**
   * The bytes of an attachment or a thumbnail.
   *
   * @param {string} url as the message gives it
   * @returns {Promise<Blob>}
   */
  async file(url) {
    return this.#own.get(url) ?? this.#http.blob(url);
  }
}

/** @param {Frame} error @returns {ChatError} */
const errorOf = ({ code, detail, retryable, retry_after }) =>
  new ChatError(
    code,
    detail,
    retryable || code === 'rate_limited',
    retry_after === undefined ? undefined : retry_after * 1_000,
  );

/** @param {Frame} error @returns {number} milliseconds until it may be tried again */
const waitOf = (error) => (error.retry_after ?? 1) * 1_000;

/** Before the page goes away with what it alone has. @param {Event} event */
const stay = (event) => event.preventDefault();

/** @param {File} file @returns {string | null} an address of it, where it is a picture */
const previewOf = (file) =>
  /^image\/(png|jpeg|gif|webp|avif)$/.test(file.type) ? (URL.createObjectURL?.(file) ?? '') : null;

/** @param {Message} message @returns {Quote} */
const quoteOf = (message) => ({
  id: message.id,
  seq: message.seq,
  sender: message.sender,
  excerpt: message.content.slice(0, 140) || message.attachment?.name || '',
});

