import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, skip } from './browser/chromium.js';

test('useChat asks again for what may pass, and says what does not', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    globalThis.asked = 0;
    globalThis.chat.room({ job: 7, people: [1, 2] });
    const known = globalThis.chat.rooms().at(-1);
    globalThis.chat.remove(known, 1);
    // The server is not well, then busy, then as it should be.
    const refusals = ['unavailable', { code: 'rate_limited', retry_after: 0.2 }];
    globalThis.chat.refuse = (frame) => {
      if (frame.type !== 'open_room') return null;
      globalThis.asked++;
      if (refusals.length === 0) globalThis.chat.add(known, 1);
      return refusals.shift() ?? null;
    };
    globalThis.react(7);
  });
  await page.waitForFunction(() => globalThis.asked >= 1);
  // Nothing is said of what passes by itself.
  assert.equal(await page.locator('output').innerText(), 'connected');
  await page.evaluate(() => globalThis.chat.post(globalThis.chat.rooms().at(-1), 2, 'Here we are'));
  await page.locator('li.theirs', { hasText: 'Here we are' }).waitFor();
  await page.evaluate(() => (globalThis.chat.refuse = (frame) => frame.type === 'open_room' && 'forbidden'));
  await page.evaluate(() => globalThis.react(98));
  await page.locator('output', { hasText: 'forbidden' }).waitFor();
});

test('useChat stops asking when the component is gone', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    globalThis.asked = 0;
    globalThis.chat.refuse = (frame) => {
      if (frame.type !== 'open_room') return null;
      globalThis.asked++;
      return { code: 'rate_limited', retry_after: 0.05 };
    };
    globalThis.react(99);
  });
  await page.waitForFunction(() => globalThis.asked > 2);
  await page.evaluate(() => globalThis.react(null));
  await page.locator('section').waitFor({ state: 'detached' });
  const { before, after } = await page.evaluate(async () => {
    // One may be under way.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const before = globalThis.asked;
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { before, after: globalThis.asked };
  });
  assert.equal(after, before);
});
