import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endOf } from '../src/client/log.js';
import { FakeChat } from './fake-chat.js';
import { Clock, idle, seeded, SharedStorage, tab } from './world.js';

const ANNA = 1;
const JOHN = 2;

/** What must hold at every moment, however things go. */
function holds(client) {
  for (const room of Object.values(client.getSnapshot().rooms)) {
    let end = 0;
    room.runs.forEach((run, i) => {
      assert.ok(run.from > end + (i ? 1 : 0), `runs touch or overlap: ${run.from} after ${end}`);
      run.items.forEach((m, j) => assert.equal(m.seq, run.from + j, 'a hole inside a run'));
      end = endOf(run);
    });
  }
  const ids = client.getSnapshot().pending.map((p) => p.client_id);
  assert.equal(new Set(ids).size, ids.length);
}

/** What must hold once all is quiet: everything as the server has it. */
function agrees(client, chat) {
  const state = client.getSnapshot();
  assert.equal(state.status, 'connected');
  assert.equal(state.total, chat.total(ANNA), 'total');
  assert.deepEqual(state.pending, []);
  for (const room of chat.rooms()) {
    const held = state.rooms[room.id];
    if (!room.people.has(ANNA)) {
      assert.ok(!held || held.left !== null, 'a room that was lost');
      continue;
    }
    assert.equal(held.left, null);
    assert.equal(held.syncing, false);
    assert.equal(held.unread, chat.unread(room, ANNA), `unread of ${room.id}`);
    assert.equal(held.lastRead, room.marks.get(ANNA), 'mark');
    assert.equal(held.lastSeq, room.log.length, 'last number');
    assert.equal(endOf(held.runs.at(-1)), room.log.length, 'position');
    assert.equal(held.info.is_active, room.is_active);
    for (const run of held.runs) {
      for (const m of run.items) {
        const there = room.log[m.seq - 1];
        assert.equal(m.id, there.id);
        assert.equal(m.content, there.content, `content of ${m.seq}`);
        assert.equal(m.deleted_at, there.deleted_at);
        assert.equal(m.edited_at, there.edited_at);
      }
    }
    for (const p of held.info.participants) {
      if (p.user.id !== ANNA) assert.equal(p.last_read_seq, room.marks.get(p.user.id), 'their mark');
    }
  }
}

