import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delayOf } from '../src/client/connection.js';
import { isRead, isWaiting, latest, roomList, shown } from '../src/client/views.js';
import { aJob, anOffice, Clock, idle, SharedStorage, tab, texts } from './world.js';

/** Anna's tab, connected. */
async function anna(chat, options) {
  const it = tab(chat, 1, options);
  it.client.connect();
  await idle();
  return it;
}

const statusOf = ({ client }) => [client.getSnapshot().status, client.getSnapshot().reason];
const jwt = (exp) => `h.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.s`;

test('a message shows at once, and is sent when its echo comes', async () => {
  const { chat, room } = aJob();
  const { client, link } = await anna(chat);
  link.held = true;
  client.send(room.id, 'Hello');
  assert.deepEqual(
    client.getSnapshot().pending.map((p) => [p.text, p.state]),
    [['Hello', 'sending']],
  );
  link.held = false;
  link.socket.deliver(Infinity);
  await idle();
  assert.deepEqual(client.getSnapshot().pending, []);
  assert.deepEqual(texts(client, room.id), ['Hello']);
});

test('a snapshot stays the same object until something changes', async () => {
  const { chat, room } = aJob();
  const { client } = await anna(chat);
  const before = client.getSnapshot();
  assert.equal(client.getSnapshot(), before);
  let told = 0;
  const end = client.subscribe(() => told++);
  chat.post(room, 2, 'one');
  chat.post(room, 2, 'two');
  await idle();
  assert.notEqual(client.getSnapshot(), before);
  assert.equal(told, 1);
  end();
  chat.post(room, 2, 'three');
  await idle();
  assert.equal(told, 1);
});

test('what was written offline survives a reload and is posted once', async () => {
  const { chat, room } = aJob();
  const storage = new SharedStorage();
  const first = await anna(chat, { storage });
  first.link.held = true;
  first.client.send(room.id, 'one');
  first.client.send(room.id, 'two');
  first.link.socket.ask(1); // The server stores it, and the echo is lost.
  first.link.socket.break();
  first.client.disconnect();
  const second = await anna(chat, { storage });
  await idle();
  assert.deepEqual(
    room.log.map((m) => m.content),
    ['one', 'two'],
  );
  assert.deepEqual(second.client.getSnapshot().pending, []);
  assert.equal(storage.length, 0);
});

test("another user's outbox is left alone", async () => {
  const { chat, room } = aJob();
  const storage = new SharedStorage();
  const first = await anna(chat, { storage });
  first.link.held = true;
  first.client.send(room.id, 'of Anna');
  first.link.socket.break();
  first.client.disconnect();
  const john = tab(chat, 2, { storage });
  john.client.connect();
  await idle();
  assert.equal(room.log.length, 0);
  assert.equal(storage.length, 1);
});

test("once the token is somebody else's, nothing of the one before is said in their name", async () => {
  const { chat, room } = aJob();
  const it = await anna(chat, { token: undefined, getToken: () => 'token' });
  const { client, link, clock, storage } = it;
  const becomes = async (userId) => {
    link.held = false;
    link.userId = userId;
    link.sent.length = 0;
    link.socket.break(4401);
    await clock.pass(100);
    assert.deepEqual([statusOf(it), client.getSnapshot().me.id], [['connected', null], userId]);
    await clock.pass(60_000);
  };
  chat.post(room, 1, 'one');
  await idle();
  link.held = true;
  client.send(room.id, 'of Anna');
  client.markRead(room.id, 1);
  client.typing(room.id);
  await becomes(2);
  assert.deepEqual(link.sent.filter((f) => f.type !== 'ping' && f.type !== 'sync'), []);
  assert.deepEqual(room.log.map((m) => m.content), ['one']);
  assert.equal(chat.unread(room, 2), 1);
  assert.deepEqual(client.getSnapshot().pending, []);
  client.send(room.id, 'of John');
  await idle();
  await becomes(1);
  assert.deepEqual(room.log.map((m) => [m.content, m.sender.id]), [['one', 1], ['of John', 2], ['of Anna', 1]]);
  assert.equal(storage.length, 0);
});

test('a message that another tab wrote and could not send is sent by this one', async () => {
  const { chat, room } = aJob();
  const clock = new Clock();
  const storage = new SharedStorage();
  const here = await anna(chat, { clock, storage });
  const there = await anna(chat, { clock, storage });
  there.link.held = true;
  there.client.send(room.id, 'from there');
  assert.equal(here.client.getSnapshot().pending.length, 1);
  there.client.disconnect();
  await clock.pass(11_000);
  assert.deepEqual(
    room.log.map((m) => m.content),
    ['from there'],
  );
  assert.deepEqual(here.client.getSnapshot().pending, []);
});

