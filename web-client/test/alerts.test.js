/** What tells of messages while nobody looks: the title, a sound, a notification, and in one tab alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, skip } from './browser/chromium.js';

/** Locks are for pages that came safely. */
const origin = 'http://localhost';

/** Instead of what a user would see and hear: what was asked for. */
function stub() {
  globalThis.shown = [];
  globalThis.tones = 0;
  globalThis.Notification = class {
    static permission = 'default';
    static async requestPermission() {
      return (this.permission = 'granted');
    }
    constructor(title, options) {
      if (title) globalThis.shown.push(Object.assign(this, { title, ...options }));
    }
    close() {}
  };
  const createOscillator = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () {
    globalThis.tones++;
    return createOscillator.call(this);
  };
}

/** On a phone the class is there, and throws. */
function stubPhone() {
  globalThis.Notification = class {
    static permission = 'default';
    static async requestPermission() {
      return (this.permission = 'granted');
    }
    constructor() {
      throw new TypeError('Illegal constructor');
    }
  };
}

/** As if another tab were looked at. */
const hide = (page, hidden = true) =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

const post = (page, text, more = {}) =>
  page.evaluate(([text, more]) => void globalThis.chat.post(globalThis.room, 2, text, more), [text, more]);

const titled = (page, title) => page.waitForFunction((title) => document.title === title, title);

