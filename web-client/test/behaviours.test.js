/**
 * What the documentation says of the widget and no other test touches: each by hand, in a browser.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { accessible, open, skip } from './browser/chromium.js';

/** A room on the page, found, with what is done to its log first. */
async function room(page, before = () => {}) {
  await page.evaluate(before);
  await page.evaluate(() => globalThis.put('chat-room', { job: 5 }));
  await page.locator('chat-room .send').waitFor();
  await page.locator('chat-room header .avatar').waitFor();
}

const say = async (page, text) => {
  await page.locator('chat-room textarea').fill(text);
  await page.keyboard.press('Enter');
};

/** Opens a message's menu and takes one of its lines. */
const act = async (row, name) => {
  await row.hover();
  await row.locator('.more').click();
  await row.getByRole('menuitem', { name, exact: true }).click();
};

const contents = (page) => page.evaluate(() => globalThis.room.log.map((m) => m.content));

/** Whether an element lies wholly within another. */
const within = (element, outer) =>
  element.evaluate((e, selector) => {
    const [inner, fold] = [e, e.getRootNode().querySelector(selector)].map((x) => x.getBoundingClientRect());
    return inner.top >= fold.top && inner.bottom <= fold.bottom;
  }, outer);

/** Styles of the page's own, as its policy lets them in. */
const style = (page, css) =>
  page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
  }, css);

const computed = (locator, property) =>
  locator.last().evaluate((e, name) => getComputedStyle(e).getPropertyValue(name), property);

/** The documentation between two of its lines. */
const documented = (from, to) => {
  const text = readFileSync(new URL('../../docs/widget.md', import.meta.url), 'utf8');
  return text.slice(text.indexOf(from), text.indexOf(to));
};

test('a picture that is dragged over a conversation has a place to fall, and is sent', { skip }, async (t) => {
  const page = await open(t);
  await room(page);
  const files = await page.evaluateHandle(async () => {
    const canvas = new OffscreenCanvas(40, 30);
    canvas.getContext('2d').fillRect(0, 0, 40, 30);
    const data = new DataTransfer();
    data.items.add(new File([await canvas.convertToBlob()], 'stain.png', { type: 'image/png' }));
    return data;
  });
  const words = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.setData('text/plain', 'words');
    return data;
  });
  const log = page.locator('chat-room .scroll');
  const place = page.locator('chat-room .drop');
  await log.dispatchEvent('dragover', { dataTransfer: words });
  assert.equal(await place.count(), 0);
  await log.dispatchEvent('dragover', { dataTransfer: files });
  await place.waitFor();
  await log.dispatchEvent('dragleave', { dataTransfer: files });
  await place.waitFor({ state: 'detached' });
  await log.dispatchEvent('dragover', { dataTransfer: files });
  await place.waitFor();
  await log.dispatchEvent('drop', { dataTransfer: files });
  await place.waitFor({ state: 'detached' });
  await page.locator('chat-room .files img').waitFor();
  await page.locator('chat-room textarea:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('chat-room [role=progressbar]').waitFor();
  assert.equal(await page.evaluate(() => globalThis.link.uploads[0].form.get('file').name), 'stain.png');
});

test('a reply quotes a message, and the quote leads to it, however far above', { skip }, async (t) => {
  const page = await open(t);
  await room(page, () => {
    globalThis.chat.post(globalThis.room, 2, 'Where is the key?');
    for (let i = 2; i <= 300; i++) globalThis.chat.post(globalThis.room, 2, `m${i}`);
    globalThis.chat.read(globalThis.room, 1, 300);
    globalThis.chat.post(globalThis.room, 1, 'Under the stone', { reply_to: globalThis.room.log[0].id });
  });
  const quote = page.locator('chat-room .row .quote', { hasText: 'Where is the key?' });
  await quote.click();
  const original = page.locator('chat-room .row[data-seq="1"]');
  await original.waitFor();
  await page.waitForFunction(
    () => document.querySelector('chat-room').shadowRoot.querySelector('.flash')?.dataset.seq === '1',
  );
  assert.ok(await within(original, '.scroll'));

  await act(original, 'Reply');
  await page.locator('chat-room .context', { hasText: 'Replying to John' }).waitFor();
  await page.locator('chat-room textarea:focus').waitFor();
  await say(page, 'I mean the blue one');
  await page.locator('chat-room .row.last .quote', { hasText: 'John' }).last().waitFor();
  const [key, last] = await page.evaluate(() => [globalThis.room.log[0].id, globalThis.room.log.at(-1)]);
  assert.deepEqual([last.content, last.reply_to.id], ['I mean the blue one', key]);
  assert.equal(await page.locator('chat-room .context').count(), 0);
});