test('a refused message has failed, stays through a reload, and goes by a retry', async () => {
  const { chat, room } = aJob();
  const storage = new SharedStorage();
  const first = await anna(chat, { storage });
  chat.close(room);
  const id = first.client.send(room.id, 'too late');
  await idle();
  assert.equal(first.client.getSnapshot().pending[0].state, 'failed');
  assert.equal(first.client.getSnapshot().pending[0].error, 'room_closed');
  first.client.disconnect();
  chat.close(room, true);
  const second = await anna(chat, { storage });
  assert.equal(second.client.getSnapshot().pending[0].state, 'failed');
  second.client.retry(id);
  await idle();
  assert.deepEqual(texts(second.client, room.id), ['too late']);
  assert.equal(storage.length, 0);
});

test('a refusal that passes is tried again by itself, in order', async () => {
  const { chat, room } = aJob();
  const { client, clock } = await anna(chat);
  let times = 2;
  chat.refuse = (frame) => frame.type === 'message' && times-- > 0 && 'unavailable';
  client.send(room.id, 'one');
  client.send(room.id, 'two');
  await clock.pass(3_000);
  assert.deepEqual(texts(client, room.id), ['one', 'two']);
});

test('too many at once: waits as long as the server says, and sends again', async () => {
  const { chat, room } = aJob();
  const { client, clock, link } = await anna(chat);
  let times = 1;
  chat.refuse = (f) => f.type === 'message' && times-- > 0 && { code: 'rate_limited', retry_after: 4 };
  client.send(room.id, 'one');
  await clock.pass(3_900);
  assert.equal(client.getSnapshot().pending[0].state, 'sending');
  assert.equal(link.sent.filter((f) => f.type === 'message').length, 1);
  await clock.pass(200);
  assert.deepEqual(texts(client, room.id), ['one']);
});

test('a refusal has its reason, and is not sent again', async () => {
  for (const code of ['invalid', 'too_large', 'forbidden', 'not_found', 'room_closed']) {
    const { chat, room } = aJob();
    const { client, clock, link } = await anna(chat);
    chat.refuse = (f) => f.type === 'message' && code;
    client.send(room.id, 'one');
    await clock.pass(60_000);
    assert.deepEqual(
      client.getSnapshot().pending.map((p) => [p.state, p.error]),
      [['failed', code]],
    );
    assert.equal(link.sent.filter((f) => f.type === 'message').length, 1);
  }
});

test('a mark that was refused for now is said again', async () => {
  const { chat, room } = aJob();
  const { client, clock } = await anna(chat);
  chat.post(room, 2, 'one');
  await idle();
  let times = 1;
  chat.refuse = (f) => f.type === 'read' && times-- > 0 && { code: 'rate_limited', retry_after: 2 };
  client.markRead(room.id, 1);
  await clock.pass(1_900);
  assert.equal(client.getSnapshot().total, 1);
  await clock.pass(200);
  assert.equal(client.getSnapshot().total, 0);
});

test('4413, 4408 and a broken line come back and heal; 1013 waits longer, 4429 the longest', async () => {
  for (const [code, wait] of [[4413, 1_000], [4408, 1_000], [1013, 4_000], [1006, 1_000], [4429, 30_000]]) {
    const { chat, room } = aJob();
    const it = await anna(chat);
    it.client.watch(room.id);
    await it.clock.pass(6_000);
    it.link.socket.break(code);
    chat.post(room, 2, 'meanwhile');
    await it.clock.pass(wait - 1);
    assert.equal(it.link.sockets.length, 1);
    await it.clock.pass(1);
    assert.deepEqual(statusOf(it), ['connected', null]);
    assert.deepEqual(texts(it.client, room.id), ['meanwhile']);
  }
});

test('a general room is left', async () => {
  const { chat } = aJob();
  const lobby = chat.room({ type: 'general', name: 'lobby', people: [1, 2] });
  const { client } = await anna(chat);
  await client.leave(lobby.id);
  assert.equal(client.getSnapshot().rooms[lobby.id].left, 'unassigned');
});

test('reconnects after 1, 2, 4, 8, 16, then 30 s, give or take a quarter', () => {
  for (const [attempt, seconds] of [1, 2, 4, 8, 16, 30, 30].entries()) {
    assert.equal(delayOf(attempt, 0.5), seconds * 1_000);
    assert.ok(delayOf(attempt, 0) >= seconds * 750);
    assert.ok(delayOf(attempt, 1) <= seconds * 1_250);
  }
});

test('each attempt that fails waits longer, and one that lasts begins anew', async () => {
  const { chat } = aJob();
  const it = await anna(chat);
  const { clock, link } = it;
  await clock.pass(10_000);
  link.answer = () => 1006;
  link.socket.break();
  assert.deepEqual(statusOf(it), ['disconnected', null]);
  const counts = [];
  for (const wait of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000]) {
    await clock.pass(wait - 1);
    counts.push(link.sockets.length);
    await clock.pass(1);
    counts.push(link.sockets.length);
  }
  assert.deepEqual(counts, [1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7]);
  link.answer = () => 'welcome';
  await clock.pass(30_000);
  assert.deepEqual(statusOf(it), ['connected', null]);
  await clock.pass(6_000);
  link.socket.break();
  await clock.pass(1_000);
  assert.deepEqual(statusOf(it), ['connected', null]);
});

