/**
 * A real Chromium for the tests of a file, and pages in it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before } from 'node:test';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
/** Why the tests are skipped; false where they are not. */
export const skip = existsSync(executablePath) ? false : `no Chromium at ${executablePath}`;
const file = (path) => new URL(path, import.meta.url).pathname;

let browser;
let script;
const axe = readFileSync(file('../../node_modules/axe-core/axe.min.js'), 'utf8');

before(async () => {
  if (skip) return;
  const { outputFiles } = await build({
    entryPoints: [file('page.js')],
    bundle: true,
    format: 'esm',
    write: false,
    define: { 'process.env.NODE_ENV': '"development"' },
    external: ['node:*'],
  });
  script = outputFiles[0].text;
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
});
after(() => browser?.close());

/** A page of Anna's; whatever goes wrong on it fails the test. */
export async function open(
  t,
  {
    width = 1000,
    height = 700,
    dir = 'ltr',
    reducedMotion = 'reduce',
    colorScheme = 'light',
    origin = 'http://page.test',
    context = null,
    before = () => {},
  } = {},
) {
  // Another tab of the same browser, or a browser of its own.
  context ??= await browser.newContext({ viewport: { width, height }, reducedMotion, colorScheme });
  const page = await context.newPage();
  await page.addInitScript(before);
  const faults = [];
  page.on('pageerror', (e) => faults.push(e.message));
  page.on('console', (m) => m.type() === 'error' && faults.push(m.text()));
  t.after(async () => {
    await context.close();
    assert.deepEqual(faults, []);
  });
  await page.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/page.js') return route.fulfill({ contentType: 'text/javascript', body: script });
    return route.fulfill({
      contentType: 'text/html',
      headers: {
        'Content-Security-Policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src blob:; connect-src 'self'; require-trusted-types-for 'script'",
      },
      body: `<!doctype html><html lang="en" dir="${dir}"><title>Jobs</title><main><h1>Jobs</h1></main><script type="module" src="/page.js"></script></html>`,
    });
  });
  await page.goto(`${origin}/`);
  await page.waitForFunction(() => globalThis.client?.getSnapshot().status === 'connected');
  return page;
}

/** Looks at the page with axe, or at what lies over it. @param {any} page @param {any} [part] a locator */
export const accessible = async (page, part) => {
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const run = async (within) => {
    // Of WCAG 2.2, target-size is left out unless it is asked for.
    const rules = { 'target-size': { enabled: true } };
    const { violations, passes } = await globalThis.axe.run(within ?? document, { rules });
    return { found: violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html)}`), passed: passes.length };
  };
  const { found, passed } = part ? await part.evaluate(run) : await page.evaluate(run);
  assert.deepEqual(found, []);
  assert.notEqual(passed, 0);
};
