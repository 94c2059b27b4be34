/**
 * The widget beside @chatscope/chat-ui-kit-react, on the same messages, in the same Chromium, in turn:
 * `npm run bench`, one folder up, after `npm run build`. ROUNDS (5), SIZES (10000,50000), ONLY (both),
 * RESULTS (a file that keeps them, so that several short runs are one), CHROMIUM.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus } from 'node:os';
import { extname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const here = import.meta.dirname;
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  console.log(`bench: no Chromium at ${executablePath}; nothing was measured.`);
  process.exit(0);
}
if (!existsSync(join(here, 'node_modules'))) {
  execFileSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], { cwd: here, stdio: 'inherit' });
}
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SIZES = (process.env.SIZES ?? '10000,50000').split(',').map(Number);

/** @param {string} entry @param {string[]} [external] */
const bundle = (entry, external = []) =>
  build({
    entryPoints: [join(here, entry)],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    write: false,
    outdir: '/out',
    external,
    define: { 'process.env.NODE_ENV': '"production"' },
    nodePaths: [join(here, 'node_modules')],
    legalComments: 'none',
    loader: { '.js': 'jsx' },
  });

const files = new Map();
for (const { path, contents } of (await bundle('kit.js')).outputFiles) files.set(path.replace('/out', ''), contents);
for (const { path, contents } of (await bundle('widget.js', ['/widget/chat.js'])).outputFiles) {
  files.set(path.replace('/out', ''), contents);
}
const page = (name, css) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${name}</title>` +
  (css ? `<link rel="stylesheet" href="/${name}.css">` : '') +
  `<style>body{margin:0}h1{font-size:12px;margin:0}#here{width:420px;height:680px;margin:0 auto}chat-room{height:680px}</style>` +
  `<script type="module" src="/${name}.js"></script></head><body><main><h1>Chat</h1><div id="here"></div></main></body></html>`;
files.set('/widget.html', page('widget', false));
files.set('/kit.html', page('kit', true));
files.set('/favicon.ico', '');
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html' };
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://x');
  const body = files.get(pathname) ?? readFileSync(join(here, '../dist', pathname.replace('/widget/', '/')));
  response.writeHead(200, { 'Content-Type': TYPES[extname(pathname)] ?? 'text/plain' });
  response.end(body);
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

/** What goes over the wire. React is on many pages already, so the kit is weighed with and without it. */
async function weights() {
  const alone = async (contents, external) => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: here },
      bundle: true, format: 'esm', target: 'es2022', minify: true, write: false, external, outdir: '/out',
      define: { 'process.env.NODE_ENV': '"production"' }, legalComments: 'none',
    });
    return outputFiles.map((f) => f.contents);
  };
  const sum = (list) => ({
    gzip: list.reduce((n, b) => n + gzipSync(b, { level: 9 }).length, 0),
    brotli: list.reduce((n, b) => n + brotliCompressSync(b).length, 0),
  });
  const kit = `export * from '@chatscope/chat-ui-kit-react'; import '@chatscope/chat-ui-kit-styles/dist/default/styles.min.css';`;
  return {
    widget: sum(
      readdirSync(join(here, '../dist'))
        .filter((name) => /^chat.*\.js$/.test(name))
        .map((name) => readFileSync(join(here, '../dist', name))),
    ),
    kit: sum(await alone(kit, ['react', 'react-dom'])),
    kitWithReact: sum(await alone(`${kit} export { createRoot } from 'react-dom/client';`, [])),
  };
}

const axe = readFileSync(join(here, '../node_modules/axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--js-flags=--expose-gc'],
});