test('a draining node is left at once', async () => {
  const { chat } = aJob();
  const it = await anna(chat);
  await it.clock.pass(6_000);
  it.link.socket.break(1001);
  await it.clock.pass(500);
  assert.deepEqual(statusOf(it), ['connected', null]);
});

test('4403 and 4404 are final', async () => {
  for (const [code, reason] of [[4403, 'forbidden'], [4404, 'not_found']]) {
    const { chat } = aJob();
    const it = await anna(chat);
    it.link.socket.break(code);
    await it.clock.pass(100_000);
    assert.deepEqual(statusOf(it), ['disconnected', reason]);
    assert.equal(it.link.sockets.length, 1);
  }
});

test('4401 asks for a new token, and a second refusal in a row is final', async () => {
  const { chat } = aJob();
  const asked = [];
  const it = await anna(chat, {
    token: undefined,
    getToken: (why) => {
      asked.push(why.fresh);
      return `t${asked.length}`;
    },
  });
  it.link.socket.break(4401);
  await idle();
  assert.deepEqual(asked, [false, true]);
  assert.deepEqual(statusOf(it), ['connected', null]);
  it.link.answer = () => 4401;
  it.link.socket.break(4401);
  await it.clock.pass(100_000);
  assert.deepEqual(asked, [false, true, true]);
  assert.deepEqual(statusOf(it), ['disconnected', 'unauthenticated']);
});

test('a token that cannot be renewed ends with its 4401', async () => {
  const { chat } = aJob();
  const it = await anna(chat);
  it.link.socket.break(4401);
  await it.clock.pass(100_000);
  assert.deepEqual(statusOf(it), ['disconnected', 'unauthenticated']);
});

test('a client that was refused hears no other tab any more once it is disconnected', async () => {
  const { chat, room } = aJob();
  const storage = new SharedStorage();
  const refused = await anna(chat, { storage });
  refused.link.socket.break(4401);
  refused.client.disconnect();
  assert.deepEqual(statusOf(refused), ['disconnected', 'unauthenticated']);
  const other = await anna(chat, { storage });
  other.link.held = true;
  other.client.send(room.id, 'from the other tab');
  await idle();
  assert.deepEqual(refused.client.getSnapshot().pending, []);
});

test('a token is replaced on the open socket before it expires', async () => {
  const { chat } = aJob();
  const clock = new Clock();
  let given = 0;
  const { link } = await anna(chat, {
    clock,
    token: undefined,
    getToken: () => jwt(clock.now() / 1_000 + 600 + given++),
  });
  await clock.pass(541_000);
  const auth = link.sent.filter((f) => f.type === 'auth');
  assert.equal(auth.length, 1);
  assert.equal(link.sockets.length, 1);
});

test("a token that is replaced by somebody else's makes a connection of theirs", async () => {
  const { chat } = aJob();
  const clock = new Clock();
  const it = await anna(chat, { clock, token: undefined, getToken: () => jwt(clock.now() / 1_000 + 600) });
  chat.refuse = (frame) => frame.type === 'auth' && 'forbidden';
  it.link.userId = 2;
  await clock.pass(543_000);
  assert.deepEqual(statusOf(it), ['connected', null]);
  assert.equal(it.client.getSnapshot().me.id, 2);
});

test('tokens that are short, or the same for a while, are replaced on the open socket too', async () => {
  const { chat } = aJob();
  const clock = new Clock();
  const began = clock.now();
  const ends = [40, 40, 100, 130, 160];
  const asked = [];
  const it = await anna(chat, {
    clock,
    token: undefined,
    getToken: () => {
      asked.push((clock.now() - began) / 1_000);
      return jwt(began / 1_000 + ends[asked.length - 1]);
    },
  });
  await clock.pass(99_000);
  assert.deepEqual(asked, [0, 20, 30, 65, 97.5]);
  assert.equal(it.link.sent.filter((f) => f.type === 'auth').length, 4);
  assert.equal(it.link.sockets.length, 1);
});

test('a token that is replaced by none is asked for again, but not without end', async () => {
  const { chat } = aJob();
  const clock = new Clock();
  let asked = 0;
  const token = jwt(clock.now() / 1_000 + 40);
  await anna(chat, {
    clock,
    token: undefined,
    getToken: () => (asked++ ? Promise.reject(new Error('no network')) : token),
  });
  await clock.pass(100_000);
  assert.ok(asked > 2 && asked < 8, `asked ${asked} times`);
});

test('a token of months makes no timer of months, which would run at once', async () => {
  const { chat } = aJob();
  const clock = new Clock();
  const waits = [];
  const { setTimeout } = clock;
  clock.setTimeout = (f, ms) => {
    waits.push(ms);
    return setTimeout(f, ms);
  };
  await anna(chat, { clock, token: undefined, getToken: () => jwt(clock.now() / 1_000 + 100 * 86_400) });
  assert.equal(Math.max(...waits), 86_400_000);
});

