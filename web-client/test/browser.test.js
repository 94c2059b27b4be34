import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, open, skip } from './browser/chromium.js';

test('by the keyboard alone: open, choose, write, close', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    globalThis.chat.post(globalThis.room, 2, 'Hello Anna');
    globalThis.put('chat-badge');
    globalThis.put('chat-panel');
  });
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('chat-list li').first().waitFor();
  await accessible(page);
  await page.locator('chat-list h2:focus').waitFor();
  await page.keyboard.press('Tab'); // Settings.
  await page.keyboard.press('Tab'); // Close.
  await page.keyboard.press('Tab'); // Search.
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.locator('chat-room textarea:focus').waitFor();
  await page.keyboard.type('Hi John');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('two lines');
  await page.keyboard.press('Enter');
  await page.locator('chat-room .mine').waitFor();
  assert.equal(await page.evaluate(() => globalThis.room.log[1].content), 'Hi John\ntwo lines');
  await accessible(page);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.type('!');
  await page.keyboard.press('Enter');
  await page.locator('chat-room .edited').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('chat-badge button:focus').waitFor();
});

test('a badge without a panel makes one, which takes the focus and tells that it is open', { skip }, async (t) => {
  const page = await open(t, { width: 360, height: 640 });
  await page.evaluate(() => {
    globalThis.told = [];
    for (const type of ['chat-open', 'chat-close']) addEventListener(type, () => globalThis.told.push(type));
    globalThis.put('chat-badge');
  });
  await page.locator('chat-badge').click();
  await page.locator('chat-list h2:focus').waitFor();
  await accessible(page);
  await page.locator('chat-panel [part=close]').click();
  await page.locator('chat-badge button:focus').waitFor();
  assert.deepEqual(await page.evaluate(() => globalThis.told), ['chat-open', 'chat-close']);
});

/** Where the focus is: what the page's own document calls it. */
const focused = (page) =>
  page.evaluate(() => {
    const { activeElement } = document;
    return activeElement.id || activeElement.localName;
  });

test('on a phone the panel covers the page, and nothing beneath it takes the focus', { skip }, async (t) => {
  const page = await open(t, { width: 360, height: 640 });
  await page.evaluate(() => {
    globalThis.chat.post(globalThis.room, 2, 'Hello Anna');
    for (const id of ['before', 'after']) {
      const link = document.createElement('a');
      Object.assign(link, { id, href: '#', textContent: id });
      document.querySelector('main').append(link);
      if (id === 'before') globalThis.put('chat-badge');
    }
    globalThis.put('chat-panel');
  });
  await page.locator('chat-badge button').focus();
  await page.keyboard.press('Enter');
  await page.locator('chat-list h2:focus').waitFor();
  const reached = new Set();
  for (const key of ['Tab', 'Shift+Tab']) {
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press(key);
      reached.add(await focused(page));
    }
  }
  // Round and round, by way of the browser's own buttons.
  reached.delete('body');
  assert.deepEqual([...reached], ['chat-panel']);
  await accessible(page);

  // What a conversation closes for itself leaves the panel open.
  await page.locator('chat-list li button.unread').click();
  await page.locator('chat-room textarea:focus').waitFor();
  await page.keyboard.type('Hi John');
  await page.keyboard.press('Enter');
  await page.locator('chat-room .mine .more').focus();
  await page.keyboard.press('Enter');
  await page.locator('chat-room [role=menu]').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await focused(page), 'chat-panel');

  // Turned, it is beside the page; the words one is at stay where they are.
  await page.locator('chat-room textarea').focus();
  await page.keyboard.type('Half a sen');
  await page.setViewportSize({ width: 640, height: 360 });
  await page.waitForFunction(
    () => !document.querySelector('chat-panel').shadowRoot.querySelector('dialog').matches(':modal'),
  );
  await page.keyboard.type('tence');
  assert.equal(await page.locator('chat-room textarea').inputValue(), 'Half a sentence');
  await page.locator('#after').click();
  assert.equal(await focused(page), 'after');
  await page.setViewportSize({ width: 360, height: 640 });
  await page.waitForFunction(() =>
    document.querySelector('chat-panel').shadowRoot.querySelector('dialog').matches(':modal'),
  );

  // Nothing of it has the focus: Escape closes it all the same.
  await page.evaluate(() => document.activeElement.blur());
  assert.equal(await focused(page), 'body');
  await page.keyboard.press('Escape');
  await page.locator('chat-panel [part=panel]').waitFor({ state: 'hidden' });
  assert.equal(await focused(page), 'after');
});

