import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, open, skip } from './browser/chromium.js';

const row = (page, text) => page.locator('chat-list li button', { hasText: text });

test('an office sees how many questions wait, reaches all of them, and which it looks at', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => globalThis.office(60));
  const waiting = page.locator('chat-list .wait button');
  await waiting.filter({ hasText: '50+ waiting' }).waitFor();
  await page.locator('chat-list .more').click();
  await waiting.filter({ hasText: '60 waiting' }).waitFor();
  assert.equal(await page.locator('chat-list li').count(), 60);
  await row(page, 'Client 7 · Support').waitFor();
  assert.equal(await page.locator('chat-list .more').count(), 0);

  await row(page, 'Question 7').filter({ hasNotText: /Question \d\d/ }).click();
  await page.locator('chat-list [aria-current=true]', { hasText: 'Client 7' }).waitFor();
  await accessible(page);
  await page.locator('chat-room textarea').fill('Here is the answer');
  await page.keyboard.press('Enter');
  await waiting.filter({ hasText: '59 waiting' }).waitFor();
  await row(page, 'You: Here is the answer').waitFor();
  assert.equal(await page.locator('chat-list [aria-current] .waits').count(), 0);
  await waiting.click();
  await page.waitForFunction(() => document.querySelector('chat-list').shadowRoot.querySelectorAll('li').length === 59);
  await accessible(page);
});

test('a question asked after its room was opened shows by itself', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => globalThis.office(2));
  await row(page, 'Question 1').waitFor();
  await page.evaluate(() => {
    globalThis.desk.user(7, 'Petro');
    globalThis.late = globalThis.desk.room({ type: 'support', name: 'support', people: [7] });
  });
  await row(page, 'Say hello').waitFor();
  await page.evaluate(() => globalThis.desk.post(globalThis.late, 7, 'The door is locked'));
  await page.locator('chat-list li:first-child', { hasText: 'The door is locked' }).locator('.waits').waitFor();
  await page.locator('chat-list .wait', { hasText: '3 waiting' }).waitFor();
});

test('what was written and not sent is said in the list, but not of the room beside it', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => globalThis.office(2));
  await row(page, 'Question 0').click();
  await page.locator('chat-room textarea').fill('Half a sentence');
  await row(page, 'Question 1').click();
  await row(page, 'Draft: Half a sentence').waitFor();
  await row(page, 'Draft: Half a sentence').click();
  await row(page, 'Question 0').waitFor();
});