/** @param {'widget' | 'kit'} name @param {number} count @param {boolean} all */
async function measure(name, count, all, accessible) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 720 } });
  const tab = await context.newPage();
  tab.setDefaultTimeout(120_000);
  tab.on('pageerror', (e) => console.error(`${name}: ${e.message}`));
  const devtools = await context.newCDPSession(tab);
  await tab.goto(`${origin}/${name}.html`);
  const paint = await tab.evaluate(([count, all]) => globalThis.bench.open(count, all), [count, all]);
  const result = await tab.evaluate(async () => {
    const { bench } = globalThis;
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    /** Twelve frames, or two seconds where frames take that long. */
    const rest = async () => {
      const end = performance.now() + 2_000;
      for (let i = 0; i < 12 && performance.now() < end; i++) await frame();
    };
    const count = (root) => {
      let n = 0;
      for (const e of root.querySelectorAll('*')) n += 1 + (e.shadowRoot ? count(e.shadowRoot) : 0);
      return n;
    };
    await rest();
    const nodes = count(document);
    const scroller = bench.scroller();

    // Three seconds of scrolling up by some 3,000 pixels a second.
    const start = performance.now();
    let frames = 0;
    while (performance.now() - start < 3_000) {
      scroller.scrollBy({ top: -50, behavior: 'instant' });
      await frame();
      frames++;
    }
    const fps = (frames / (performance.now() - start)) * 1_000;
    const nodesAfter = count(document);

    /** How far the first message in sight has moved when 50 older ones have come. */
    const drift = async (top) => {
      scroller.scrollTop = top;
      await rest();
      const fold = scroller.getBoundingClientRect().top;
      const bubble = bench.bubbles().find((b) => b.getBoundingClientRect().top >= fold);
      const text = bubble.textContent;
      const before = bubble.getBoundingClientRect().top;
      await bench.older();
      await rest();
      const now = bubble.isConnected ? bubble : bench.bubbles().find((b) => b.textContent === text);
      return now ? Math.abs(now.getBoundingClientRect().top - before) : Infinity;
    };
    // `column-reverse` counts from the end: below zero.
    const reversed = getComputedStyle(scroller).flexDirection === 'column-reverse';
    const top = reversed ? scroller.clientHeight - scroller.scrollHeight : 0;
    const near = await drift(top + 400);
    const topNow = reversed ? scroller.clientHeight - scroller.scrollHeight : 0;
    const atTop = await drift(topNow);
    return { nodes: Math.max(nodes, nodesAfter), fps, near, atTop };
  });
  await devtools.send('HeapProfiler.enable');
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  let violations = null;
  if (accessible) {
    await devtools.send('Runtime.evaluate', { expression: axe });
    violations = await tab.evaluate(async () => {
      const { violations } = await globalThis.axe.run(document, {
        resultTypes: ['violations'],
        rules: { 'target-size': { enabled: true } },
      });
      return violations.map((v) => v.id);
    });
  }
  await context.close();
  return { paint, ...result, heap: usedSize / 1e6, violations };
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const { RESULTS } = process.env;
const runs = new Map(RESULTS && existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : []);
const ONLY = process.env.ONLY;
const CASES = [
  ...SIZES.flatMap((count) => [['widget', count, true], ['kit', count, true]]),
  ['widget', SIZES.at(-1), false],
].filter(([name]) => !ONLY || name === ONLY);
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, count, all] of round % 2 ? CASES.toReversed() : CASES) {
    const key = `${name} ${count}${all ? '' : ' as it loads them'}`;
    // Once: on forty thousand elements axe takes a minute, and finds the same each time.
    const result = await measure(name, count, all, count <= 10_000 && !runs.has(key));
    runs.set(key, [...(runs.get(key) ?? []), result]);
    if (RESULTS) writeFileSync(RESULTS, JSON.stringify([...runs]));
    console.error(round + 1, key, JSON.stringify(result));
  }
}
const version = browser.version();
await browser.close();
server.close();

const round = (x) => Math.round(x * 10) / 10;
console.log(`Chromium ${version}, ${cpus().length} × ${cpus()[0].model.trim()}, Node ${process.version}, medians\n`);
const w = await weights();
console.log(`kB gzip (brotli): widget ${round(w.widget.gzip / 1e3)} (${round(w.widget.brotli / 1e3)}), kit ${round(w.kit.gzip / 1e3)} (${round(w.kit.brotli / 1e3)}), kit with React ${round(w.kitWithReact.gzip / 1e3)} (${round(w.kitWithReact.brotli / 1e3)})\n`);
console.log(
  '| | rounds | first paint | elements | heap | frames a second | drift near the top · at the top | axe violations |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
const number = new Intl.NumberFormat('en');
for (const name of ['widget', 'kit']) {
  for (const [key, list] of runs) {
    if (!key.startsWith(name)) continue;
    const of = (what) => median(list.map((r) => r[what]));
    const found = list.find((r) => r.violations)?.violations;
    const cells = [
      key.replace(/\d+/, (n) => number.format(n)),
      list.length,
      `${number.format(Math.round(of('paint')))} ms`,
      number.format(of('nodes')),
      `${of('heap').toFixed(1)} MB`,
      Math.round(of('fps')),
      `${of('near').toFixed(2)} · ${of('atTop').toFixed(2)} px`,
      found ? [found.length, ...found].join(' ') : '–',
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}