test('while a reader is offline what is written waits in sight, and goes once', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => globalThis.put('chat-room', { job: 5 }));
  await page.locator('chat-room textarea').waitFor();
  await page.evaluate(() => {
    globalThis.link.answer = () => 1006;
    globalThis.link.socket.break();
  });
  await page.locator('chat-room .banner').waitFor();
  await page.locator('chat-room textarea').fill('Written offline');
  await page.keyboard.press('Enter');
  await page.locator('chat-room .mine [aria-label=Sending]').waitFor();
  await page.evaluate(() => (globalThis.link.answer = () => 'welcome'));
  await page.locator('chat-room .mine [aria-label=Sent]').waitFor();
  assert.equal(await page.evaluate(() => globalThis.room.log.length), 1);
});

test('what comes is read out, marked as read where it is seen, and counted where it is not', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    globalThis.put('chat-badge');
    globalThis.put('chat-room', { job: 5 });
  });
  await page.locator('chat-room textarea').waitFor();
  await page.evaluate(() => globalThis.chat.post(globalThis.room, 2, 'I am at the door'));
  await page.locator('chat-room [role=log]', { hasText: 'John: I am at the door' }).waitFor({ state: 'attached' });
  await page.waitForFunction(() => globalThis.room.marks.get(1) === 1);
  await page.evaluate(() => {
    const other = globalThis.chat.rooms()[1];
    for (let i = 0; i < 120; i++) globalThis.chat.post(other, 2, `m${i}`);
  });
  await page.locator('chat-badge .count', { hasText: '99+' }).waitFor();
});

test('each message is read out for itself: the same words again, and all of several at once', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    globalThis.other = globalThis.chat.rooms()[1];
    globalThis.put('chat-room', { job: 5, id: 'here' });
  });
  await page.locator('chat-room textarea').waitFor();
  await page.locator('chat-room header .avatar').waitFor();
  // What a screen reader is told of: elements that are new in the log, and their words.
  await page.evaluate(() => {
    globalThis.said = [];
    const log = document.querySelector('chat-room').shadowRoot.querySelector('[role=log]');
    new MutationObserver((changes) => {
      for (const { type, addedNodes } of changes) {
        const words = [...addedNodes].map((node) => node.textContent.trim()).filter(Boolean);
        if (type === 'characterData') globalThis.said.push('changed');
        globalThis.said.push(...words);
      }
    }).observe(log, { childList: true, characterData: true, subtree: true });
  });
  const said = async (n) => {
    await page.waitForFunction((most) => globalThis.said.length >= most, n);
    return page.evaluate(() => globalThis.said.splice(0));
  };
  await page.evaluate(() => globalThis.chat.post(globalThis.room, 2, 'Yes'));
  assert.deepEqual(await said(1), ['John: Yes']);
  await page.evaluate(() => {
    globalThis.chat.post(globalThis.other, 2, 'Elsewhere');
    globalThis.chat.post(globalThis.room, 2, 'Yes');
  });
  assert.deepEqual(await said(1), ['John: Yes']);
  await page.evaluate(() => {
    globalThis.chat.post(globalThis.room, 1, 'My own');
    for (const text of ['one', 'two', 'two', 'four']) globalThis.chat.post(globalThis.room, 2, text);
  });
  assert.deepEqual(await said(4), ['John: one', 'John: two', 'John: two', 'John: four']);
  const log = page.locator('chat-room [role=log] p');
  assert.deepEqual(await log.allTextContents(), ['Yes', 'one', 'two', 'two', 'four'].map((text) => `John: ${text}`));
  await page.evaluate(() => Object.assign(document.querySelector('#here'), { job: 6 }));
  await page.locator('chat-room h2', { hasText: 'John' }).waitFor();
  await log.first().waitFor({ state: 'detached' });
  assert.deepEqual(await page.evaluate(() => globalThis.said), []);
});