test('a ticket that does not come is given up, and whoever looks again need not wait', async () => {
  const { chat } = aJob();
  const it = await anna(chat);
  const { clock, link, window } = it;
  const { tickets } = link;
  const late = [];
  link.tickets = (_, { signal }) => {
    assert.ok(signal instanceof AbortSignal);
    return new Promise((resolve) => late.push(resolve));
  };
  link.socket.break();
  await clock.pass(1_000 + 9_999);
  assert.deepEqual(statusOf(it), ['connecting', null]);
  await clock.pass(1);
  assert.deepEqual(statusOf(it), ['disconnected', null]);
  link.tickets = tickets;
  window.dispatchEvent(new Event('focus'));
  await idle();
  assert.deepEqual(statusOf(it), ['connected', null]);
  late[0](tickets());
  await clock.pass(20_000);
  assert.equal(late.length, 1);
  assert.equal(link.sockets.length, 2);
});

test('a token that does not come is asked for again', async () => {
  const { chat } = aJob();
  let asked = 0;
  const it = await anna(chat, {
    token: undefined,
    getToken: () => (asked++ ? 'token' : new Promise(() => {})),
  });
  await it.clock.pass(10_000 + 1_000);
  assert.deepEqual(statusOf(it), ['connected', null]);
  await it.clock.pass(20_000);
  assert.equal(asked, 2);
  assert.equal(it.link.sockets.length, 1);
});

test('the socket is opened with a ticket, and with the token where there are none', async () => {
  const { chat } = aJob();
  const it = await anna(chat);
  assert.equal(it.link.socket.url, 'wss://chat.test/ws/?ticket=t');
  it.link.tickets = () => new Response('', { status: 503 });
  it.link.socket.break();
  await it.clock.pass(2_000);
  assert.equal(it.link.socket.url, 'wss://chat.test/ws/?token=token');
});

test('too many tickets at once: the token stays where it is, and a ticket is asked for later', async () => {
  const { chat } = aJob();
  const it = await anna(chat);
  it.link.tickets = () => new Response('', { status: 429 });
  it.link.socket.break();
  await it.clock.pass(1_500);
  assert.equal(it.link.sockets.length, 1);
  it.link.tickets = () => new Response(JSON.stringify({ ticket: 't' }), { status: 201 });
  await it.clock.pass(3_000);
  assert.deepEqual(statusOf(it), ['connected', null]);
});

test('where the server is out of reach the token goes nowhere', async () => {
  const { chat } = aJob();
  const it = tab(chat, 1);
  it.link.tickets = () => Promise.reject(new TypeError('Failed to fetch'));
  it.link.answer = () => 1006;
  it.client.connect();
  await it.clock.pass(500);
  assert.deepEqual(statusOf(it), ['disconnected', null]);
  assert.deepEqual(it.link.sockets.map((s) => s.url), ['wss://chat.test/ws/?']);
  it.link.tickets = () => new Response(JSON.stringify({ ticket: 't' }), { status: 201 });
  it.link.answer = () => 'welcome';
  await it.clock.pass(1_000);
  assert.deepEqual(statusOf(it), ['connected', null]);
});

test('a page of an origin that is not allowed is told so, though it may read no answer', async () => {
  const { chat } = aJob();
  const it = tab(chat, 1);
  it.link.tickets = () => Promise.reject(new TypeError('Failed to fetch'));
  it.link.answer = () => 4403;
  it.client.connect();
  await it.clock.pass(100_000);
  assert.deepEqual(statusOf(it), ['disconnected', 'forbidden']);
  assert.equal(it.link.sockets.length, 1);
});

test('a socket without a ticket that is refused says nothing about the token', async () => {
  const { chat } = aJob();
  const it = tab(chat, 1);
  it.link.tickets = () => Promise.reject(new TypeError('Failed to fetch'));
  it.link.answer = () => 4401;
  it.client.connect();
  await it.clock.pass(5_000);
  assert.deepEqual(statusOf(it), ['disconnected', null]);
});

test('whoever was let in once opens no socket while there are no tickets', async () => {
  const { chat } = aJob();
  const it = await anna(chat);
  it.link.tickets = () => Promise.reject(new TypeError('Failed to fetch'));
  it.link.socket.break();
  await it.clock.pass(60_000);
  assert.equal(it.link.sockets.length, 1);
});

test('a connection that has gone silent is given up', async () => {
  const { chat } = aJob();
  const it = await anna(chat);
  it.link.held = true;
  await it.clock.pass(25_000 + 10_000 + 1_000);
  assert.equal(it.link.sockets.length, 2);
});

test('the browser goes offline and online: lost and back without waiting', async () => {
  const { chat } = aJob();
  const it = await anna(chat);
  it.window.dispatchEvent(new Event('offline'));
  assert.deepEqual(statusOf(it), ['disconnected', null]);
  it.window.dispatchEvent(new Event('online'));
  await idle();
  assert.deepEqual(statusOf(it), ['connected', null]);
});

