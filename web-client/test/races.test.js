import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageAt } from '../src/client/log.js';
import { shown } from '../src/client/views.js';
import { aJob, Clock, idle, SharedFiles, SharedStorage, tab, texts } from './world.js';

/** Anna's tab, connected. */
async function anna(chat, { listed = 50, ...options } = {}) {
  const it = tab(chat, 1, options);
  it.link.welcome = { listed };
  it.client.connect();
  await idle();
  return it;
}

/** A frame as the server would send it by itself. */
const tell = async ({ socket }, frame) => {
  socket.down.push(JSON.stringify(frame));
  socket.deliver(1);
  await idle();
};

/** Two rooms; Anna is told of the second alone, and `room` lies beyond her list. */
async function beyondTheList() {
  const { chat, room } = aJob();
  const clock = new Clock();
  chat.now = clock.now;
  for (const text of ['one', 'two', 'three']) chat.post(room, 2, text);
  await clock.pass(1_000);
  chat.post(chat.room({ job: 6, people: [1, 2] }), 2, 'later');
  return { chat, room, ...(await anna(chat, { clock, listed: 1 })) };
}

test('a gap that is told while all is level brings what is unread in it', async () => {
  const { chat, room } = aJob();
  const { client, link } = await anna(chat);
  client.watch(room.id);
  chat.post(room, 2, 'one');
  await idle();
  link.held = true;
  for (let i = 2; i <= 40; i++) chat.post(room, 2, `m${i}`);
  // A node that heard of too many at once tells where they are, and nothing of each.
  link.socket.down.length = 0;
  link.held = false;
  await tell(link, { type: 'gap', room: room.id, from_seq: 2, to_seq: 40 });
  chat.post(room, 2, 'the next one');
  await idle();
  const { total, rooms } = client.getSnapshot();
  assert.deepEqual([total, rooms[room.id].unread, rooms[room.id].version], [41, 41, room.version]);
  assert.equal(texts(client, room.id).length, 41);
});

test('a gap in a room beyond the list changes the total', async () => {
  const { chat, room, client, link } = await beyondTheList();
  link.held = true;
  for (let i = 0; i < 5; i++) chat.post(room, 2, `more ${i}`);
  link.socket.down.length = 0;
  link.held = false;
  await tell(link, { type: 'gap', room: room.id, from_seq: 4, to_seq: 8 });
  assert.equal(client.getSnapshot().total, 9);
});

test('a room beyond the list that is lost no longer counts', async () => {
  const { chat, room, client } = await beyondTheList();
  assert.equal(client.getSnapshot().total, 4);
  chat.remove(room, 1);
  await idle();
  assert.equal(client.getSnapshot().total, 1);
});

test('a message in a room beyond the list is told as one that came', async () => {
  const { chat, room, client } = await beyondTheList();
  const told = [];
  client.onIncoming((message) => told.push(message.content));
  chat.post(room, 2, 'four');
  await idle();
  chat.post(room, 2, 'five');
  chat.post(room, 1, 'mine');
  await idle();
  assert.deepEqual(told, ['four', 'five']);
  assert.equal(client.getSnapshot().total, 6);
});

test('a room that is lost twice while it is asked for holds nothing else up', async () => {
  const { chat, room } = aJob();
  const other = chat.room({ job: 6, people: [1, 2] });
  const { client, link, clock } = await anna(chat);
  chat.post(room, 2, 'one');
  chat.remove(room, 1);
  await idle();
  // The answer to a sync that found access back for a moment comes ahead of its room.
  const message = { ...room.log[0], seq: 7 };
  await tell(link, { type: 'chat_message', room: room.id, version: 9, message });
  assert.equal(client.getSnapshot().rooms[room.id].syncing, false);
  link.socket.break();
  client.send(other.id, 'waits');
  await clock.pass(2_000);
  assert.deepEqual(texts(client, other.id), ['waits']);
});

test('a room beyond the list that came back while one was away is back with its next message', async () => {
  const { chat, room, client, link, clock } = await beyondTheList();
  await client.loadMoreRooms();
  chat.remove(room, 1);
  await idle();
  assert.equal(client.getSnapshot().rooms[room.id].left, 'unassigned');
  link.held = true;
  link.socket.break();
  chat.add(room, 1);
  link.held = false;
  await clock.pass(2_000);
  chat.post(room, 2, 'four');
  await idle();
  assert.equal(client.getSnapshot().rooms[room.id].left, null);
  assert.equal(client.getSnapshot().total, chat.total(1));
});

