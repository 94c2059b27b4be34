import { FakeChat } from './fake-chat.js';
import { ChatClient } from '../src/client/client.js';

/** A clock moved by hand, and timers that follow it. */
export class Clock {
  time = Date.parse('2026-05-01T10:00:00Z');
  #timers = new Map();
  #next = 1;

  now = () => this.time;
  setTimeout = (f, ms) => {
    this.#timers.set(this.#next, { f, at: this.time + Math.max(0, ms) });
    return this.#next++;
  };
  clearTimeout = (handle) => this.#timers.delete(handle);

  /** Lets time pass, one timer after the other, and everything between them happen. */
  async pass(ms) {
    const end = this.time + ms;
    for (;;) {
      await idle();
      const due = [...this.#timers].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.time = Math.max(this.time, due[1].at);
      this.#timers.delete(due[0]);
      due[1].f();
    }
    this.time = end;
    await idle();
  }
}

/** All promises that can go on have gone on. */
export const idle = async () => {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
};

/** The storage all tabs of a browser share, and the event by which they hear of each other. */
export class SharedStorage {
  #map = new Map();
  tabs = [];
  get length() {
    return this.#map.size;
  }
  key = (i) => [...this.#map.keys()][i] ?? null;
  getItem = (key) => this.#map.get(key) ?? null;

  /** The storage as one tab has it. */
  of(target) {
    this.tabs.push(target);
    const tell = (key, newValue) => {
      for (const tab of this.tabs) {
        if (tab === target) continue;
        tab.dispatchEvent(Object.assign(new Event('storage'), { key, newValue }));
      }
    };
    const map = this.#map;
    return {
      get length() {
        return map.size;
      },
      key: this.key,
      getItem: this.getItem,
      setItem: (key, value) => {
        map.set(key, value);
        tell(key, value);
      },
      removeItem: (key) => {
        if (map.delete(key)) tell(key, null);
      },
    };
  }
}

/** The files that all tabs of a browser keep. */
export class SharedFiles {
  kept = new Map();
  put = async (key, file) => void this.kept.set(key, file);
  get = async (key) => this.kept.get(key);
  drop = async (isGone) => {
    for (const key of [...this.kept.keys()]) if (isGone(key)) this.kept.delete(key);
  };
}

/** The locks of all tabs of a browser: each is held by one at a time, in the order of asking. */
export class SharedLocks {
  #queues = new Map();

  /** What a tab has, and loses when it is closed. */
  ofTab() {
    const held = new Set();
    return {
      request: (name, { signal }, f) =>
        new Promise((resolve, reject) => {
          const queue = this.#queues.get(name) ?? this.#queues.set(name, []).get(name);
          const end = () => {
            const at = queue.indexOf(wait);
            if (at < 0) return;
            queue.splice(at, 1);
            if (at === 0) queue[0]?.();
          };
          const wait = async () => {
            held.add(end);
            try {
              resolve(await f());
            } catch (e) {
              reject(e);
            } finally {
              end();
            }
          };
          signal.addEventListener('abort', () => {
            if (queue.indexOf(wait) > 0) queue.splice(queue.indexOf(wait), 1);
            reject(signal.reason);
          });
          if (queue.push(wait) === 1) void wait();
        }),
      close: () => held.forEach((end) => end()),
    };
  }
}

/**
 * A socket to the {@link FakeChat}, over a wire that can be held, cut and lost.
 */
class Socket {
  readyState = 0;
  onmessage = () => {};
  onclose = () => {};
  #link;
  #conn = null;
  /** Frames under way, by direction. */
  down = [];
  up = [];

  constructor(link, url) {
    this.#link = link;
    this.url = url;
    link.sockets.push(this);
    queueMicrotask(() => this.#open());
  }

  #open() {
    if (this.readyState !== 0) return;
    const code = this.#link.answer(this.url);
    if (typeof code === 'number') {
      this.readyState = 3;
      return this.onclose({ code });
    }
    this.readyState = 1;
    this.#conn = this.#link.chat.connect(
      this.#link.userId,
      (frame) => {
        this.down.push(JSON.stringify(frame));
        this.#soon();
      },
      this.#link.welcome,
    );
    this.#soon();
  }