test('unread: those of others, not deleted, after the mark', async () => {
  const { chat, room } = aJob();
  const { client } = await anna(chat);
  const unread = () => [client.getSnapshot().rooms[room.id].unread, client.getSnapshot().total];
  chat.post(room, 2, 'one');
  const two = chat.post(room, 2, 'two').message;
  await idle();
  assert.deepEqual(unread(), [2, 2]);
  client.send(room.id, 'my own, that crosses theirs');
  await idle();
  assert.deepEqual(unread(), [2, 2]);
  chat.delete(room, two);
  await idle();
  assert.deepEqual(unread(), [1, 1]);
  client.markRead(room.id, 3);
  await idle();
  assert.deepEqual(unread(), [0, 0]);
});

test("a mark that another device moved counts here too, and one's own that was lost is said again", async () => {
  const { chat, room } = aJob();
  const { client, link, clock } = await anna(chat);
  chat.post(room, 2, 'one');
  chat.post(room, 2, 'two');
  chat.read(room, 1, 1);
  await idle();
  assert.equal(client.getSnapshot().total, 1);
  link.held = true;
  client.markRead(room.id, 2);
  link.socket.break();
  link.held = false;
  await clock.pass(1_500);
  assert.equal(room.marks.get(1), 2);
  assert.equal(client.getSnapshot().total, 0);
});

test('typing shows until it is taken back, or six seconds have passed', async () => {
  const { chat, room } = aJob();
  const { client, clock } = await anna(chat);
  const typing = () => client.getSnapshot().rooms[room.id].typing.map((t) => t.user.first_name);
  chat.typing(room, 2, true);
  await idle();
  assert.deepEqual(typing(), ['John']);
  chat.typing(room, 2, false);
  await idle();
  assert.deepEqual(typing(), []);
  chat.typing(room, 2, true);
  await clock.pass(6_100);
  assert.deepEqual(typing(), []);
});

test('typing is said every three seconds at most, and ends by itself', async () => {
  const { chat, room } = aJob();
  const { client, clock, link } = await anna(chat);
  for (let i = 0; i < 8; i++) {
    client.typing(room.id);
    await clock.pass(500);
  }
  await clock.pass(5_000);
  assert.deepEqual(
    link.sent.filter((f) => f.type === 'typing').map((f) => f.is_typing),
    [true, true, false],
  );
});

test('a room in which nothing happened is level with the welcome; any other, only with what sync tells', async () => {
  const { chat, room } = aJob();
  const other = chat.room({ job: 6, people: [1, 2] });
  for (const of of [room, other]) chat.post(of, 2, 'one');
  const { client, link, clock } = await anna(chat);
  for (const of of [room, other]) client.watch(of.id);
  await idle();
  link.held = true;
  client.send(room.id, 'waits');
  link.socket.break();
  chat.edit(other, other.log[0], 'edited');
  link.sent.length = 0;
  link.held = false;
  await clock.pass(2_000);
  const [sync] = link.sent;
  assert.deepEqual([sync.type, Object.keys(sync.rooms)], ['sync', [String(other.id)]]);
  chat.post(room, 2, 'three');
  await idle();
  assert.deepEqual(texts(client, room.id), ['one', 'waits', 'three']);
  assert.deepEqual(texts(client, other.id), ['edited']);
  assert.equal(client.getSnapshot().rooms[room.id].version, room.version);
});

test('a long absence leaves a hole behind the live end, and history fills it', async () => {
  const { chat, room } = aJob();
  const { client, link, clock } = await anna(chat);
  client.watch(room.id);
  for (let i = 1; i <= 20; i++) chat.post(room, 2, `m${i}`);
  await idle();
  link.socket.break();
  chat.gapAfter = 100;
  for (let i = 21; i <= 180; i++) chat.post(room, 2, `m${i}`);
  await clock.pass(2_000);
  const held = () => client.getSnapshot().rooms[room.id];
  assert.deepEqual(
    held().runs.map((run) => [run.from, run.items.length]),
    [[1, 20], [131, 50]],
  );
  assert.equal(shown(held()).hasBefore, true);
  assert.equal(held().unread, 180);
  for (let i = 0; i < 3; i++) {
    await client.loadOlder(room.id);
    await idle();
  }
  assert.deepEqual(
    held().runs.map((run) => [run.from, run.items.length]),
    [[1, 180]],
  );
});

test('a jump shows a message far away, and the way back to the live end', async () => {
  const { chat, room } = aJob();
  for (let i = 1; i <= 300; i++) chat.post(room, 2, `m${i}`);
  const { client } = await anna(chat);
  client.watch(room.id);
  await idle();
  await client.jumpTo(room.id, 40);
  const view = () => shown(client.getSnapshot().rooms[room.id]);
  assert.ok(view().messages.some((m) => m.seq === 40));
  assert.equal(view().hasAfter, true);
  client.jumpToLatest(room.id);
  assert.equal(view().messages.at(-1).seq, 300);
  assert.equal(view().hasAfter, false);
});