/** Once so many locks are held and waited for, and this page knows of its own. */
const locks = (page, held, pending) =>
  page.evaluate(
    async ([held, pending]) => {
      for (let i = 0; i < 1_000; i++) {
        const now = await navigator.locks.query();
        if (now.held.length === held && now.pending.length === pending) {
          // What was granted before this is known to the page after it.
          return navigator.locks.request('another', () => {});
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(JSON.stringify(await navigator.locks.query()));
    },
    [held, pending],
  );

/** How many were shown, once all that a message could make happen has happened. */
async function shown(page) {
  await page.evaluate(async () => {
    for (let i = 0; i < 3; i++) await navigator.locks?.query();
    await new Promise((resolve) => setTimeout(resolve));
  });
  return page.evaluate(() => globalThis.shown.map(({ title, body }) => `${title}: ${body}`));
}

/** Turned on in the list's menu, as a user does. */
async function turnOn(page, name) {
  await page.evaluate(() => globalThis.put('chat-list', { id: 'settings' }));
  await page.locator('#settings header button').click();
  await page.locator('#settings .menu label', { hasText: name }).click();
  await page.waitForFunction(
    (name) =>
      [...document.querySelector('#settings').shadowRoot.querySelectorAll('.menu label')]
        .find((label) => label.textContent.includes(name))
        .querySelector('input').checked,
    name,
  );
  await page.evaluate(() => document.querySelector('#settings').remove());
}

test('the title of a hidden tab carries the count, and loses it when the tab is looked at', { skip }, async (t) => {
  const page = await open(t);
  await post(page, 'one');
  await page.waitForFunction(() => globalThis.client.getSnapshot().total === 1);
  assert.equal(await page.title(), 'Jobs');
  await hide(page);
  await titled(page, '(1) Jobs');
  await post(page, 'two');
  await titled(page, '(2) Jobs');
  // The page's own changes of its title stay.
  await page.evaluate(() => (document.title = 'Job 5'));
  await post(page, 'three');
  await titled(page, '(3) Job 5');
  // Read on another device.
  await page.evaluate(() => globalThis.chat.read(globalThis.room, 1, 3));
  await titled(page, 'Job 5');
  await post(page, 'four');
  await titled(page, '(1) Job 5');
  await hide(page, false);
  await titled(page, 'Job 5');
});

test('of two hidden tabs one shows a notification, and none while one is looked at', { skip }, async (t) => {
  const first = await open(t, { origin, before: stub });
  const second = await open(t, { origin, before: stub, context: first.context() });
  // Chosen in one of them, where the browser was asked; it counts in both.
  await turnOn(second, 'Browser notifications');
  await first.evaluate(() => (Notification.permission = 'granted'));
  const both = async (text) => {
    for (const page of [first, second]) await post(page, text);
    return [await shown(first), await shown(second)];
  };
  assert.deepEqual(await both('While both are looked at'), [[], []]);
  await hide(first);
  assert.deepEqual(await both('While one is looked at'), [[], []]);
  await hide(second);
  await locks(first, 1, 1);
  assert.deepEqual(await both('While none is'), [['John: While none is'], []]);

  // The one that spoke is closed: the other takes over.
  await first.close();
  await locks(second, 1, 0);
  await post(second, 'And now?');
  assert.deepEqual(await shown(second), ['John: And now?']);
});

test('a tab that was looked at for no more than a moment silences none for good', { skip }, async (t) => {
  const page = await open(t, { origin, before: stub });
  await turnOn(page, 'Browser notifications');
  await hide(page);
  await locks(page, 1, 0);
  // Locks are given when the browser comes to it; here, when somebody else lets go.
  await page.evaluate(() => {
    const held = new Promise((resolve) => (globalThis.letGo = resolve));
    void navigator.locks.request('ecleaner-chat:looking', () => held);
  });
  await locks(page, 2, 0);
  await hide(page, false);
  await locks(page, 2, 1);
  await hide(page);
  await page.evaluate(() => globalThis.letGo());
  await hide(page, false);
  await hide(page);
  await locks(page, 1, 0);
  await post(page, 'Anybody there?');
  assert.deepEqual(await shown(page), ['John: Anybody there?']);
});

test('a click on a notification opens the conversation, on a page with the badge alone', { skip }, async (t) => {
  const page = await open(t, { origin, before: stub });
  await turnOn(page, 'Browser notifications');
  await page.evaluate(() => Object.assign(globalThis.put('chat-badge'), { lang: 'de' }));
  await page.waitForFunction(() => document.querySelector('chat-badge').say.text('photo') === 'Foto');
  await hide(page);
  await locks(page, 1, 0);
  await post(page, '', {
    message_type: 'image',
    attachment: { id: 'a', name: 'a.png', content_type: 'image/png', size: 1, url: '/a/', thumbnail_url: null },
  });
  assert.deepEqual(await shown(page), ['John: Foto']);
  assert.equal(await page.locator('chat-panel').count(), 0);
  await hide(page, false);
  await page.evaluate(() => globalThis.shown[0].onclick());
  await page.locator('chat-panel chat-room .picture').waitFor();
  assert.equal(await page.locator('chat-panel').count(), 1);
  await page.waitForFunction(() => globalThis.room.marks.get(1) === 1);
});

test('a click where there is a list and no panel tells the page which conversation', { skip }, async (t) => {
  const page = await open(t, { origin, before: stub });
  await turnOn(page, 'Browser notifications');
  await page.evaluate(() => {
    globalThis.put('chat-list').addEventListener('chat-select', (e) => (globalThis.chosen = e.detail));
  });
  await hide(page);
  await locks(page, 1, 0);
  await post(page, 'Hello');
  assert.deepEqual(await shown(page), ['John: Hello']);
  await page.evaluate(() => globalThis.shown[0].onclick());
  assert.deepEqual(await page.evaluate(() => globalThis.chosen), { room: 1 });
});

test('where a notification cannot be made, none is offered, and none was promised', { skip }, async (t) => {
  const page = await open(t, { origin, before: stubPhone });
  await page.evaluate(() => globalThis.put('chat-list'));
  await page.locator('chat-list header button').click();
  await page.locator('chat-list .menu label', { hasText: 'Sound' }).waitFor();
  assert.equal(await page.locator('chat-list .menu label').count(), 1);
  // One who allowed them before: nothing breaks, and the switch goes.
  await page.evaluate(() => localStorage.setItem('ecleaner-chat:alerts', '{"notify":true}'));
  await page.reload();
  await page.waitForFunction(() => globalThis.client?.getSnapshot().status === 'connected');
  await page.evaluate(() => (Notification.permission = 'granted'));
  await hide(page);
  await post(page, 'Hello');
  await titled(page, '(1) Jobs');
  await hide(page, false);
  await page.evaluate(() => globalThis.put('chat-list'));
  await page.locator('chat-list header button').click();
  assert.equal(await page.locator('chat-list .menu label').count(), 1);
});

test('a sound is heard by those who want it, while they look elsewhere', { skip }, async (t) => {
  const page = await open(t, { origin, before: stub });
  const tones = async () => {
    await shown(page);
    return page.evaluate(() => globalThis.tones);
  };
  await hide(page);
  await post(page, 'Not asked for');
  assert.equal(await tones(), 0);
  await hide(page, false);
  await turnOn(page, 'Sound');
  await post(page, 'In sight');
  assert.equal(await tones(), 0);
  await hide(page);
  await locks(page, 1, 0);
  await post(page, 'Heard');
  assert.equal(await tones(), 2);
  assert.deepEqual(await shown(page), []);
});