test('a message that failed says why, is tried again by one button and given up by another', { skip }, async (t) => {
  const page = await open(t);
  await room(page);
  await page.evaluate(() => (globalThis.chat.refuse = (frame) => frame.type === 'message' && 'room_closed'));
  await say(page, 'First');
  const failed = page.locator('chat-room .failed');
  await failed.filter({ hasText: 'Not sent. The conversation is closed.' }).waitFor();
  await accessible(page);
  await page.evaluate(() => (globalThis.chat.refuse = null));
  await failed.getByRole('button', { name: 'Try again' }).click();
  await page.locator('chat-room .mine [aria-label=Sent]').waitFor();
  await failed.waitFor({ state: 'detached' });
  assert.deepEqual(await contents(page), ['First']);

  await page.evaluate(() => (globalThis.chat.refuse = (frame) => frame.type === 'message' && 'invalid'));
  await say(page, 'Second');
  await failed.getByRole('button', { name: 'Discard' }).click();
  await page.locator('chat-room .row', { hasText: 'Second' }).waitFor({ state: 'detached' });
  assert.deepEqual(await contents(page), ['First']);
  assert.equal(await page.evaluate(() => globalThis.client.getSnapshot().pending.length), 0);
});

test('an edit that could not be sent is still there to be tried again', { skip }, async (t) => {
  const page = await open(t);
  await room(page, () => void globalThis.chat.post(globalThis.room, 1, 'Frist'));
  await page.evaluate(() => {
    globalThis.link.answer = () => 1006;
    globalThis.link.socket.break();
  });
  await page.locator('chat-room .banner').waitFor();
  await act(page.locator('chat-room .mine'), 'Edit');
  await say(page, 'First');
  const area = page.locator('chat-room textarea');
  await page.locator('chat-room .over').waitFor();
  assert.equal(await area.inputValue(), 'First');
  await page.evaluate(() => (globalThis.link.answer = () => 'welcome'));
  await page.locator('chat-room .banner').waitFor({ state: 'detached' });
  await area.press('Enter');
  await page.locator('chat-room .mine', { hasText: 'First' }).waitFor();
  assert.equal(await area.inputValue(), '');
  assert.deepEqual(await contents(page), ['First']);
});

test('a message is deleted at the second question, and not at the first', { skip }, async (t) => {
  const page = await open(t);
  await room(page, () => globalThis.chat.post(globalThis.room, 1, 'A slip'));
  const row = page.locator('chat-room .row.mine');
  await act(row, 'Delete');
  await row.getByRole('menuitem', { name: 'Really delete?' }).waitFor();
  assert.deepEqual(await contents(page), ['A slip']);
  // Turned away from, it is asked anew.
  await page.keyboard.press('Escape');
  await act(row, 'Delete');
  assert.deepEqual(await contents(page), ['A slip']);
  await row.getByRole('menuitem', { name: 'Really delete?' }).click();
  await row.filter({ hasText: 'This message was deleted' }).waitFor();
  assert.deepEqual(await contents(page), ['']);
  assert.equal(await row.locator('.more').count(), 0);
});

test('a picture is enlarged by a click, and put back by Escape, a click or its button', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(400, 300);
    canvas.getContext('2d').fillRect(0, 0, 400, 300);
    const blob = await canvas.convertToBlob();
    globalThis.link.http = () => new Response(blob);
    const [url, thumbnail_url] = ['/chat/attachments/a1/', '/chat/attachments/a1/thumbnail/'];
    const attachment = { id: 'a1', name: 'stain.png', content_type: 'image/png', size: 9, width: 400, height: 300, url, thumbnail_url };
    globalThis.chat.post(globalThis.room, 2, '', { message_type: 'image', attachment });
    globalThis.put('chat-panel').showRoom({ job: 5 });
  });
  const picture = page.getByRole('button', { name: 'Enlarge stain.png' });
  const large = page.locator('chat-room dialog');
  const ways = [
    () => page.keyboard.press('Escape'),
    () => large.getByRole('button', { name: 'Close' }).click(),
    () => large.locator('img').click(),
  ];
  for (const close of ways) {
    await picture.click();
    await large.getByRole('img', { name: 'stain.png' }).waitFor();
    assert.equal(await large.locator('img').evaluate(async (img) => (await img.decode(), img.naturalWidth)), 400);
    if (close === ways[0]) await accessible(page, large);
    await close();
    await large.waitFor({ state: 'detached' });
    await page.locator('chat-room .picture:focus').waitFor();
    assert.ok(await page.evaluate(() => document.querySelector('chat-panel').open), 'the panel stays');
  }
});