test('a pasted picture is shown, uploaded with its progress, and sent; an upload can be stopped', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => globalThis.put('chat-room', { job: 5 }));
  await page.locator('chat-room textarea').waitFor();
  const paste = () =>
    page.evaluate(async () => {
      const canvas = new OffscreenCanvas(40, 30);
      canvas.getContext('2d').fillRect(0, 0, 40, 30);
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([await canvas.convertToBlob()], 'stain.png', { type: 'image/png' }));
      document
        .querySelector('chat-room')
        .shadowRoot.querySelector('textarea')
        .dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    });
  await paste();
  await page.locator('chat-room .files img').waitFor();
  await page.locator('chat-room textarea').fill('Look');
  await page.keyboard.press('Enter');
  await page.locator('chat-room [role=progressbar]').waitFor();
  await accessible(page);
  await page.evaluate(() => {
    const stored = { id: 'a1', name: 'stain.png', content_type: 'image/png', size: 1, width: 40, height: 30, url: '/chat/attachments/a1/', thumbnail_url: null };
    globalThis.chat.attachments.set('a1', stored);
    globalThis.link.http = () => new Response(new Blob(['x'], { type: 'image/png' }));
    globalThis.link.uploads[0].progress(1, 2);
    globalThis.link.uploads[0].answer(201, stored);
  });
  await page.locator('chat-room .mine .picture').waitFor();
  assert.equal(await page.evaluate(() => globalThis.room.log[0].content), 'Look');
  await paste();
  await page.locator('chat-room .files img').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('chat-room .stop').click();
  await page.locator('chat-room [role=progressbar]').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => globalThis.room.log.length), 1);
});

test('a room that is taken off the page leaves no listener and no picture behind', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    globalThis.listeners = 0;
    globalThis.pictures = new Set();
    const { onIncoming } = globalThis.client;
    globalThis.client.onIncoming = (listener) => {
      globalThis.listeners++;
      const end = onIncoming(listener);
      return () => {
        globalThis.listeners--;
        return end();
      };
    };
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (blob) => {
      const address = createObjectURL(blob);
      globalThis.pictures.add(address);
      return address;
    };
    URL.revokeObjectURL = (address) => {
      globalThis.pictures.delete(address);
      revokeObjectURL(address);
    };
    globalThis.element = globalThis.put('chat-room', { job: 5 });
  });
  const left = () => page.evaluate(() => [globalThis.listeners, globalThis.pictures.size]);
  const choose = async (name) => {
    const chosen = { name, mimeType: 'image/gif', buffer: Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACADs=', 'base64') };
    await page.locator('chat-room input[type=file]').setInputFiles(chosen);
    await page.locator(`chat-room .files img[alt="${name}"]`).waitFor();
  };
  await choose('removed.png');
  assert.deepEqual(await left(), [1, 1]);
  await page.getByRole('button', { name: /removed/ }).click();
  await page.locator('chat-room .files').waitFor({ state: 'detached' });
  assert.deepEqual(await left(), [1, 0]);
  await choose('sent.png');
  await page.keyboard.press('Enter');
  await page.locator('chat-room .files').waitFor({ state: 'detached' });
  assert.deepEqual(await left(), [1, 1]); // That of the message.
  await choose('kept.png');
  await page.evaluate(() => {
    globalThis.client.discard(globalThis.client.getSnapshot().pending[0].client_id);
    globalThis.element.remove();
  });
  await page.waitForFunction(() => globalThis.pictures.size === 0);
  assert.deepEqual(await left(), [0, 0]);
});

