/** What is built, on a page of another origin with the strictest policy that it needs. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const at = (path) => new URL(`../dist/${path}`, import.meta.url);
const skip = !existsSync(executablePath)
  ? `no Chromium at ${executablePath}`
  : !existsSync(at('chat.js.br')) && 'not built';

let browser;
before(async () => {
  if (!skip) browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
});
after(() => browser?.close());

/** A page with the badge alone, whose chat server is away; the files it asked for are listed. */
async function open(t, { body = '<chat-badge></chat-badge>', lost = () => false } = {}) {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  const faults = [];
  const files = [];
  page.on('pageerror', (e) => faults.push(e.message));
  page.on('console', (m) => /policy|trusted/i.test(m.text()) && faults.push(m.text()));
  t.after(async () => {
    await context.close();
    assert.deepEqual(faults, []);
  });
  await page.route('**/*', (route) => {
    const { host, pathname } = new URL(route.request().url());
    if (host === 'page.test') {
      return route.fulfill({
        contentType: 'text/html',
        headers: {
          'Content-Security-Policy':
            "default-src 'none'; script-src http://chat.test; connect-src http://chat.test ws://chat.test; img-src blob:; require-trusted-types-for 'script'",
        },
        body: `<!doctype html><html lang="en"><title>Jobs</title>${body}<script type="module" src="http://chat.test/widget/chat.js?v=1"></script></html>`,
      });
    }
    const name = pathname.replace('/widget/', '');
    if (name.includes('/') || !existsSync(at(name))) return route.fulfill({ status: 404 });
    files.push(name);
    if (lost(name)) return route.abort();
    return route.fulfill({
      contentType: 'text/javascript',
      headers: { 'Access-Control-Allow-Origin': '*' },
      body: readFileSync(at(name)),
    });
  });
  await page.goto('http://page.test/');
  await page.evaluate(async () => {
    const chat = await import('http://chat.test/widget/chat.js?v=1');
    globalThis.client = chat.configure({ server: 'http://chat.test', token: 'x' });
  });
  return { page, files };
}

const isRooms = (name) => name.startsWith('chat-rooms-');

test('a page with a badge loads one file, and the conversations once it has come to rest', { skip }, async (t) => {
  const { page, files } = await open(t);
  await page.waitForFunction(() => customElements.get('chat-list'));
  assert.equal(files[0], 'chat.js');
  assert.deepEqual(files.slice(1).map(isRooms), [true]);
  await page.locator('chat-badge').click();
  await page.locator('chat-list h2:focus').waitFor();
  // However the page addresses the module, there is one client.
  assert.ok(await page.evaluate(() => {
    const panel = document.querySelector('chat-panel');
    return panel.shadowRoot.querySelector('chat-list').chat === globalThis.client;
  }));
});

test('conversations that did not come are said to be missing, and asked for again', { skip }, async (t) => {
  let away = true;
  const { page, files } = await open(t, { lost: (name) => isRooms(name) && away });
  await page.locator('chat-badge').click();
  await page.locator('chat-panel [role=alert]').waitFor();
  await page.locator('chat-panel [part=close]:focus').waitFor();
  const before = files.length;
  await page.locator('chat-panel .again').click();
  await page.locator('chat-panel [role=alert]').waitFor();
  assert.ok(files.length > before);
  away = false;
  await page.locator('chat-panel .again').click();
  await page.locator('chat-list h2:focus').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('chat-badge button:focus').waitFor();
});

test('an element on the page itself, and what a script set on it, waits for its part', { skip }, async (t) => {
  let away = true;
  const { page } = await open(t, { body: '<chat-room job="5"></chat-room>', lost: (name) => isRooms(name) && away });
  await page.evaluate(() => (document.querySelector('chat-room').topic = 'keys'));
  away = false;
  // It tries again by itself.
  await page.locator('chat-room header').waitFor();
  assert.deepEqual(
    await page.evaluate(() => {
      const { job, topic } = document.querySelector('chat-room');
      return [job, topic];
    }),
    ['5', 'keys'],
  );
});