test('whoever leaves a general room is out of it at once', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    const lobby = globalThis.chat.room({ type: 'general', name: 'Cleaners', people: [1, 2] });
    globalThis.chat.post(lobby, 2, 'Who has the ladder?');
    globalThis.lobby = lobby;
    globalThis.put('chat-room', { name: 'Cleaners', room: lobby.id });
  });
  await page.locator('chat-room .row', { hasText: 'Who has the ladder?' }).waitFor();
  await page.getByRole('button', { name: 'Leave the conversation' }).click();
  await page.locator('chat-room .empty', { hasText: 'no longer have access' }).waitFor();
  assert.ok(!(await page.locator('chat-room').innerText()).includes('ladder'));
  assert.deepEqual(await page.evaluate(() => [...globalThis.lobby.people]), [2]);
});

test('the badge pulses when its number rises, not when one comes, and counts to 99+', { skip }, async (t) => {
  const page = await open(t, { reducedMotion: 'no-preference' });
  await page.evaluate(() => {
    globalThis.chat.post(globalThis.room, 2, 'one');
    globalThis.pulses = 0;
    const { client } = globalThis.visit();
    const badge = globalThis.put('chat-badge', { client });
    badge.shadowRoot.addEventListener('animationstart', () => globalThis.pulses++);
    // Drawn before anything is known.
    requestAnimationFrame(() => client.connect());
  });
  const count = page.locator('chat-badge .count');
  await count.filter({ hasText: /^1$/ }).waitFor();
  assert.equal(await page.evaluate(() => globalThis.pulses), 0);
  for (let n = 1; n <= 2; n++) {
    await page.evaluate(() => globalThis.chat.post(globalThis.room, 2, 'more'));
    await page.waitForFunction((times) => globalThis.pulses === times, n);
    // It ends by itself, and so can begin again.
    await page.locator('chat-badge .count:not(.pulse)').waitFor();
  }
  for (const [more, shown] of [[96, '99'], [1, '99+'], [300, '99+']]) {
    await page.evaluate((times) => {
      for (let i = 0; i < times; i++) globalThis.chat.post(globalThis.room, 2, `m${i}`);
    }, more);
    await count.filter({ hasText: new RegExp(`^${shown.replace('+', '\\+')}$`) }).waitFor();
    await page.getByRole('button', { name: `Open messages, ${shown} unread messages`, exact: true }).waitFor();
  }
});

/** What a page may set: an element that shows it, and the property in which it does. */
const VARIABLES = {
  '--chat-accent': ['chat-room .send.ready', 'background-color'],
  '--chat-on-accent': ['chat-room .send.ready', 'color'],
  '--chat-surface': ['chat-room footer', 'background-color'],
  '--chat-canvas': ['chat-room .log', 'background-color'],
  '--chat-text': ['chat-room h2', 'color'],
  '--chat-muted': ['chat-room .theirs .meta', 'color'],
  '--chat-line': ['chat-room .day span', 'background-color'],
  '--chat-hover': ['chat-room .back:hover', 'background-color'],
  '--chat-bubble': ['chat-room .theirs .bubble', 'background-color'],
  '--chat-bubble-text': ['chat-room .theirs .bubble', 'color'],
  '--chat-own-bubble': ['chat-room .mine .bubble', 'background-color'],
  '--chat-own-bubble-text': ['chat-room .mine .bubble', 'color'],
  '--chat-own-bubble-muted': ['chat-room .mine .meta', 'color'],
  '--chat-alert': ['chat-room .new', 'color'],
  '--chat-badge': ['chat-badge .count', 'background-color'],
  '--chat-online': ['chat-room .dot', 'background-color'],
  '--chat-radius': ['chat-room .mine .bubble', 'border-start-start-radius', '3px'],
  '--chat-font': ['chat-room .text', 'font-family', 'monospace'],
  '--chat-width': ['chat-panel', 'width', '555px'],
  '--chat-z': ['chat-panel', 'z-index', '77'],
};