test('whoever signs in next on the same page sees nothing that the one before wrote or found', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    globalThis.chat.post(globalThis.room, 2, 'Hello');
    globalThis.link.http = () => {
      const message = { ...globalThis.room.log[0], content: '', room: globalThis.room.id };
      const excerpt = `found for ${globalThis.link.userId}`;
      return new Response(JSON.stringify({ results: [{ message, excerpt, highlights: [] }], next: null }));
    };
    globalThis.put('chat-list');
    globalThis.put('chat-room', { job: 5 });
  });
  const written = page.locator('chat-room textarea');
  await page.locator('chat-room .text', { hasText: 'Hello' }).waitFor();
  await written.fill('of Anna');
  await page.locator('chat-room input[type=file]').setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') });
  await page.locator('chat-room .files').waitFor();
  await page.locator('chat-list input').fill('words');
  await page.locator('chat-list', { hasText: 'found for 1' }).waitFor();
  const becomes = async (userId) => {
    await page.evaluate((id) => {
      globalThis.link.userId = id;
      globalThis.link.socket.break();
      globalThis.wire.dispatchEvent(new Event('online'));
    }, userId);
    await page.locator('chat-list', { hasText: `found for ${userId}` }).waitFor();
  };
  await becomes(2);
  await page.locator('chat-room .text', { hasText: 'Hello' }).waitFor();
  assert.equal(await page.locator('chat-room .files').count(), 0);
  assert.equal(await written.inputValue(), '');
  await becomes(1);
  assert.equal(await written.inputValue(), 'of Anna');
});

test('a picture chosen offline is kept by the browser, and goes after a reload', { skip }, async (t) => {
  const page = await open(t);
  const visit = () =>
    page.evaluate(() => {
      const storage = { of: () => localStorage };
      const { client, link } = globalThis.visit({ storage, files: new globalThis.KeptFiles(indexedDB) });
      globalThis.mine = link;
      globalThis.put('chat-room', { job: 5, client });
      client.connect();
    });
  await visit();
  await page.locator('chat-room header .avatar').waitFor();
  await page.evaluate(() => {
    globalThis.mine.answer = () => 1006;
    globalThis.mine.socket.break();
  });
  const png = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(40, 30);
    canvas.getContext('2d').fillRect(0, 0, 40, 30);
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
  });
  await page
    .locator('chat-room input[type=file]')
    .setInputFiles({ name: 'stain.png', mimeType: 'image/png', buffer: Buffer.from(png) });
  await page.locator('chat-room .files img').waitFor();
  await page.locator('chat-room textarea:focus').waitFor();
  await page.keyboard.type('Look');
  await page.keyboard.press('Enter');
  await page.locator('chat-room [role=progressbar]').waitFor();
  // Kept: nobody is asked any more whether to stay.
  await page.waitForFunction(() => dispatchEvent(new Event('beforeunload', { cancelable: true })));

  await page.reload();
  await page.waitForFunction(() => globalThis.client?.getSnapshot().status === 'connected');
  await visit();
  await page.locator('chat-room .mine', { hasText: 'Look' }).locator('.picture img').waitFor();
  await page.waitForFunction(() => globalThis.mine.uploads.length === 1);
  const bytes = await page.evaluate(async () => {
    const file = globalThis.mine.uploads[0].form.get('file');
    return [file.name, file.type, ...new Uint8Array(await file.arrayBuffer())];
  });
  assert.deepEqual(bytes, ['stain.png', 'image/png', ...png]);
  await page.evaluate(() => {
    const stored = { id: 'a1', name: 'stain.png', content_type: 'image/png', size: 1, width: 40, height: 30, url: '/chat/attachments/a1/', thumbnail_url: null };
    globalThis.chat.attachments.set('a1', stored);
    globalThis.mine.uploads[0].answer(201, stored);
  });
  await page.locator('chat-room .mine [aria-label=Sent]').waitFor();
  assert.deepEqual(await page.evaluate(() => globalThis.room.log.map((m) => m.content)), ['Look']);
});