test('an edit told while its page is under way is not lost', async () => {
  const { chat, room } = aJob();
  for (let i = 1; i <= 100; i++) chat.post(room, 2, `m${i}`);
  const { client, link } = await anna(chat);
  client.watch(room.id);
  await idle();
  link.held = true;
  const older = client.loadOlder(room.id);
  link.socket.ask(1); // The page is read …
  chat.edit(room, room.log[20], 'edited');
  const [page, edit] = link.socket.down.splice(0);
  link.socket.down.push(edit, page); // … and overtaken.
  link.held = false;
  link.socket.deliver(Infinity);
  await older;
  assert.equal(texts(client, room.id)[20], 'edited');
});

test('an edit is not lost either while one page has come and another is under way', async () => {
  const { chat, room } = aJob();
  for (let i = 1; i <= 300; i++) chat.post(room, 2, `m${i}`);
  const { client, link } = await anna(chat);
  link.held = true;
  client.watch(room.id); // The latest page …
  const jump = client.jumpTo(room.id, 40); // … and one around a message.
  link.socket.ask(2);
  chat.edit(room, room.log[39], 'edited');
  const [latest, around, edit] = link.socket.down.splice(0);
  for (const one of [latest, edit, around]) {
    link.socket.down.push(one);
    link.socket.deliver(1);
    await idle();
  }
  await jump;
  const { messages } = shown(client.getSnapshot().rooms[room.id]);
  assert.equal(messages.find((m) => m.seq === 40).content, 'edited');
  assert.equal(client.getSnapshot().rooms[room.id].loading, '');
  assert.deepEqual(client.getSnapshot().rooms[room.id].patches, {});
});

test('a room that is lost leaves nothing behind but the reason', async () => {
  const { chat, room } = aJob();
  chat.post(room, 2, 'secret');
  const { client } = await anna(chat);
  client.watch(room.id);
  await idle();
  chat.remove(room, 1);
  await idle();
  const held = client.getSnapshot().rooms[room.id];
  assert.equal(held.left, 'unassigned');
  assert.ok(!JSON.stringify(client.getSnapshot()).includes('secret'));
  assert.deepEqual(roomList(client.getSnapshot()), []);
  assert.equal(client.getSnapshot().total, 0);
  chat.add(room, 1);
  await idle();
  assert.equal(client.getSnapshot().rooms[room.id].left, null);
  assert.equal(client.getSnapshot().total, 1);
});

test('somebody erased is blank everywhere', async () => {
  const { chat, room } = aJob();
  const quoted = chat.post(room, 2, 'from John').message;
  chat.post(room, 1, 'an answer', { reply_to: quoted.id });
  const { client, link } = await anna(chat);
  client.watch(room.id);
  await idle();
  link.socket.down.push(JSON.stringify({ type: 'user_erased', user_id: 2 }));
  link.socket.deliver(1);
  const text = JSON.stringify(client.getSnapshot());
  assert.ok(!text.includes('John') && !text.includes('john'));
  assert.ok(text.includes('an answer'));
});

test('somebody erased is blank too where a page, a change or an answer is under way', async () => {
  const { chat, room } = aJob();
  for (let i = 1; i <= 100; i++) chat.post(room, 2, `from John ${i}`);
  const { client, link } = await anna(chat);
  client.watch(room.id);
  await idle();
  link.held = true;
  client.send(room.id, 'an answer', { replyTo: room.log[90] });
  link.socket.up.length = 0; // It does not arrive yet.
  const older = client.loadOlder(room.id);
  link.socket.ask(1); // The page is read …
  chat.edit(room, room.log[20], 'from John, edited');
  const [page, edit] = link.socket.down.splice(0);
  for (const m of room.log) Object.assign(m, { content: '', sender: { id: 2, username: '', first_name: '' } });
  link.socket.down.push(edit, JSON.stringify({ type: 'user_erased', user_id: 2 })); // … and overtaken.
  link.socket.deliver(2);
  const told = () => JSON.stringify(client.getSnapshot());
  assert.ok(told().includes('an answer') && !told().includes('John'));
  link.socket.down.push(page);
  link.held = false;
  link.socket.deliver(Infinity);
  await older;
  assert.ok(!told().includes('John'));
  assert.equal(texts(client, room.id).length, 100);
});

test('who comes and goes is told, and known anew after a break', async () => {
  const { chat } = aJob();
  const { client, link, clock } = await anna(chat);
  const john = () => client.getSnapshot().presence[2]?.online;
  assert.equal(john(), false);
  const there = chat.connect(2, () => {});
  await idle();
  assert.equal(john(), true);
  there.close();
  await idle();
  assert.equal(john(), false);
  link.socket.break();
  chat.connect(2, () => {});
  await clock.pass(2_000);
  assert.equal(john(), true);
});

