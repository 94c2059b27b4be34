/** The widget, over a socket in the page that answers at once: with all the messages, or a page of 50. */
import { messages, painted } from './data.js';
import { configure } from '/widget/chat.js';

/** @param {number} first the oldest that is handed over @param {number} last */
function socketTo(first, last, all) {
  return class {
    readyState = 0;
    constructor() {
      setTimeout(() => {
        this.readyState = 1;
        const user = { id: 1, username: 'anna', first_name: 'Anna' };
        const john = { id: 2, username: 'john', first_name: 'John' };
        const person = (user) => ({ user, role: 'client', joined_at: '', last_seen: null, is_online: true, last_read_seq: last });
        this.#say({
          type: 'welcome',
          user,
          heartbeat_seconds: 25,
          limits: {},
          total_unread: 0,
          next: null,
          rooms: [
            {
              id: 1, name: 'job_chat_1', room_type: 'job', topic: null,
              job: { id: 1, title: 'Kitchen', status: 'assigned' },
              participants: [person(user), person(john)],
              created_at: new Date(0).toISOString(), updated_at: new Date(0).toISOString(),
              is_active: true, version: last, last_seq: last, last_read_seq: last, unread_count: 0, last_message: null,
            },
          ],
        });
      });
    }
    #say(frame) {
      // Parsed from text, as what comes from a server is, but not as part of what is measured.
      this.onmessage({ data: JSON.stringify(frame) });
    }
    send(text) {
      const frame = JSON.parse(text);
      if (frame.type !== 'history') return;
      const to = frame.before_seq ? frame.before_seq - 1 : last;
      const from = Math.max(1, frame.before_seq || !all ? to - 49 : first);
      const results = messages(from, to);
      const answer = { type: 'history', room: 1, id: frame.id, results, has_more_before: from > 1, has_more_after: false };
      if (frame.before_seq) return void globalThis.hold.push(() => this.#say(answer));
      globalThis.handOver = () => {
        const parse = JSON.parse;
        JSON.parse = () => answer;
        this.onmessage({ data: '' });
        JSON.parse = parse;
      };
      globalThis.ready?.();
    }
    close() {}
  };
}

/** Pages of older messages that were asked for, and not yet handed over. */
globalThis.hold = [];

globalThis.bench = {
  /** @param {number} count @param {boolean} all @returns {Promise<number>} milliseconds */
  async open(count, all) {
    const Socket = socketTo(1_001, 1_000 + count, all);
    const asked = new Promise((resolve) => (globalThis.ready = resolve));
    configure({
      server: location.origin,
      token: 't',
      env: {
        socket: () => new Socket(),
        fetch: async () => new Response('{"ticket":"t"}', { status: 201 }),
      },
    });
    const room = document.createElement('chat-room');
    room.job = 1;
    document.querySelector('#here').append(room);
    await asked;
    await painted();
    const start = performance.now();
    globalThis.handOver();
    return (await painted()) - start;
  },
  scroller: () => document.querySelector('chat-room').shadowRoot.querySelector('.scroll'),
  bubbles: () => [...document.querySelector('chat-room').shadowRoot.querySelectorAll('.bubble')],
  /** Puts 50 older ones before, as soon as the list has asked for them. */
  async older() {
    for (let i = 0; !globalThis.hold.length && i < 100; i++) await new Promise((r) => setTimeout(r, 20));
    globalThis.hold.shift()?.();
  },
};
