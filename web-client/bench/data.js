/** The same room for both: two people who talk for months. Deterministic. */

const WORDS =
  'the key is with neighbour please bring vacuum cleaner kitchen window stain done tomorrow at nine thank you perfect see Saturday second floor left ring twice I will be there in ten minutes is that all right of course'.split(
    ' ',
  );

/** @param {number} seq from 1 */
export function message(seq) {
  let n = (seq * 2654435761) >>> 0;
  const next = () => (n = (Math.imul(n, 1664525) + 1013904223) >>> 0);
  const length = 2 + (next() % 24);
  const words = Array.from({ length }, () => WORDS[next() % WORDS.length]);
  const mine = Math.floor(seq / 3) % 2 === 0;
  return {
    id: seq,
    seq,
    room: 1,
    sender: mine ? { id: 1, username: 'anna', first_name: 'Anna' } : { id: 2, username: 'john', first_name: 'John' },
    content: `${words.join(' ')}.`,
    timestamp: new Date(Date.UTC(2026, 0, 1) + seq * 240_000).toISOString(),
    message_type: 'text',
    is_read: true,
    client_id: null,
    reply_to: null,
    attachment: null,
    data: null,
    edited_at: null,
    deleted_at: null,
  };
}

/** @param {number} from @param {number} to both included */
export const messages = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => message(from + i));

/** What a page tells: how long it took until the messages were seen. */
export const painted = () =>
  new Promise((resolve) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now());
      port2.postMessage(null);
    }),
  );
