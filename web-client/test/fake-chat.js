/**
 * A chat server in memory, as small as the contract allows: what the client's tests talk to, and
 * what `dev/server.mjs` serves. It keeps the order, the versions and the numbering to the letter;
 * who may do what is not its business, apart from who is in a room.
 */

const clone = (x) => structuredClone(x);

export class FakeChat {
  /** More missing messages than this make `sync` answer with a gap. */
  gapAfter = 500;
  /** No list of rooms is longer. */
  mostRooms = 100;
  now = () => Date.now();
  #users = new Map();
  #rooms = new Map();
  #conns = new Set();
  #ids = 0;
  #roomIds = 0;
  refuse = null;

  user(id, first_name, role = 'client') {
    const user = { id, username: first_name.toLowerCase(), first_name };
    this.#users.set(id, { user, role });
    return user;
  }

  /** @returns the server's own room, to look into */
  room({ type = 'job', job = null, topic = null, name, people, title = `Job ${job}` }) {
    const id = ++this.#roomIds;
    const room = {
      id,
      name: name ?? `job_chat_${job}`,
      room_type: type,
      topic,
      job: job === null ? null : { id: job, title, status: 'assigned' },
      people: new Set(people),
      marks: new Map(people.map((p) => [p, 0])),
      created_at: new Date(this.now()).toISOString(),
      updated_at: new Date(this.now()).toISOString(),
      is_active: true,
      version: 1,
      log: [],
      changed: new Map(),
      infoVersion: 1,
    };
    this.#rooms.set(id, room);
    this.#tellRoom(room);
    return room;
  }

