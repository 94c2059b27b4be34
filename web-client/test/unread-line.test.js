/** The line before what is new: each time one comes back, not the first time alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, skip } from './browser/chromium.js';

const post = (page, from, to) =>
  page.evaluate(
    ([from, to]) => {
      for (let i = from; i <= to; i++) globalThis.chat.post(globalThis.room, 2, `m${i} ${'and more '.repeat(12)}`);
    },
    [from, to],
  );

/** The line is in sight, with this message right after it, and what is below the fold is not read. */
async function atTheLine(page, text, last) {
  await page.waitForFunction((text) => {
    const root = (document.querySelector('chat-panel')?.shadowRoot ?? document).querySelector('chat-room').shadowRoot;
    const line = root.querySelector('.new');
    const fold = root.querySelector('.scroll').getBoundingClientRect();
    const { top, bottom } = line?.getBoundingClientRect() ?? {};
    return top >= fold.top - 1 && bottom <= fold.bottom && line.nextElementSibling.textContent.includes(`${text} `);
  }, text);
  // What is seen is read, and no more.
  const first = Number(text.slice(1));
  await page.waitForFunction((first) => globalThis.room.marks.get(1) >= first, first);
  assert.ok((await page.evaluate(() => globalThis.room.marks.get(1))) < last);
}

const toTheEnd = async (page, last) => {
  await page.locator('chat-room .jump').click();
  await page.waitForFunction((last) => globalThis.room.marks.get(1) === last, last);
};

async function close(page) {
  await page.locator('chat-panel [part=close]').click();
  await page.waitForFunction(() => !document.querySelector('chat-panel').shadowRoot.querySelector('chat-room').active);
}

test('a panel that is opened again shows where the new messages begin, and no old line', { skip }, async (t) => {
  const page = await open(t, { width: 360, height: 640 });
  await post(page, 1, 3);
  await page.evaluate(() => globalThis.put('chat-panel').showRoom({ job: 5 }));
  await page.waitForFunction(() => globalThis.room.marks.get(1) === 3);
  await close(page);
  await post(page, 4, 33);
  await page.waitForFunction(() => globalThis.client.getSnapshot().total === 30);
  await page.evaluate(() => document.querySelector('chat-panel').show());
  await atTheLine(page, 'm4', 33);
  await toTheEnd(page, 33);
  await close(page);
  await page.evaluate(() => document.querySelector('chat-panel').show());
  await page.locator('chat-room .new').waitFor({ state: 'detached' });

  await close(page);
  await post(page, 34, 36);
  await page.evaluate(() => document.querySelector('chat-panel').show());
  await page.locator('chat-room .new').waitFor();
  await page.waitForFunction(() => globalThis.room.marks.get(1) === 36);
});

/** As if another tab were looked at. @param {any} page @param {boolean} hidden */
const hide = (page, hidden) =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

test('a tab that is looked at again shows where the new messages begin', { skip }, async (t) => {
  const page = await open(t, { width: 360, height: 640 });
  await post(page, 1, 3);
  await page.evaluate(() => globalThis.put('chat-room', { job: 5 }));
  await page.waitForFunction(() => globalThis.room.marks.get(1) === 3);
  await hide(page, true);
  await post(page, 4, 33);
  await page.waitForFunction(() => globalThis.client.getSnapshot().total === 30);
  assert.equal(await page.evaluate(() => globalThis.room.marks.get(1)), 3);
  await hide(page, false);
  await atTheLine(page, 'm4', 33);
});

test('who reads further up stays there when they come back', { skip }, async (t) => {
  const page = await open(t, { width: 360, height: 640 });
  await post(page, 1, 40);
  await page.evaluate(() => {
    globalThis.chat.read(globalThis.room, 1, 40);
    globalThis.put('chat-room', { job: 5 });
  });
  await page.locator('chat-room .row', { hasText: 'm40' }).waitFor();
  await page.evaluate(() => document.querySelector('chat-room').shadowRoot.querySelector('.scroll').scrollBy(0, -1500));
  await page.locator('chat-room .jump').waitFor();
  const topRow = () =>
    page.evaluate(() => {
      const root = document.querySelector('chat-room').shadowRoot;
      const top = root.querySelector('.scroll').getBoundingClientRect().top;
      const row = [...root.querySelectorAll('.row')].find((r) => r.getBoundingClientRect().top >= top);
      return `${row.dataset.seq} ${Math.round(row.getBoundingClientRect().top)}`;
    });
  const before = await topRow();
  await hide(page, true);
  await post(page, 41, 60);
  await page.locator('chat-room .jump .count', { hasText: '20' }).waitFor();
  await hide(page, false);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  assert.equal(await topRow(), before);
});

test('after an outage the line stands before what was missed', { skip }, async (t) => {
  const page = await open(t, { width: 360, height: 640 });
  await post(page, 1, 3);
  await page.evaluate(() => globalThis.put('chat-room', { job: 5 }));
  await page.waitForFunction(() => globalThis.room.marks.get(1) === 3);
  await page.evaluate(() => {
    globalThis.link.answer = () => 1006;
    globalThis.link.socket.break();
  });
  await page.locator('chat-room .banner').waitFor();
  await post(page, 4, 33);
  await page.evaluate(() => (globalThis.link.answer = () => 'welcome'));
  await atTheLine(page, 'm4', 33);
});

test('a room with more new messages than a page opens at the first of them', { skip }, async (t) => {
  const page = await open(t, { width: 360, height: 640 });
  await post(page, 1, 300);
  await page.evaluate(() => {
    globalThis.chat.read(globalThis.room, 1, 100);
    globalThis.put('chat-room', { job: 5 });
  });
  await atTheLine(page, 'm101', 300);
  await toTheEnd(page, 300);
});

test('after an outage in which more came than is told at once, the line is found too', { skip }, async (t) => {
  const page = await open(t, { width: 360, height: 640 });
  await post(page, 1, 3);
  await page.evaluate(() => {
    globalThis.chat.gapAfter = 100;
    globalThis.put('chat-room', { job: 5 });
  });
  await page.waitForFunction(() => globalThis.room.marks.get(1) === 3);
  await page.evaluate(() => {
    globalThis.link.answer = () => 1006;
    globalThis.link.socket.break();
  });
  await page.locator('chat-room .banner').waitFor();
  await post(page, 4, 303);
  await page.evaluate(() => (globalThis.link.answer = () => 'welcome'));
  await atTheLine(page, 'm4', 303);
});