test('every variable and part that is documented changes what it names', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    globalThis.chat.post(globalThis.room, 1, 'Hello John');
    for (let i = 0; i < 60; i++) globalThis.chat.post(globalThis.room, 2, `m${i}`);
    globalThis.chat.connect(2, () => {});
    globalThis.put('chat-badge');
    globalThis.put('chat-panel').showRoom({ job: 5 });
  });
  const back = page.locator('chat-panel [part=back]');
  await page.locator('chat-room .jump').waitFor();
  await page.locator('chat-room textarea').fill('A draft');
  await page.locator('chat-room .send.ready').waitFor();
  await page.locator('chat-room .dot').waitFor();

  const looks = documented('## Looks', '## Languages');
  assert.deepEqual([...new Set(looks.match(/--chat-[\w-]+/g))].sort(), Object.keys(VARIABLES).sort());
  let i = 0;
  const values = Object.entries(VARIABLES).map(([name, [, , value]]) => [name, value ?? `rgb(1, 2, ${++i})`]);
  await style(page, `:root { ${values.map(([name, value]) => `${name}: ${value}`).join('; ')} }`);
  await back.hover();
  for (const [name, value] of values) {
    const [selector, property] = VARIABLES[name];
    const [element, hover] = selector.split(' .back:');
    const shown = hover ? back : page.locator(element);
    await page.waitForFunction(
      ([e, p, v]) => getComputedStyle(e).getPropertyValue(p) === v,
      [await shown.last().elementHandle(), property, value],
      { timeout: 5_000 },
    ).catch(async () => assert.equal(await computed(shown, property), value, name));
  }

  const parts = /on the badge (.*); on the list (.*);\s+on a room (.*); on the panel [^`]*(`.*`)\./s.exec(
    looks.slice(looks.indexOf('Parts')).replaceAll('\n', ' '),
  );
  const [badge, list, conversation, own] = parts.slice(1).map((words) => words.match(/[\w-]+(?=`)/g));
  const styled = async (host, names, inside) => {
    await style(page, names.map((name, n) => `${host}::part(${name}) { outline-offset: ${n + 5}px }`).join('\n'));
    for (const [n, name] of names.entries()) {
      assert.equal(await computed(page.locator(`${inside} [part~=${name}]`), 'outline-offset'), `${n + 5}px`, name);
    }
  };
  await styled('chat-badge', badge, 'chat-badge');
  await styled('chat-panel', own, 'chat-panel');
  await styled('chat-panel', conversation, 'chat-panel chat-room');
  await back.click();
  await page.locator('chat-list li').first().waitFor();
  await styled('chat-panel', list, 'chat-panel chat-list');
});

test('from right to left all is the other way round, and each text keeps its own direction', { skip }, async (t) => {
  const page = await open(t, { dir: 'rtl' });
  await page.evaluate(() => {
    globalThis.chat.post(globalThis.room, 2, 'שלום, זה בסדר?');
    globalThis.chat.post(globalThis.room, 1, 'Yes, 9:00 is fine!');
    globalThis.put('chat-panel').showRoom({ job: 5 });
  });
  const box = (selector) => page.locator(selector).first().boundingBox();
  await page.locator('chat-room .mine .bubble').waitFor();
  const panel = await box('chat-panel [part=panel]');
  assert.equal(panel.x, 0);
  /** Whether it is nearer to the left edge. */
  const left = ({ x, width }) => x - panel.x < panel.x + panel.width - (x + width);
  const [mine, theirs, send, attach, close, back] = await Promise.all(
    ['.mine .bubble', '.theirs .bubble', '.send', '.compose .icon', '[part=close]', '[part=back]'].map((part) =>
      box(`chat-panel ${part}`),
    ),
  );
  assert.ok(left(mine) && !left(theirs), 'bubbles');
  assert.ok(left(send) && !left(attach), 'the composer');
  assert.ok(left(close) && !left(back), 'the header');
  assert.equal(await computed(page.locator('chat-panel [part=back] svg'), 'scale'), '-1 1');
  for (const who of ['mine', 'theirs']) {
    assert.equal(await computed(page.locator(`chat-room .${who} .text`), 'unicode-bidi'), 'plaintext');
  }
});