test('the total follows what is read elsewhere, or deleted, in a room beyond the list that was loaded', async () => {
  const { chat, room } = aJob();
  const clock = new Clock();
  chat.now = clock.now;
  for (const text of ['one', 'two', 'three']) chat.post(room, 2, text);
  await clock.pass(1_000);
  chat.post(chat.room({ job: 6, people: [1, 2] }), 2, 'later');
  const { client, link } = tab(chat, 1, { clock });
  link.welcome = { listed: 1 };
  client.connect();
  await idle();
  assert.equal(client.getSnapshot().rooms[room.id], undefined);
  assert.equal(client.getSnapshot().total, 4);
  chat.read(room, 1, 1);
  await idle();
  assert.equal(client.getSnapshot().total, 3);
  chat.delete(room, room.log[2]);
  await idle();
  assert.equal(client.getSnapshot().total, 2);
  assert.equal(client.getSnapshot().rooms[room.id], undefined);
});

test('two tabs agree on what is unread, whichever reads it', async () => {
  const { chat, room } = aJob();
  const clock = new Clock();
  const storage = new SharedStorage();
  const tabs = [await anna(chat, { clock, storage }), await anna(chat, { clock, storage })];
  const unread = () => tabs.map(({ client }) => [client.getSnapshot().total, client.getSnapshot().rooms[room.id].unread]);
  chat.post(room, 2, 'one');
  chat.post(room, 2, 'two');
  await idle();
  assert.deepEqual(unread(), [[2, 2], [2, 2]]);
  tabs[0].client.markRead(room.id, 1);
  await idle();
  assert.deepEqual(unread(), [[1, 1], [1, 1]]);
  tabs[1].client.send(room.id, 'an answer');
  tabs[1].client.markRead(room.id, 3);
  await idle();
  assert.deepEqual(unread(), [[0, 0], [0, 0]]);
});

test('the way from a job to its room, and read by the other', async () => {
  const { chat, room } = aJob();
  const { client } = await anna(chat);
  assert.equal(await client.open({ job: '5' }), room.id);
  await assert.rejects(client.open({ job: 99 }), { code: 'not_found' });
  client.send(room.id, 'Hello');
  await idle();
  const held = () => client.getSnapshot().rooms[room.id];
  assert.equal(isRead(held(), held().runs.at(-1).items[0]), false);
  chat.read(room, 2, 1);
  await idle();
  assert.equal(isRead(held(), held().runs.at(-1).items[0]), true);
});

test('a room that is known opens while offline', async () => {
  const { chat, room } = aJob();
  const { client, link } = await anna(chat);
  link.answer = () => 1006;
  link.socket.break();
  assert.equal(await client.open({ job: 5 }), room.id);
  assert.equal(await client.open({ room: room.id }), room.id);
});

test('an edit and a deletion are done when everybody sees them, or refused', async () => {
  const { chat, room } = aJob();
  const theirs = chat.post(room, 2, 'theirs').message;
  const { client } = await anna(chat);
  client.watch(room.id);
  client.send(room.id, 'Hello');
  await idle();
  const mine = room.log[1];
  await client.edit(room.id, mine.id, 'Hello!');
  assert.deepEqual(texts(client, room.id), ['theirs', 'Hello!']);
  await client.remove(room.id, mine.id);
  assert.deepEqual(texts(client, room.id), ['theirs', '']);
  await assert.rejects(client.edit(room.id, theirs.id, 'mine'), { code: 'forbidden' });
});

test('the token never leaves for another server', async () => {
  const { chat } = aJob();
  const { client } = await anna(chat);
  await assert.rejects(client.file('https://elsewhere.test/x'), { code: 'forbidden' });
});

test("a job's status is what it told last, in all its rooms", async () => {
  const { chat, room } = aJob();
  chat.user(9, 'Platform', 'service');
  const keys = chat.room({ job: 5, topic: 'keys', people: [1, 2] });
  const other = chat.room({ job: 6, people: [1, 2] });
  const { client, link, clock } = await anna(chat);
  const tell = (from, to) => {
    for (const of of [room, keys]) of.job = { ...of.job, status: to };
    chat.post(room, 9, '', { message_type: 'job_update', data: { status: { from, to } } });
  };
  const statuses = () =>
    [room, keys, other].map(({ id }) => client.getSnapshot().rooms[id].info.job.status);
  assert.deepEqual(statuses(), ['assigned', 'assigned', 'assigned']);
  tell('assigned', 'in_progress');
  await idle();
  assert.deepEqual(statuses(), ['in_progress', 'in_progress', 'assigned']);

  // What is sent again after an absence takes nothing back.
  const release = client.watch(room.id);
  await idle();
  link.socket.break();
  tell('in_progress', 'paused');
  tell('paused', 'completed');
  const seen = [];
  client.subscribe(() => seen.push(statuses()[0]));
  await clock.pass(5_000);
  assert.equal(client.getSnapshot().status, 'connected');
  assert.deepEqual(texts(client, room.id).length, 3);
  assert.deepEqual(statuses(), ['completed', 'completed', 'assigned']);
  assert.deepEqual([...new Set(seen)], ['in_progress', 'completed']);
  release();
});

