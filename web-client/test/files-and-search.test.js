import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aJob, Clock, idle, SharedFiles, SharedLocks, SharedStorage, tab, texts } from './world.js';

/** Anna's tab, connected, to a chat that takes files. */
async function anna(options) {
  const { chat, room } = aJob();
  chat.attachments = new Map([['a1', { id: 'a1', name: 'stain.jpg' }]]);
  const it = tab(chat, 1, options);
  it.client.connect();
  await idle();
  const pending = () => it.client.getSnapshot().pending[0];
  return { ...it, chat, room, pending };
}

const photo = () => new File(['x'], 'stain.jpg', { type: 'image/jpeg' });
const stored = { id: 'a1', name: 'stain.jpg', content_type: 'image/jpeg', size: 1, width: 4, height: 3, url: '/chat/attachments/a1/' };

test('a picture is uploaded, with its progress, and then sent', async () => {
  const { client, link, room, pending } = await anna();
  client.send(room.id, 'Look', { file: photo() });
  await idle();
  const [upload] = link.uploads;
  assert.equal(upload.url, 'https://chat.test/chat/attachments/');
  assert.equal(upload.headers.Authorization, 'Bearer token');
  assert.equal(upload.form.get('room'), String(room.id));
  assert.equal(upload.form.get('file').name, 'stain.jpg');
  upload.progress(1, 4);
  assert.equal(pending().upload.progress, 0.25);
  upload.answer(201, stored);
  await idle();
  assert.deepEqual(texts(client, room.id), ['Look']);
  const sent = link.sent.find((f) => f.type === 'message');
  assert.deepEqual([sent.message_type, sent.attachment_id], ['image', 'a1']);
});

test('a picture that was sent from here is not fetched again', async () => {
  const { client, link, room } = await anna();
  const file = photo();
  client.send(room.id, '', { file });
  await idle();
  link.uploads[0].answer(201, stored);
  await idle();
  assert.equal(await client.file(stored.url), file);
  await assert.rejects(client.file('/chat/attachments/other/'), { code: 'not_found' });
});

test('a preview is let go when it is no longer shown', async () => {
  const { client, link, room, pending } = await anna();
  const gone = (address) => fetch(address).then(() => false, () => true);
  const first = client.send(room.id, '', { file: photo() });
  await idle();
  const one = pending().upload.preview;
  assert.equal(await gone(one), false);
  client.discard(first);
  assert.equal(await gone(one), true);
  client.send(room.id, '', { file: photo() });
  await idle();
  const two = pending().upload.preview;
  link.uploads[1].answer(201, stored);
  await idle();
  assert.equal(await gone(two), true);
});

test('an upload that is given up is aborted, and nothing is sent', async () => {
  const { client, link, room } = await anna();
  const id = client.send(room.id, '', { file: photo() });
  await idle();
  client.discard(id);
  await idle();
  assert.deepEqual(client.getSnapshot().pending, []);
  assert.equal(room.log.length, 0);
  assert.equal(link.uploads.length, 1);
});

test("an upload ends when the token is somebody else's, also where it was waiting for that token", async () => {
  let give = () => {};
  let n = 0;
  const { client, link, room, clock } = await anna({
    token: undefined,
    getToken: () => (n++ ? new Promise((resolve) => (give = resolve)) : 'of Anna'),
  });
  client.send(room.id, 'one', { file: photo() });
  client.send(room.id, 'two', { file: photo() });
  await idle();
  link.uploads[0].answer(401, {});
  await idle();
  const [, giveToUpload] = [link.socket.break(4401), give];
  await idle();
  link.userId = 2;
  give('of John');
  await idle();
  assert.equal(client.getSnapshot().me.id, 2);
  giveToUpload('of John');
  await clock.pass(60_000);
  assert.deepEqual(link.uploads.map((upload) => upload.aborted), [true, true]);
  assert.equal(room.log.length, 0);
});

test('an upload that was refused has failed with the reason, and goes by a retry', async () => {
  const { client, link, room, pending } = await anna();
  const id = client.send(room.id, '', { file: photo() });
  await idle();
  link.uploads[0].answer(413, { code: 'too_large' });
  await idle();
  assert.deepEqual([pending().state, pending().error], ['failed', 'too_large']);
  client.retry(id);
  await idle();
  link.uploads[1].answer(201, stored);
  await idle();
  assert.equal(room.log[0].attachment.id, 'a1');
});

