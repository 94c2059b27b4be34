/**
 * Looks at every view in a real Chromium, over the chat in memory: checks each with axe, and keeps
 * screenshots in docs/screenshots. `npm run build && npm run look`; CHROMIUM names the browser.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  console.log(`look: no Chromium at ${executablePath}; nothing was looked at.`);
  process.exit(0);
}
const PORT = 8124;
const out = join(import.meta.dirname, '../../docs/screenshots');
const axe = readFileSync(join(import.meta.dirname, '../node_modules/axe-core/axe.min.js'), 'utf8');
const more = join(tmpdir(), 'chat-widget-look');
for (const folder of [out, more]) mkdirSync(folder, { recursive: true });

/** A chat as it was in the beginning: what one view reads is new again to the next. */
async function begin() {
  const server = spawn('node', [join(import.meta.dirname, 'server.mjs')], {
    env: { ...process.env, PORT: String(PORT), LONG: '500' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => server.stdout.once('data', resolve));
  return server;
}
let server = await begin();
// Whatever happens: the server does not outlive its reader.
process.on('exit', () => server.kill());

let failures = 0;
const fail = (text) => {
  failures++;
  console.error(text);
};

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});

const VIEWS = [
  { name: 'desktop-light', lang: 'en', dir: 'ltr', colorScheme: 'light', width: 1100, height: 720 },
  { name: 'desktop-dark', lang: 'de', dir: 'ltr', colorScheme: 'dark', width: 1100, height: 720 },
  { name: 'phone-light', lang: 'uk', dir: 'ltr', colorScheme: 'light', width: 360, height: 740 },
  { name: 'phone-dark', lang: 'en', dir: 'ltr', colorScheme: 'dark', width: 360, height: 740 },
  // A desktop at 200 %: WCAG 1.4.10 wants 320 CSS pixels.
  { name: 'narrow', lang: 'de', dir: 'ltr', colorScheme: 'light', width: 320, height: 512 },
  { name: 'phone-rtl', lang: 'en', dir: 'rtl', colorScheme: 'light', width: 360, height: 740 },
];

for (const { name, lang, dir, colorScheme, width, height } of VIEWS) {
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: width < 600 ? 2 : 1,
    colorScheme,
    reducedMotion: 'reduce',
    timezoneId: 'Europe/Kyiv',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (e) => fail(`${name}: ${e.message}`));
  page.on('console', (m) => {
    const expected = /ERR_INTERNET_DISCONNECTED/.test(m.text());
    if (m.type() === 'error' && !expected) fail(`${name}: ${m.text()}`);
  });
  await page.goto(`http://127.0.0.1:${PORT}/?user=1&lang=${lang}&dir=${dir}`);
  await page.locator('chat-badge .count').waitFor();

  /** A view is looked at once nothing on it moves any more. */
  const look = async (view) => {
    await page.waitForTimeout(400);
    // By the debugger, which the page's policy does not bind.
    const session = await context.newCDPSession(page);
    await session.send('Runtime.evaluate', { expression: axe });
    await session.detach();
    const violations = await page.evaluate(async () => {
      // What is behind an open dialog is inert, which axe does not see from outside shadow roots.
      const dialog = document
        .querySelector('chat-panel')
        .shadowRoot.querySelector('chat-room')
        ?.shadowRoot.querySelector('dialog');
      const { violations } = await globalThis.axe.run(dialog ?? document, {
        // Of WCAG 2.2, and left out by default.
        rules: { 'target-size': { enabled: true } },
      });
      return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
    });
    for (const violation of violations) fail(`${name} ${view}: ${violation}`);
    // Some are for the documentation, all for the eyes of the one who looks.
    const shown = name !== 'narrow' && (name === 'desktop-light' || /list|room|search/.test(view));
    await page.screenshot({ path: join(shown ? out : more, `${name}-${view}.png`) });
  };

  const back = () => page.locator('chat-panel .back').click();
  const open = async (title) => {
    await page.locator('chat-list li button', { hasText: title }).first().click();
    await page.locator('chat-room .row').last().waitFor();
  };

  await page.locator('chat-badge').click();
  await page.locator('chat-list li').first().waitFor();
  await look('list');
  await open('Kitchen');
  await page.locator('chat-room .picture img').waitFor();
  await look('room');
  await page.locator('chat-room .picture').click();
  await page.locator('chat-room dialog img').waitFor();
  await look('picture');
  await page.keyboard.press('Escape');
  await back();
  await open(/4th floor/);
  await page.locator('chat-room .edited').click();
  await page.locator('chat-room dialog').waitFor();
  await look('earlier');
  await page.keyboard.press('Escape');
  await look('hard');
  await back();
  await page.locator('chat-list input[type=search]').fill('key');
  await page.locator('chat-list mark').first().waitFor();
  await look('search');
  if (name === 'desktop-light') {
    await page.locator('chat-list input[type=search]').fill('');
    await open('Kitchen');
    await page.locator('chat-room .row.mine .more').last().focus();
    await page.keyboard.press('Enter');
    await look('menu');
    await page.keyboard.press('Escape');
    // What waits, and what failed.
    await page.evaluate(() => globalThis.fail());
    await page.locator('chat-room textarea').fill('This one is refused');
    await page.keyboard.press('Enter');
    await page.locator('chat-room .failed').waitFor();
    await page.locator('chat-room textarea').fill('A draft that is\nlonger than one line');
    await look('failed');
    await page.locator('chat-room textarea').fill('');
    await back();
    await page.locator('chat-list li button', { hasText: 'Balcony' }).click();
    await page.locator('chat-room .empty').waitFor();
    await look('empty');
    await back();
    await open('Cleaners of Kyiv');
    await look('group');
    await back();
    await page.locator('chat-list .help').click();
    await page.locator('chat-room .empty').waitFor();
    await look('support');
    await back();
    await open('Invoice');
    await context.setOffline(true);
    await page.locator('chat-room .banner').waitFor();
    await page.locator('chat-room textarea').fill('Written offline');
    await page.keyboard.press('Enter');
    await page.locator('chat-room [aria-label=Sending]').waitFor();
    await look('offline');
    await context.setOffline(false);
  }
  await context.close();
  server.kill();
  await new Promise((resolve) => server.once('exit', resolve));
  server = await begin();
}
await browser.close();
console.log(failures ? `look: ${failures} faults` : `look: ${VIEWS.length} views, no violations`);
process.exit(failures ? 1 : 0);