/** Olena's tab, with her queue on display; what she asked by HTTP is counted. */
async function queue(questions) {
  const { chat, rooms } = anOffice(questions);
  const { client, link, clock } = tab(chat, 9);
  let asked = 0;
  link.http = (url) => {
    asked++;
    return Response.json(chat.queue(9, url));
  };
  client.connect();
  await idle();
  const end = client.watchQueue();
  await clock.pass(100);
  const now = (room) => client.getSnapshot().rooms[room.id];
  return { chat, rooms, client, link, clock, end, now, asked: () => asked };
}

test('an office with sixty questions can reach them all', async () => {
  const { client } = await queue(60);
  assert.equal(roomList(client.getSnapshot()).length, 50);
  assert.notEqual(client.getSnapshot().queue, null);
  await client.loadMoreQueue();
  assert.equal(roomList(client.getSnapshot()).length, 60);
  assert.equal(client.getSnapshot().queue, null);
  assert.ok(roomList(client.getSnapshot()).every(isWaiting));
});

test('a question that is asked after its room was opened comes to the top, and waits until it is answered', async () => {
  const { chat, client, clock, now } = await queue(3);
  chat.user(7, 'Petro');
  const room = chat.room({ type: 'support', name: 'support', people: [7] });
  await clock.pass(1_500);
  assert.equal(latest(now(room)), null);
  assert.ok(!isWaiting(now(room)));

  chat.post(room, 7, 'Nobody is here');
  await clock.pass(10_000);
  assert.equal(latest(now(room)).content, 'Nobody is here');
  assert.equal(roomList(client.getSnapshot())[0].id, room.id);
  assert.ok(isWaiting(now(room)));
  chat.post(room, 7, 'Hello?');
  chat.edit(room, room.log[1], 'Hello??');
  await clock.pass(10_000);
  assert.equal(latest(now(room)).content, 'Hello??');

  client.send(room.id, 'I am on my way');
  await clock.pass(100);
  assert.equal(latest(now(room)).content, 'I am on my way');
  assert.ok(!isWaiting(now(room)));
  chat.post(room, 7, 'Thank you, one more thing');
  await clock.pass(100);
  assert.ok(isWaiting(now(room)), 'at once, now that she is in');
});

test('what was edited last, and not told, shows as it is now', async () => {
  const { chat, rooms, clock, now } = await queue(3);
  chat.edit(rooms[0], rooms[0].log[0], 'Another question');
  await clock.pass(10_000);
  assert.equal(latest(now(rooms[0])).content, 'Another question');
});

test('a queue in which more than a page has changed is level at the next look', async () => {
  const { chat, rooms, client, clock, now } = await queue(120);
  await client.loadMoreQueue();
  await client.loadMoreQueue();
  for (const [i, room] of rooms.entries()) if (i !== 5) chat.post(room, 100 + i, `More of ${i}`);
  await clock.pass(10_000);
  for (const [i, room] of rooms.entries()) if (i !== 5) assert.equal(latest(now(room)).content, `More of ${i}`);
  assert.equal(client.getSnapshot().queue, null, 'and all that was loaded stays loaded');
});

test('a queue that nobody looks at is not asked for, and neither is one by somebody else than an admin', async () => {
  const { client, clock, end, asked } = await queue(3);
  await clock.pass(60_000);
  assert.equal(asked(), 7);
  end();
  await clock.pass(60_000);
  assert.equal(asked(), 7);
  client.watchQueue();
  await clock.pass(100);
  assert.equal(asked(), 8);

  const { chat } = aJob();
  const anna = tab(chat, 1);
  anna.link.http = () => assert.fail('asked');
  anna.client.connect();
  anna.client.watchQueue();
  await anna.clock.pass(60_000);
});

test('an answer that was under way while something was told does not take it back', async () => {
  const { chat, rooms, link, clock, client, now } = await queue(3);
  chat.add(rooms[0], 9);
  await clock.pass(100);
  let arrive;
  link.http = (url) => {
    const page = chat.queue(9, url);
    return new Promise((resolve) => (arrive = () => resolve(Response.json(page))));
  };
  await clock.pass(10_000);
  chat.post(rooms[0], 100, 'Told meanwhile');
  chat.read(rooms[0], 100, 2);
  await clock.pass(100);
  arrive();
  await clock.pass(100);
  assert.equal(now(rooms[0]).info.last_message.content, 'Told meanwhile');
  assert.equal(roomList(client.getSnapshot())[0].id, rooms[0].id);
  assert.equal(now(rooms[0]).info.participants.find((p) => p.user.id === 100).last_read_seq, 2);
});

test('a queue is level again after an outage', async () => {
  const { chat, rooms, link, clock, now } = await queue(3);
  link.answer = () => 1006;
  link.socket.break();
  await clock.pass(1_000);
  chat.post(rooms[0], 100, 'Are you there?');
  link.answer = () => 'welcome';
  await clock.pass(40_000);
  assert.equal(latest(now(rooms[0])).content, 'Are you there?');
});