  rooms() {
    return [...this.#rooms.values()];
  }

  /** Messages with these words, of the rooms one is in, the latest first. */
  search(userId, words) {
    const wanted = words.toLowerCase();
    return this.#of(userId).flatMap((room) =>
      room.log
        .filter((m) => m.content.toLowerCase().includes(wanted))
        .map((m) => {
          const excerpt = m.content.slice(0, 140);
          const at = excerpt.toLowerCase().indexOf(wanted);
          const highlights = at < 0 ? [] : [[at, at + wanted.length]];
          return { message: this.#wire(room, m), excerpt, highlights };
        }),
    );
  }

  /** The open support rooms, as an admin may ask for them: `GET /chat/rooms/?scope=all&room_type=support`. */
  queue(userId, url) {
    const query = new URL(url, 'http://x').searchParams;
    const from = Number(query.get('cursor') ?? 0);
    const to = from + Math.min(this.mostRooms, Number(query.get('limit') ?? 50));
    const all = this.rooms()
      .filter((room) => room.room_type === 'support' && room.is_active)
      .sort((a, b) => Date.parse(b.updated_at) - Date.parse(a.updated_at) || b.id - a.id);
    return {
      results: all.slice(from, to).map((room) => this.info(room, userId)),
      next: to < all.length ? String(to) : null,
    };
  }

  unread(room, userId) {
    if (!room.people.has(userId)) return 0;
    const mark = room.marks.get(userId) ?? 0;
    return room.log.filter((m) => m.seq > mark && m.sender.id !== userId && !m.deleted_at).length;
  }

  total(userId) {
    return this.rooms().reduce((sum, room) => sum + this.unread(room, userId), 0);
  }

  info(room, userId) {
    return {
      id: room.id,
      name: room.name,
      room_type: room.room_type,
      topic: room.topic,
      job: room.job,
      participants: [...room.people].map((id) => ({
        user: clone(this.#users.get(id).user),
        role: this.#users.get(id).role,
        joined_at: room.created_at,
        last_seen: null,
        is_online: this.online(id),
        last_read_seq: room.marks.get(id) ?? 0,
      })),
      created_at: room.created_at,
      updated_at: room.updated_at,
      is_active: room.is_active,
      version: room.version,
      last_seq: room.log.length,
      last_read_seq: room.marks.get(userId) ?? 0,
      unread_count: this.unread(room, userId),
      last_message: room.log.length ? this.#wire(room, room.log.at(-1)) : null,
    };
  }

  /** The people in it, and admins, who are told nothing of it. */
  #mayRead(room, userId) {
    return room && (room.people.has(userId) || this.#users.get(userId).role === 'admin');
  }

  online(id) {
    return [...this.#conns].some((c) => c.userId === id);
  }

  #wire(room, m) {
    const { version, ...message } = m;
    return clone({
      ...message,
      is_read: [...room.marks].some(([id, mark]) => id !== m.sender.id && mark >= m.seq),
    });
  }

  /** Posts as anybody, the platform included. */
  post(room, userId, text, more = {}) {
    const seen = more.client_id
      ? room.log.find((m) => m.client_id === more.client_id && m.sender.id === userId)
      : null;
    if (seen) return { message: seen, first: false };
    const quoted = more.reply_to ? room.log.find((m) => m.id === more.reply_to) : null;
    const at = new Date(more.at ?? this.now()).toISOString();
    const message = {
      id: ++this.#ids,
      sender: clone(this.#users.get(userId).user),
      content: text,
      timestamp: at,
      message_type: more.message_type ?? 'text',
      is_read: false,
      room: room.id,
      seq: room.log.length + 1,
      client_id: more.client_id ?? null,
      reply_to: quoted
        ? {
            id: quoted.id,
            seq: quoted.seq,
            sender: quoted.sender,
            excerpt: quoted.content.slice(0, 100),
          }
        : null,
      attachment: more.attachment ?? null,
      data: more.data ?? null,
      edited_at: null,
      deleted_at: null,
      version: ++room.version,
    };
    room.log.push(message);
    room.updated_at = at;
    this.#broadcast(room, { type: 'chat_message', version: message.version, message });
    return { message, first: true };
  }

  /** What messages said before, by their ids. */
  earlier = new Map();

  edit(room, message, text) {
    const said = { content: message.content, timestamp: message.edited_at ?? message.timestamp };
    this.earlier.set(message.id, [...(this.earlier.get(message.id) ?? []), said]);
    message.content = text;
    message.edited_at = new Date(this.now()).toISOString();
    message.version = ++room.version;
    this.#broadcast(room, { type: 'message_edited', version: message.version, message });
  }

  delete(room, message) {
    if (message.deleted_at) return;
    Object.assign(message, {
      content: '',
      attachment: null,
      deleted_at: new Date(this.now()).toISOString(),
      version: ++room.version,
    });
    for (const m of room.log) if (m.reply_to?.id === message.id) m.reply_to.excerpt = '';
    this.#broadcast(room, { type: 'message_deleted', version: message.version, message });
  }

  read(room, userId, upTo) {
    const mark = room.marks.get(userId) ?? 0;
    const to = Math.min(upTo, room.log.length);
    if (!room.people.has(userId) || to <= mark) return false;
    room.marks.set(userId, to);
    room.changed.set(userId, ++room.version);
    for (const conn of this.#conns) {
      if (!room.people.has(conn.userId)) continue;
      conn.push(this.#readFrame(room, userId, room.version, conn));
    }
    return true;
  }

  #readFrame(room, userId, version, conn) {
    return {
      type: 'read',
      room: room.id,
      version,
      user_id: userId,
      up_to_seq: room.marks.get(userId),
      ...(conn.userId === userId && {
        unread_count: this.unread(room, userId),
        total_unread: this.total(userId),
      }),
    };
  }

  remove(room, userId) {
    room.people.delete(userId);
    room.infoVersion = ++room.version;
    for (const conn of this.#conns) {
      if (conn.userId === userId) {
        conn.push({ type: 'room_left', room: room.id, reason: 'unassigned' });
      }
    }
    this.#tellRoom(room);
  }

  add(room, userId) {
    room.people.add(userId);
    if (!room.marks.has(userId)) room.marks.set(userId, 0);
    room.infoVersion = ++room.version;
    this.#tellRoom(room);
  }

  close(room, active = false) {
    room.is_active = active;
    room.infoVersion = ++room.version;
    this.#tellRoom(room);
  }

  typing(room, userId, is_typing) {
    for (const conn of this.#conns) {
      if (room.people.has(conn.userId) && conn.userId !== userId) {
        const user = clone(this.#users.get(userId).user);
        conn.push({ type: 'typing', room: room.id, user, is_typing });
      }
    }
  }

  /** Admins hear of support rooms that they are not in, but not of what is said there. */
  #tellRoom(room) {
    for (const conn of this.#conns) {
      const isAdmin = this.#users.get(conn.userId).role === 'admin';
      if (room.people.has(conn.userId) || (isAdmin && room.room_type === 'support')) {
        conn.push({ type: 'room', room: this.info(room, conn.userId) });
      }
    }
  }

  #broadcast(room, { message, ...frame }) {
    for (const conn of this.#conns) {
      if (room.people.has(conn.userId)) {
        conn.push({ ...frame, room: room.id, message: this.#wire(room, message) });
      }
    }
  }

  #of(userId) {
    return this.rooms()
      .filter((room) => room.people.has(userId))
      .sort((a, b) => Date.parse(b.updated_at) - Date.parse(a.updated_at) || b.id - a.id);
  }

  /**
   * @param {string | number} userId
   * @param {(frame: object) => void} push
   * @returns {{ receive: (frame: object) => void, close: () => void }}
   */
  connect(userId, push, { listed = 50 } = {}) {
    const conn = { userId, push: (frame) => push(clone(frame)) };
    this.#conns.add(conn);
    this.#presence(userId, true);
    const rooms = this.#of(userId);
    conn.push({
      type: 'welcome',
      user: { ...this.#users.get(userId).user, role: this.#users.get(userId).role },
      session: 's',
      server_time: new Date(this.now()).toISOString(),
      heartbeat_seconds: 25,
      limits: {},
      total_unread: this.total(userId),
      rooms: rooms.slice(0, listed).map((room) => this.info(room, userId)),
      next: rooms.length > listed ? String(listed) : null,
    });
    return {
      receive: (frame) => this.#receive(conn, frame),
      close: () => {
        this.#conns.delete(conn);
        this.#presence(userId, false);
      },
    };
  }

  #presence(userId, is_online) {
    for (const conn of this.#conns) {
      if (conn.userId !== userId) {
        conn.push({ type: 'presence', user_id: userId, is_online, last_seen: new Date(this.now()).toISOString() });
      }
    }
  }

  #receive(conn, frame) {
    const { id } = frame;
    const answer = (x) => conn.push(id === undefined ? x : { ...x, id });
    const fail = (code, more) =>
      answer({
        type: 'error',
        code,
        detail: code,
        retryable: code === 'unavailable',
        client_id: frame.client_id,
        ...more,
      });
    const refusal = this.refuse?.(frame, conn);
    if (refusal) return typeof refusal === 'string' ? fail(refusal) : fail(refusal.code, refusal);
    const room = this.#rooms.get(frame.room);
    if (frame.room !== undefined && !this.#mayRead(room, conn.userId)) return fail('not_found');
    switch (frame.type) {
      case 'ping':
        return answer({ type: 'pong' });
      case 'auth':
        return answer({ type: 'authenticated' });
      case 'message': {
        if (!room.is_active) return fail('room_closed');
        // An admin who writes is in from then on.
        if (!room.people.has(conn.userId)) {
          this.add(room, conn.userId);
          room.marks.set(conn.userId, room.log.length);
        }
        const attachment = this.attachments?.get(frame.attachment_id) ?? null;
        const { message, first } = this.post(room, conn.userId, frame.message, { ...frame, attachment });
        // A repeat is answered with the first one as it is now, out of the order.
        if (!first) {
          conn.push({
            type: 'chat_message',
            room: room.id,
            version: message.version,
            message: this.#wire(room, message),
          });
        }
        return;
      }
      case 'edit':
      case 'delete': {
        const message = room.log.find((m) => m.id === frame.message_id);
        if (!message) return fail('not_found');
        if (message.sender.id !== conn.userId) return fail('forbidden');
        if (frame.type === 'edit') {
          if (message.deleted_at) return fail('not_found');
          return this.edit(room, message, frame.message);
        }
        return this.delete(room, message);
      }
      case 'read':
        if (!this.read(room, conn.userId, frame.up_to_seq)) {
          const { version, ...same } = this.#readFrame(room, conn.userId, 0, conn);
          answer(same);
        }
        return;
      case 'typing':
        return this.typing(room, conn.userId, frame.is_typing);
      case 'history': {
        const limit = Math.min(frame.limit ?? 50, 200);
        const log = room.log;
        let from = Math.max(0, log.length - limit);
        let to = log.length;
        if (frame.before_seq !== undefined) {
          to = Math.max(0, Math.min(frame.before_seq - 1, log.length));
          from = Math.max(0, to - limit);
        } else if (frame.after_seq !== undefined) {
          from = frame.after_seq;
          to = Math.min(log.length, from + limit);
        } else if (frame.around_seq !== undefined) {
          from = Math.max(0, frame.around_seq - 1 - Math.floor(limit / 2));
          to = Math.min(log.length, from + limit);
        }
        return answer({
          type: 'history',
          room: room.id,
          results: log.slice(from, to).map((m) => this.#wire(room, m)),
          has_more_before: from > 0,
          has_more_after: to < log.length,
        });
      }
      case 'rooms': {
        const from = Number(frame.cursor ?? 0);
        const all = this.#of(conn.userId);
        const to = from + (frame.limit ?? 50);
        return answer({
          type: 'rooms',
          results: all.slice(from, to).map((r) => this.info(r, conn.userId)),
          next: to < all.length ? String(to) : null,
        });
      }
      case 'leave_room':
        return this.remove(room, conn.userId);
      case 'room':
        return answer({ type: 'room', room: this.info(room, conn.userId) });
      case 'open_room': {
        const found = this.rooms().find(
          (r) =>
            r.people.has(conn.userId) &&
            r.room_type === frame.room_type &&
            r.topic === (frame.topic ?? null) &&
            String(r.job?.id) === String(frame.job_id),
        );
        if (found) return answer({ type: 'room', room: this.info(found, conn.userId) });
        if (frame.room_type === 'job') return fail('not_found');
        const { room_type: type, topic, name = type } = frame;
        const opened = this.room({ type, topic, name, people: [conn.userId] });
        return answer({ type: 'room', room: this.info(opened, conn.userId) });
      }
      case 'sync':
        return this.#sync(conn, frame, answer);
      default:
        return fail('unknown_type');
    }
  }

  #sync(conn, frame, answer) {
    const levels = {};
    for (const [key, held] of Object.entries(frame.rooms)) {
      const room = this.#rooms.get(Number(key));
      if (!this.#mayRead(room, conn.userId)) {
        levels[key] = null;
        continue;
      }
      const missing = room.log.filter((m) => m.seq > held.seq);
      if (missing.length > this.gapAfter) {
        conn.push({ type: 'gap', room: room.id, from_seq: held.seq + 1, to_seq: room.log.length });
      } else {
        for (const m of missing) {
          conn.push({ type: 'chat_message', room: room.id, version: m.version, message: this.#wire(room, m) });
        }
      }
      const changed = room.log
        .filter((m) => m.seq <= held.seq && m.version > held.version && (m.edited_at || m.deleted_at))
        .sort((a, b) => a.version - b.version);
      for (const m of changed) {
        conn.push({
          type: m.deleted_at ? 'message_deleted' : 'message_edited',
          room: room.id,
          version: m.version,
          message: this.#wire(room, m),
        });
      }
      for (const [userId, version] of room.changed) {
        if (version > held.version) conn.push(this.#readFrame(room, userId, version, conn));
      }
      if (room.infoVersion > held.version) {
        conn.push({ type: 'room', room: this.info(room, conn.userId) });
      }
      levels[key] = {
        last_seq: room.log.length,
        version: room.version,
        last_read_seq: room.marks.get(conn.userId) ?? 0,
        unread_count: this.unread(room, conn.userId),
      };
    }
    answer({ type: 'synced', total_unread: this.total(conn.userId), rooms: levels });
  }

  /** The sockets of everybody hear nothing any more. */
  drop() {
    this.#conns.clear();
  }
}