test('what is deleted while a page is under way is not quoted in it', async () => {
  for (const isHeld of [true, false]) {
    const { chat, room } = aJob();
    for (let i = 1; i <= 300; i++) chat.post(room, 2, `m${i}`, { reply_to: i === 80 ? 30 : 0 });
    const { client, link } = await anna(chat);
    client.watch(room.id);
    await idle();
    if (isHeld) await client.jumpTo(room.id, 30);
    link.held = true;
    const page = isHeld ? client.loadNewer(room.id) : client.jumpTo(room.id, 80);
    link.socket.ask(1); // The page is read …
    chat.delete(room, room.log[29]);
    link.socket.down.reverse(); // … and overtaken.
    link.held = false;
    link.socket.deliver(Infinity);
    await page;
    const answer = messageAt(client.getSnapshot().rooms[room.id].runs, 80);
    assert.deepEqual([answer.reply_to.seq, answer.reply_to.excerpt], [30, ''], `held: ${isHeld}`);
  }
});

test('the answer to a message that was sent again does not bring back what was deleted since', async () => {
  const { chat, room } = aJob();
  const { client, link } = await anna(chat);
  client.watch(room.id);
  const { message } = chat.post(room, 1, 'mine', { client_id: 'c' });
  await idle();
  const answer = { type: 'chat_message', room: room.id, version: message.version, message: structuredClone(message) };
  chat.delete(room, message);
  await idle();
  await tell(link, answer);
  assert.deepEqual(texts(client, room.id), ['']);
});

test('what waits for its echo quotes nothing that was deleted since', async () => {
  const { chat, room } = aJob();
  const { client, link } = await anna(chat);
  const { message } = chat.post(room, 2, 'secret');
  await idle();
  link.held = true;
  client.send(room.id, 'an answer', { replyTo: message });
  chat.delete(room, message);
  link.socket.up.length = 0; // It does not arrive yet.
  link.socket.deliver(1);
  assert.equal(client.getSnapshot().pending[0].reply_to.excerpt, '');
});

test('a page that a break took away is not said to have failed once one is back', async () => {
  const { chat, room } = aJob();
  for (let i = 1; i <= 100; i++) chat.post(room, 2, `m${i}`);
  const { client, link, clock } = await anna(chat);
  client.watch(room.id);
  await idle();
  link.held = true;
  const older = client.loadOlder(room.id);
  link.socket.break();
  await older;
  assert.equal(client.getSnapshot().rooms[room.id].failed, true);
  link.held = false;
  await clock.pass(2_000);
  assert.equal(client.getSnapshot().status, 'connected');
  assert.equal(client.getSnapshot().rooms[room.id].failed, false);
});

test('whoever goes to the latest messages is not taken away by a jump that was under way', async () => {
  const { chat, room } = aJob();
  for (let i = 1; i <= 300; i++) chat.post(room, 2, `m${i}`);
  const { client, link } = await anna(chat);
  client.watch(room.id);
  await idle();
  link.held = true;
  const jump = client.jumpTo(room.id, 40);
  client.jumpToLatest(room.id);
  link.held = false;
  link.socket.deliver(Infinity);
  await jump;
  assert.equal(shown(client.getSnapshot().rooms[room.id]).messages.at(-1).seq, 300);
  await client.jumpTo(room.id, 40);
  assert.ok(shown(client.getSnapshot().rooms[room.id]).messages.some((m) => m.seq === 40));
});

test('the user is asked too where another tab threw a file away before its message was there', async () => {
  const { chat, room } = aJob();
  const storage = new SharedStorage();
  const files = new SharedFiles();
  const { client, window } = await anna(chat, { storage, files });
  const { put } = files;
  // Between the two another tab begins, and finds a file without a message.
  files.put = async (key, file) => {
    await put(key, file);
    await files.drop((kept) => storage.getItem(kept) === null);
  };
  client.send(room.id, '', { file: new File(['x'], 'stain.jpg', { type: 'image/jpeg' }) });
  await idle();
  assert.equal(files.kept.size, 0);
  assert.equal(window.dispatchEvent(new Event('beforeunload', { cancelable: true })), false);
});

test('what was said before the first welcome, or after a farewell, survives a reload', async () => {
  const { chat, room } = aJob();
  const storage = new SharedStorage();
  const first = tab(chat, 1, { storage });
  first.link.held = true;
  first.client.connect();
  await idle();
  first.client.send(room.id, 'early');
  first.link.socket.deliver(1); // The welcome; nothing of what follows arrives anywhere.
  await idle();
  first.client.disconnect();
  first.client.send(room.id, 'late');
  first.client.connect();
  await idle();
  first.link.socket.deliver(1);
  await idle();
  first.client.disconnect();
  assert.deepEqual(room.log, []);
  await anna(chat, { storage });
  assert.deepEqual(
    room.log.map((message) => message.content),
    ['early', 'late'],
  );
});