test('only so many bytes are kept, and those let go of make room', { skip }, async (t) => {
  const page = await open(t);
  const told = await page.evaluate(async () => {
    const files = new globalThis.KeptFiles(indexedDB, 100);
    const photo = (size) => new File([new Uint8Array(size)], `${size}.jpg`, { type: 'image/jpeg' });
    const put = (key, size) => files.put(key, photo(size)).then(() => 'kept', (e) => e.name);
    const done = [await put('a', 60), await put('b', 41), await put('c', 40)];
    await files.drop((key) => key === 'a');
    const { name, type, size } = await files.get('c');
    return [...done, await files.get('a'), await put('b', 41), [name, type, size]];
  });
  assert.deepEqual(told, ['kept', 'RangeError', 'kept', undefined, 'kept', ['40.jpg', 'image/jpeg', 40]]);
});

test('ten thousand messages: few in the page, and none moves when older ones come', { skip }, async (t) => {
  const page = await open(t, { width: 360, height: 640 });
  await page.evaluate(() => {
    for (let i = 1; i <= 10_000; i++) {
      globalThis.chat.post(globalThis.room, 1 + (i % 2), `Message ${i} ${'and so on '.repeat(i % 9)}`);
    }
    globalThis.chat.read(globalThis.room, 1, 10_000);
    globalThis.put('chat-room', { job: 5 });
  });
  await page.locator('chat-room .row').last().waitFor();
  const { most, drift } = await page.evaluate(async () => {
    const root = document.querySelector('chat-room').shadowRoot;
    const scroller = root.querySelector('.scroll');
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const place = (row) => row.getBoundingClientRect().top;
    let most = 0;
    let drift = 0;
    for (let i = 0; i < 40; i++) {
      scroller.scrollBy({ top: i % 4 ? -700 : -100_000, behavior: 'instant' });
      await frame();
      const row = [...root.querySelectorAll('.row')].find((r) => place(r) >= place(scroller));
      const before = place(row);
      for (let j = 0; j < 4; j++) await frame();
      if (row.isConnected) drift = Math.max(drift, Math.abs(place(row) - before));
      most = Math.max(most, root.querySelectorAll('*').length);
    }
    return { most, drift };
  });
  assert.ok(most < 1_500, `${most} elements`);
  assert.ok(drift < 0.1, `${drift} px`);
  await page.locator('chat-room .jump').click();
  await page.locator('chat-room .row', { hasText: 'Message 10000' }).waitFor();
});

test('a message that was found is shown where it stands, and the way back', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    for (let i = 1; i <= 300; i++) globalThis.chat.post(globalThis.room, 2, i === 40 ? 'The key is blue' : `m${i}`);
    globalThis.link.http = () => Response.json({ results: globalThis.chat.search(1, 'blue'), next: null });
    globalThis.put('chat-panel').show();
  });
  await page.locator('chat-list input[type=search]').fill('blue');
  await page.locator('chat-list mark', { hasText: 'blue' }).click();
  await page.locator('chat-room .row', { hasText: 'The key is blue' }).waitFor();
  const inSight = await page.evaluate(() => {
    const root = document.querySelector('chat-panel').shadowRoot.querySelector('chat-room').shadowRoot;
    const row = [...root.querySelectorAll('.row')].find((r) => r.textContent.includes('blue'));
    const fold = root.querySelector('.scroll').getBoundingClientRect();
    const { top, bottom } = row.getBoundingClientRect();
    return top >= fold.top && bottom <= fold.bottom;
  });
  assert.ok(inSight);
  await page.locator('chat-room .jump').click();
  await page.locator('chat-room .row', { hasText: 'm300' }).waitFor();
});