test('what a proxy answers in its own words has its reason too', async () => {
  const { client, link, room, pending } = await anna();
  client.send(room.id, '', { file: photo() });
  await idle();
  Object.assign(link.uploads[0], { status: 413, responseText: '<html>' }).onloadend();
  await idle();
  assert.equal(pending().error, 'too_large');
});

test('an upload that the network broke waits for the connection, and begins again', async () => {
  const { client, link, room, pending, clock } = await anna();
  client.send(room.id, '', { file: photo() });
  await idle();
  link.socket.break();
  link.uploads[0].answer(0, null);
  await idle();
  assert.equal(pending().state, 'sending');
  await clock.pass(1_500);
  assert.equal(link.uploads.length, 2);
  link.uploads[1].answer(201, stored);
  await idle();
  assert.equal(room.log.length, 1);
});

test('a file chosen offline is uploaded once there is a connection', async () => {
  const { client, link, room, clock } = await anna();
  link.socket.break();
  client.send(room.id, '', { file: photo() });
  await idle();
  assert.equal(link.uploads.length, 0);
  await clock.pass(1_500);
  assert.equal(link.uploads.length, 1);
  assert.equal(room.log.length, 0);
});

test('an upload whose token is refused is tried with a new one', async () => {
  let n = 0;
  const { client, link, room } = await anna({ token: undefined, getToken: () => `t${++n}` });
  client.send(room.id, '', { file: photo() });
  await idle();
  link.uploads[0].answer(401, {});
  await idle();
  assert.equal(link.uploads[1].headers.Authorization, 'Bearer t2');
  link.uploads[1].answer(201, stored);
  await idle();
  assert.equal(room.log.length, 1);
});

test('what was uploaded and not sent survives a reload', async () => {
  const storage = new SharedStorage();
  const clock = new Clock();
  const { client, link, room, chat } = await anna({ storage, clock });
  link.held = true;
  client.send(room.id, 'Look', { file: photo() });
  await idle();
  link.uploads[0].answer(201, stored);
  await idle();
  client.disconnect();
  const second = tab(chat, 1, { storage, clock });
  second.client.connect();
  await idle();
  assert.equal(room.log[0].attachment.id, 'a1');
});

/** A browser of Anna's: each visit is a tab on what the ones before have kept. */
async function browser({ files = new SharedFiles() } = {}) {
  const { chat, room } = aJob();
  chat.attachments = new Map([['a1', stored]]);
  const shared = { storage: new SharedStorage(), files, clock: new Clock() };
  const locks = new SharedLocks();
  const visit = async () => {
    const own = locks.ofTab();
    const it = tab(chat, 1, { ...shared, locks: own });
    it.client.connect();
    await idle();
    const close = () => {
      it.client.disconnect();
      own.close();
    };
    return { ...it, close, pending: () => it.client.getSnapshot().pending[0] };
  };
  return { chat, room, visit, ...shared };
}

/** Whether the user is asked before the page goes away. */
const asks = (window) => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));

test('a picture chosen offline survives a reload, and is sent once', async () => {
  const { room, visit, files, storage } = await browser();
  const first = await visit();
  first.link.socket.break();
  first.client.send(room.id, 'Look', { file: photo() });
  await idle();
  assert.equal(asks(first.window), false);
  first.close();

  const second = await visit();
  assert.match(second.pending().upload.preview, /^blob:/);
  assert.equal(second.link.uploads.length, 1);
  const sent = second.link.uploads[0].form.get('file');
  assert.deepEqual([sent.name, sent.type, await sent.text()], ['stain.jpg', 'image/jpeg', 'x']);
  second.link.uploads[0].answer(201, stored);
  await idle();
  assert.deepEqual(room.log.map((m) => [m.content, m.attachment.id]), [['Look', 'a1']]);
  assert.deepEqual([second.pending(), files.kept.size, storage.length], [undefined, 0, 0]);
});

test('an upload under way when the page goes away begins again with the next visit', async () => {
  const { room, visit } = await browser();
  const first = await visit();
  first.client.send(room.id, '', { file: photo() });
  await idle();
  first.link.uploads[0].progress(1, 2);
  first.close();
  const second = await visit();
  assert.equal(second.pending().upload.progress, 0);
  second.link.uploads[0].answer(201, stored);
  await idle();
  assert.equal(room.log.length, 1);
});

