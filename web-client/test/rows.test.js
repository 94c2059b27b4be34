import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linked, rowsOf } from '../src/elements/rows.js';

const message = (seq, sender, minutes, more = {}) => ({
  seq,
  sender: { id: sender },
  timestamp: new Date(Date.UTC(2026, 4, 1, 10, minutes)).toISOString(),
  message_type: 'text',
  client_id: null,
  ...more,
});
const rows = (messages, more = {}) =>
  rowsOf({ messages, pending: [], me: 1, hasBefore: false, newAfter: null, ...more });
const shape = (list) =>
  list.map((r) => (r.seq ?? r.message?.seq ?? r.kind) + (r.first ? 'f' : '') + (r.last ? 'l' : ''));

test('messages of one sender within five minutes are a group', () => {
  const list = [message(1, 1, 0), message(2, 1, 3), message(3, 2, 4), message(4, 2, 30)];
  assert.deepEqual(shape(rows(list)), ['day', '1f', '2l', '3fl', '4fl']);
});

test('each day has its line', () => {
  const list = [message(1, 1, 0), message(2, 1, 60 * 48)];
  assert.deepEqual(shape(rows(list)), ['day', '1fl', 'day', '2fl']);
});

test('the line before new messages breaks a group, and ignores my own', () => {
  const list = [message(1, 2, 0), message(2, 1, 1), message(3, 2, 2), message(4, 2, 3)];
  assert.deepEqual(shape(rows(list, { newAfter: 1 })), ['day', '1fl', '2fl', 'new', '3f', '4l']);
});

test('rows that are shown keep their looks when older messages come before them', () => {
  const all = Array.from({ length: 60 }, (_, i) => message(i + 1, 1 + (Math.floor(i / 4) % 2), i * 170));
  for (let from = 1; from < 55; from++) {
    const later = rows(all.slice(from), { hasBefore: true });
    const earlier = rows(all.slice(Math.max(0, from - 5)), { hasBefore: from > 5 });
    assert.deepEqual(earlier.slice(-later.length), later);
  }
});

test('what waits for its echo becomes the same row', () => {
  const pending = [{ client_id: 'c1', at: Date.UTC(2026, 4, 1, 10, 1), text: 'Hello' }];
  const waiting = rows([message(1, 1, 0)], { pending });
  const sent = rows([message(1, 1, 0), message(2, 1, 1, { client_id: 'c1' })]);
  assert.deepEqual(
    waiting.map((r) => r.key),
    sent.map((r) => r.key),
  );
  assert.deepEqual(
    waiting.map((r) => [r.first, r.last]),
    sent.map((r) => [r.first, r.last]),
  );
});

test('addresses in a text can be followed, and nothing else', () => {
  const hrefs = (text) => linked(text).flatMap((p) => p.href ?? []);
  assert.deepEqual(hrefs('See https://a.example/x?y=1, please.'), ['https://a.example/x?y=1']);
  assert.deepEqual(hrefs('(http://a.example/)'), ['http://a.example/']);
  assert.deepEqual(hrefs('javascript:alert(1) data:text/html,x //a.example'), []);
  assert.equal(
    linked('a https://b.example c')
      .map((p) => p.text)
      .join(''),
    'a https://b.example c',
  );
});