test('a search that fails says so, and is not taken for one that found nothing', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    globalThis.link.http = () => Response.json({ code: 'unavailable' }, { status: 503 });
    globalThis.put('chat-list');
  });
  await page.locator('chat-list input[type=search]').fill('blue');
  await page.locator('chat-list .empty', { hasText: 'did not work' }).waitFor();
  await page.evaluate(() => (globalThis.link.http = () => Response.json({ results: [], next: null })));
  await page.locator('chat-list input[type=search]').fill('green');
  await page.locator('chat-list .empty', { hasText: 'Nothing found' }).waitFor();
});

test('a room that is lost while it is open shows nothing of it any more', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    globalThis.chat.post(globalThis.room, 2, 'secret');
    globalThis.put('chat-room', { job: 5 });
  });
  await page.locator('chat-room .row', { hasText: 'secret' }).waitFor();
  await page.evaluate(() => globalThis.chat.remove(globalThis.room, 1));
  await page.locator('chat-room .empty', { hasText: 'no longer have access' }).waitFor();
  assert.equal(await page.locator('chat-room textarea').count(), 0);
  assert.ok(!(await page.locator('chat-room').innerText()).includes('secret'));
});

test('a closed room takes no words, but a closed support room does, from the one who opened it', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(async () => {
    globalThis.chat.close(globalThis.room);
    globalThis.put('chat-room', { job: 5, id: 'job' });
    const id = await globalThis.put('chat-room', { support: true, id: 'support' }).client.open({ support: true });
    globalThis.chat.close(globalThis.chat.rooms().find((r) => r.id === id));
  });
  await page.locator('#job .shut').waitFor();
  assert.equal(await page.locator('#job textarea').count(), 0);
  await page.locator('#support .shut', { hasText: 'Write to open it again' }).waitFor();
  await page.locator('#support textarea').waitFor();
  await accessible(page);
});

test('words that came while one was away have a line before them, and none is marked unseen', { skip }, async (t) => {
  const page = await open(t, { width: 360, height: 640, dir: 'rtl' });
  await page.evaluate(() => {
    for (let i = 1; i <= 60; i++) globalThis.chat.post(globalThis.room, 2, `m${i} ${'and more '.repeat(12)}`);
    globalThis.chat.read(globalThis.room, 1, 20);
    globalThis.put('chat-room', { job: 5 });
  });
  await page.locator('chat-room .new').waitFor();
  await page.waitForFunction(() => globalThis.room.marks.get(1) > 20);
  assert.ok((await page.evaluate(() => globalThis.room.marks.get(1))) < 60);
  await page.locator('chat-room .jump .count').waitFor();
});

test('React in strict mode: the seed’s names, one subscription each, nothing left behind', { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    globalThis.chat.post(globalThis.room, 2, 'Hello');
    globalThis.react(5);
  });
  await page.locator('output', { hasText: 'connected' }).waitFor();
  await page.locator('li.theirs', { hasText: 'Hello' }).waitFor();
  await page.locator('strong', { hasText: '1' }).waitFor();
  await page.locator('chat-badge.mine .count', { hasText: '1' }).waitFor();
  await page.evaluate(() => globalThis.chat.typing(globalThis.room, 2, true));
  await page.locator('em', { hasText: 'John' }).waitFor();
  await page.locator('section > button').click();
  await page.locator('li.sent', { hasText: 'from React' }).waitFor();
  await page.evaluate(() => globalThis.chat.read(globalThis.room, 2, 2));
  await page.locator('li.read', { hasText: 'from React' }).waitFor();
  assert.equal(await page.evaluate(() => globalThis.room.log.length), 2);
  await page.evaluate(() => globalThis.react(99));
  await page.locator('output', { hasText: 'not_found' }).waitFor();
  await page.evaluate(() => globalThis.react(null));
  await page.locator('section').waitFor({ state: 'detached' });
});