test('a refused picture is still there after a reload, to be tried again or given up', async () => {
  const { room, visit, files } = await browser();
  const first = await visit();
  for (const text of ['one', 'two']) first.client.send(room.id, text, { file: photo() });
  await idle();
  for (const upload of first.link.uploads) upload.answer(429, { code: 'rate_limited' });
  await idle();
  first.close();
  const { client, link } = await visit();
  const [one, two] = client.getSnapshot().pending;
  assert.deepEqual([one.state, one.error, two.state], ['failed', 'rate_limited', 'failed']);
  assert.match(one.upload.preview, /^blob:/);
  client.discard(two.client_id);
  await idle();
  assert.equal(files.kept.size, 1);
  client.retry(one.client_id);
  await idle();
  link.uploads[0].answer(201, stored);
  await idle();
  assert.deepEqual([room.log.length, files.kept.size], [1, 0]);
});

for (const [where, files] of [
  ['where nothing is kept', null],
  ['where the browser refuses it', Object.assign(new SharedFiles(), { put: () => Promise.reject(new RangeError()) })],
]) {
  test(`${where}, the user is asked before an upload is lost, and told when it is`, async () => {
    const { room, visit } = await browser({ files });
    const first = await visit();
    assert.equal(asks(first.window), false);
    const given = first.client.send(room.id, 'one', { file: photo() });
    await idle();
    assert.equal(asks(first.window), true);
    first.client.discard(given);
    await idle();
    assert.equal(asks(first.window), false);
    first.client.send(room.id, 'two', { file: photo() });
    await idle();
    first.link.uploads[1].answer(201, stored);
    await idle();
    assert.equal(asks(first.window), false);
    first.client.send(room.id, 'three', { file: photo() });
    await idle();
    assert.equal(asks(first.window), true);
    first.close();

    const second = await visit();
    assert.deepEqual(
      [second.pending().text, second.pending().state, second.pending().error],
      ['three', 'failed', 'file_lost'],
    );
    assert.equal(second.link.uploads.length, 0);
    assert.equal(asks(second.window), false);
    assert.deepEqual(room.log.map((m) => m.content), ['two']);
  });
}

test('files whose message is gone are let go of with the next visit', async () => {
  const { visit, files } = await browser();
  await files.put('ecleaner-chat:outbox:https://chat.test:1:gone', photo());
  await visit();
  assert.equal(files.kept.size, 0);
});

test('of two tabs one uploads, and the other goes on where it was closed', async () => {
  const { room, visit } = await browser();
  const here = await visit();
  const there = await visit();
  there.client.send(room.id, 'Look', { file: photo() });
  await idle();
  assert.equal(here.pending().text, 'Look');
  assert.deepEqual([there.link.uploads.length, here.link.uploads.length], [1, 0]);
  there.close();
  await idle();
  assert.equal(here.link.uploads.length, 1);
  here.link.uploads[0].answer(201, stored);
  await idle();
  assert.deepEqual(room.log.map((m) => m.content), ['Look']);
  assert.equal(here.pending(), undefined);
});

test('what one tab has uploaded another does not upload again', async () => {
  const { room, visit, files } = await browser();
  const here = await visit();
  const there = await visit();
  there.link.held = true;
  there.client.send(room.id, 'Look', { file: photo() });
  await idle();
  there.link.uploads[0].answer(201, stored);
  await idle();
  assert.deepEqual([here.pending().upload, here.pending().attachment.id], [null, 'a1']);
  there.close();
  await here.clock.pass(11_000);
  assert.equal(here.link.uploads.length, 0);
  assert.deepEqual([room.log.length, files.kept.size], [1, 0]);
});

test('an upload that is stopped in one tab is stopped in all', async () => {
  const { room, visit, files } = await browser();
  const here = await visit();
  const there = await visit();
  const id = there.client.send(room.id, '', { file: photo() });
  await idle();
  here.client.discard(id);
  await idle();
  assert.deepEqual([here.pending(), there.pending(), files.kept.size], [undefined, undefined, 0]);
  assert.equal(room.log.length, 0);
});