async function play(seed) {
  const random = seeded(seed);
  const clock = new Clock();
  const chat = new FakeChat();
  chat.gapAfter = 1 + random.below(8);
  chat.now = clock.now;
  chat.user(ANNA, 'Anna');
  chat.user(JOHN, 'John');
  const rooms = [5, 6, 7].map((job) => chat.room({ job, people: [ANNA, JOHN] }));
  const early = random.next() < 0.3 ? [rooms[0]] : rooms;
  for (let i = random.below(200); i > 0; i--) chat.post(random.pick(early), JOHN, `early ${i}`);
  const { client, link } = tab(chat, ANNA, { clock });
  link.held = random.next() < 0.8;
  link.welcome = { listed: random.next() < 0.3 ? 1 : 50 };
  client.connect();
  client.watch(rooms[0].id);
  await idle();
  const written = [];

  const anyMessage = (room) => room.log.length && random.pick(room.log);
  const steps = [
    () => chat.post(random.pick(rooms), JOHN, `john ${random.below(1000)}`),
    () => chat.post(random.pick(rooms), JOHN, `john ${random.below(1000)}`),
    () => {
      const room = random.pick(rooms);
      if (!client.getSnapshot().rooms[room.id] || !room.people.has(ANNA)) return;
      if (client.getSnapshot().rooms[room.id].left !== null) return;
      const text = `anna ${written.length}`;
      written.push({ room, text });
      client.send(room.id, text);
    },
    () => {
      const room = random.pick(rooms);
      const message = anyMessage(room);
      if (message && !message.deleted_at) chat.edit(room, message, `edited ${random.below(1000)}`);
    },
    () => {
      const room = random.pick(rooms);
      const message = anyMessage(room);
      if (message) chat.delete(room, message);
    },
    () => {
      const room = random.pick(rooms);
      client.markRead(room.id, 1 + random.below(room.log.length + 2));
    },
    () => {
      const room = random.pick(rooms);
      chat.read(room, random.pick([ANNA, JOHN]), 1 + random.below(room.log.length + 1));
    },
    () => void client.loadOlder(random.pick(rooms).id),
    () => void client.loadNewer(random.pick(rooms).id),
    () => {
      const room = random.pick(rooms);
      if (random.next() < 0.5) void client.loadOlder(room.id);
      if (room.log.length) void client.jumpTo(room.id, 1 + random.below(room.log.length));
    },
    () => client.jumpToLatest(random.pick(rooms).id),
    () => chat.close(random.pick(rooms), true),
    () => random.next() < 0.4 && link.socket.break(random.pick([1006, 4413, 1001, 1013])),
    () => {
      // A room that is taken away, and given back, while its own messages may be under way.
      if (random.next() > 0.15) return;
      const room = rooms[2];
      if (room.people.has(ANNA)) chat.remove(room, ANNA);
      else chat.add(room, ANNA);
    },
    () => {
      // A page is read, and what was told since comes before it.
      const down = link.socket?.down ?? [];
      const page = down.findIndex((frame) => JSON.parse(frame).type === 'history');
      if (page >= 0) down.splice(page + random.below(8), 0, ...down.splice(page, 1));
    },
    () => {
      // A node that heard of too many messages at once tells where they are instead.
      const down = (link.socket?.down ?? []).map((frame) => JSON.parse(frame));
      const at = down.findIndex((frame) => frame.type === 'chat_message');
      if (at < 0 || down.some((frame) => frame.type === 'synced')) return;
      const { room } = down[at];
      const isTold = (frame) => frame.type !== 'chat_message' || frame.room !== room;
      const seqs = down.filter((frame) => !isTold(frame)).map((frame) => frame.message.seq);
      const frames = down.filter(isTold);
      frames.splice(at, 0, { type: 'gap', room, from_seq: Math.min(...seqs), to_seq: Math.max(...seqs) });
      link.socket.down.splice(0, Infinity, ...frames.map((frame) => JSON.stringify(frame)));
    },
    () => clock.pass(random.below(20_000)),
  ];
  for (let step = 0; step < 120; step++) {
    await random.pick(steps)();
    link.socket.deliver(random.below(6));
    if (random.next() < 0.5) await idle();
    holds(client);
  }

  // Quiet: everything arrives.
  link.held = false;
  link.socket.deliver(Infinity);
  await clock.pass(200_000);
  while (client.getSnapshot().more) await client.loadMoreRooms();
  await idle();
  agrees(client, chat);
  for (const { room, text } of written) {
    const times = room.log.filter((m) => m.content === text || m.edited_at || m.deleted_at);
    const same = room.log.filter((m) => m.content === text).length;
    assert.ok(same <= 1, `${text} was posted ${same} times`);
    if (room !== rooms[2]) assert.ok(times.length > 0);
  }
  const ids = chat.rooms().flatMap((r) => r.log.map((m) => m.client_id)).filter(Boolean);
  assert.equal(new Set(ids).size, ids.length, 'a message was posted twice');
  if (rooms[2].people.has(ANNA) && !written.some((w) => w.room === rooms[2])) {
    assert.equal(ids.length, written.length, 'a message was lost');
  }

  // And what is held becomes the whole log, page by page.
  for (const room of rooms.filter((r) => r.people.has(ANNA))) {
    client.jumpToLatest(room.id);
    await clock.pass(1);
    for (let i = 0; i < 20; i++) {
      await client.loadOlder(room.id);
      await idle();
    }
    const run = client.getSnapshot().rooms[room.id].runs.at(-1);
    assert.deepEqual(
      run.items.map((m) => m.content),
      room.log.map((m) => m.content),
    );
  }
  holds(client);
  client.disconnect();
}

const SEEDS = Number(process.env.SEEDS ?? 60);

test(`any interleaving of frames, answers, gaps and reconnects gives the log 1…n and the right unread (${SEEDS} seeds)`, async () => {
  const first = Number(process.env.SEED ?? 1);
  for (let seed = first; seed < first + SEEDS; seed++) {
    await play(seed).catch((e) => {
      e.message = `seed ${seed}: ${e.message}`;
      throw e;
    });
  }
});

test('two tabs that go offline and come back post each message once', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = seeded(seed);
    const clock = new Clock();
    const storage = new SharedStorage();
    const chat = new FakeChat();
    chat.user(ANNA, 'Anna');
    const room = chat.room({ job: 5, people: [ANNA] });
    const tabs = [tab(chat, ANNA, { clock, storage }), tab(chat, ANNA, { clock, storage })];
    for (const { client, link } of tabs) {
      client.connect();
      await idle();
      link.held = true;
    }
    const written = [];
    for (let i = 0; i < 40; i++) {
      const { client, link } = random.pick(tabs);
      const what = random.below(4);
      if (what === 0) {
        written.push(`m${i}`);
        client.send(room.id, `m${i}`);
      } else if (what === 1) link.socket.deliver(random.below(4));
      else if (what === 2 && random.next() < 0.5) link.socket.break();
      else await clock.pass(random.below(8_000));
    }
    for (const { link } of tabs) {
      link.held = false;
      link.socket.deliver(Infinity);
    }
    await clock.pass(120_000);
    assert.deepEqual(room.log.map((m) => m.content).sort(), written.sort(), `seed ${seed}`);
    for (const { client } of tabs) {
      assert.deepEqual(client.getSnapshot().pending, [], `seed ${seed}`);
      client.disconnect();
    }
    assert.equal(storage.length, 0, `seed ${seed}: the outbox is empty`);
  }
});