  /** Never at once: an answer does not overtake what the server is just telling everybody. */
  #soon() {
    queueMicrotask(() => this.#link.held || this.deliver(Infinity));
  }

  send(text) {
    this.up.push(text);
    this.#link.sent.push(JSON.parse(text));
    this.#soon();
  }

  /** Lets some frames arrive at the server; what it answers is under way. */
  ask(n) {
    for (let i = 0; i < n && this.up.length && this.readyState === 1; i++) {
      this.#conn.receive(JSON.parse(this.up.shift()));
    }
  }

  /** Lets some frames arrive, at either end. */
  deliver(n) {
    this.ask(n);
    for (let i = 0; i < n && this.down.length && this.readyState === 1; i++) {
      this.onmessage({ data: this.down.shift() });
    }
  }

  /** The connection ends: what is under way is lost. */
  break(code = 1006) {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#conn?.close();
    this.onclose({ code });
  }

  close() {
    this.readyState = 3;
    this.#conn?.close();
  }
}

/** A tab of somebody's browser. */
export function tab(
  chat,
  userId,
  {
    clock = new Clock(),
    storage = new SharedStorage(),
    files = null,
    locks = null,
    make = (how) => new ChatClient(how),
    ...options
  } = {},
) {
  const window = new EventTarget();
  const link = {
    chat,
    userId,
    held: false,
    sockets: [],
    sent: [],
    /** The uploads under way, by their order. */
    uploads: [],
    http: () => new Response('{"code":"not_found"}', { status: 404 }),
    answer: () => 'welcome',
    tickets: () => new Response(JSON.stringify({ ticket: 't' }), { status: 200 }),
    get socket() {
      return this.sockets.at(-1);
    },
  };
  const client = make({
    server: 'https://chat.test',
    token: 'token',
    ...options,
    env: {
      socket: (url) => new Socket(link, url),
      fetch: async (url, init) =>
        String(url).endsWith('/chat/tickets/') ? link.tickets(url, init) : link.http(url, init),
      xhr: () => {
        link.uploads.push(new Xhr());
        return link.uploads.at(-1);
      },
      setTimeout: clock.setTimeout,
      clearTimeout: clock.clearTimeout,
      now: clock.now,
      random: () => 0.5,
      storage: storage.of(window),
      files,
      locks,
      window,
    },
  });
  chat.now = clock.now;
  return { client, link, clock, window, storage };
}

/** Two people and a job, as nearly every test begins. */
export function aJob() {
  const chat = new FakeChat();
  chat.user(1, 'Anna');
  chat.user(2, 'John', 'cleaner');
  const room = chat.room({ job: 5, people: [1, 2] });
  return { chat, room };
}

/** An office with many questions, and Olena who answers them. */
export function anOffice(questions) {
  const chat = new FakeChat();
  const time = Date.parse('2026-05-01T08:00:00Z');
  chat.user(9, 'Olena', 'admin');
  chat.mostRooms = 50;
  const rooms = Array.from({ length: questions }, (_, i) => {
    chat.user(100 + i, `Client ${i}`);
    const room = chat.room({ type: 'support', name: 'support', people: [100 + i] });
    chat.post(room, 100 + i, `Question ${i}`, { at: time + i * 1_000 });
    return room;
  });
  return { chat, rooms };
}

/** The texts a room shows. */
export const texts = (client, id) =>
  client.getSnapshot().rooms[id].runs.at(-1).items.map((m) => m.content);

/** A small seeded generator (mulberry32): the same numbers on every machine. */
export function seeded(seed) {
  let a = seed >>> 0;
  const next = () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { next, below: (n) => Math.floor(next() * n), pick: (list) => list[Math.floor(next() * list.length)] };
}

/** An upload, moved by hand. */
export class Xhr {
  upload = {};
  status = 0;
  responseText = '';
  open(method, url) {
    Object.assign(this, { method, url });
  }
  setRequestHeader(name, value) {
    this.headers = { ...this.headers, [name]: value };
  }
  send(form) {
    this.form = form;
  }
  progress(loaded, total) {
    this.upload.onprogress({ lengthComputable: true, loaded, total });
  }
  answer(status, body) {
    Object.assign(this, { status, responseText: JSON.stringify(body) });
    this.onloadend();
  }
  abort() {
    this.aborted = true;
    this.onabort();
  }
}