test('a search asks for words, in one room or in all', async () => {
  const { client, link } = await anna();
  const asked = [];
  link.http = (url, init) => {
    asked.push([String(url), init.headers.Authorization]);
    return Response.json({ results: [{ excerpt: 'the keys' }], next: 'c2' });
  };
  const { results, next } = await client.search('keys & locks');
  assert.deepEqual([results[0].excerpt, next], ['the keys', 'c2']);
  await client.search('keys', { room: 7, cursor: next, limit: 5 });
  assert.deepEqual(asked, [
    ['https://chat.test/chat/search/?q=keys+%26+locks', 'Bearer token'],
    ['https://chat.test/chat/search/?q=keys&room=7&cursor=c2&limit=5', 'Bearer token'],
  ]);
});

test('earlier contents are told, and a refusal has its code', async () => {
  const { client, link } = await anna();
  link.http = (url) =>
    String(url).endsWith('/chat/rooms/7/messages/123/edits/')
      ? Response.json({ results: [{ content: 'Helo', timestamp: '2026-05-01T10:00:00Z' }], next: null })
      : Response.json({ code: 'not_found' }, { status: 404 });
  assert.equal((await client.edits(7, 123))[0].content, 'Helo');
  await assert.rejects(client.edits(7, 124), { code: 'not_found' });
  link.http = () => Promise.reject(new TypeError('Failed to fetch'));
  await assert.rejects(client.search('x'), { code: 'unavailable', retryable: true });
});

test('an admin sees the support queue, and closes and reopens a conversation', async () => {
  const { client, link, chat } = await anna();
  const support = chat.room({ type: 'support', name: 'support', people: [2] });
  const asked = [];
  link.http = (url, init) => {
    asked.push([init.method ?? 'GET', String(url).replace('https://chat.test', '')]);
    const room = chat.info(support, 1);
    return Response.json(init.method === 'POST' ? room : { results: [room], next: null });
  };
  assert.equal(client.getSnapshot().rooms[support.id], undefined);
  assert.equal(await client.loadAllRooms(), null);
  assert.equal(client.getSnapshot().rooms[support.id].info.room_type, 'support');
  chat.close(support);
  await client.setOpen(support.id, false);
  assert.equal(client.getSnapshot().rooms[support.id].info.is_active, false);
  assert.deepEqual(asked, [
    ['GET', '/chat/rooms/?scope=all&room_type=support&is_active=true'],
    ['POST', `/chat/rooms/${support.id}/close/`],
  ]);
});

test("what was asked by HTTP is not told to the one whose token came meanwhile", async () => {
  const { chat } = aJob();
  chat.user(3, 'Olena', 'admin');
  const support = chat.room({ type: 'support', name: 'support', people: [1] });
  const { client, link, clock } = tab(chat, 3);
  client.connect();
  await idle();
  let answer;
  link.http = (_, { signal }) =>
    new Promise((resolve, reject) => {
      answer = () => resolve(Response.json({ results: [chat.info(support, 3)], next: null }));
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const queue = client.loadAllRooms();
  link.userId = 2;
  link.socket.break();
  await Promise.all([assert.rejects(queue, { code: 'unavailable' }), clock.pass(2_000)]);
  answer();
  await idle();
  assert.equal(client.getSnapshot().me.id, 2);
  assert.equal(client.getSnapshot().rooms[support.id], undefined);
  // John's own questions are answered.
  const johns = client.loadAllRooms();
  await idle();
  answer();
  assert.equal(await johns, null);
});

test('an admin who looks at a room without being in it sees what is said in it', async () => {
  const { chat } = aJob();
  chat.user(3, 'Olena', 'admin');
  const support = chat.room({ type: 'support', name: 'support', people: [1] });
  const { client, clock } = tab(chat, 3);
  client.connect();
  await idle();
  const release = client.watch(await client.open({ room: support.id }));
  await idle();
  chat.post(support, 1, 'Nobody answers the door.');
  await clock.pass(5_000);
  assert.deepEqual(texts(client, support.id), ['Nobody answers the door.']);
  chat.edit(support, support.log[0], 'Nobody is there.');
  chat.post(support, 1, 'Hello?');
  await clock.pass(5_000);
  assert.deepEqual(texts(client, support.id), ['Nobody is there.', 'Hello?']);
  assert.equal(client.getSnapshot().total, 0);

  release();
  chat.post(support, 1, 'Never mind.');
  await clock.pass(20_000);
  assert.deepEqual(texts(client, support.id), ['Nobody is there.', 'Hello?']);
});
