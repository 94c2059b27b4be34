/**
 * Builds `dist/`: the ES modules, their types, and each module compressed ahead as `.gz` and `.br`.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, transformSync } from 'esbuild';
import { minify } from 'terser';
import { kit } from './src/elements/later.js';

/** What a page loads before it shows anything must not weigh more than this over the wire, */
const MOST_AT_FIRST = 21_500;
/** and with the conversations, thus all but the languages one doesn't read, no more than this. */
const MOST_GZIP = 40_000;

/** Names of properties between lit-html and the elements, and of nobody else. */
const INTERNAL =
  /^(_\$\w+|willUpdate|requestUpdate|renderRoot|hasUpdated|onClient|dragging|lightbox|flash|draft|problem|sure|words|ever|following|live|below|above|bring|toEnd|estimate|onScroll|renewable|canNotify|allowNotify|newDay|joins|onFrame|onStatus|renew|restart|newAfter|onChange|measure)$/;

/** The elements' own variables, by their order. @type {string[]} */
const variables = [];

/** Styles without comments and spaces, and templates without indentation. */
const squeeze = (source) =>
  source
    .replace(/css`([^`$]*)`/g, (_, css) => {
      const { code } = transformSync(css, { loader: 'css', minify: true, target: 'chrome123' });
      return 'css`' + code.trim() + '`';
    })
    .replace(/>\n\s+</g, '><')
    .replace(/\n\s+/g, '\n')
    .replace(/--_[a-z-]+/g, (name) => {
      if (!variables.includes(name)) variables.push(name);
      return `--_${variables.indexOf(name).toString(36)}`;
    });

rmSync('dist', { recursive: true, force: true });

const common = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [
    {
      name: 'squeeze-templates',
      setup({ onLoad }) {
        onLoad({ filter: /src\/elements\/.*\.js$/ }, async ({ path }) => ({
          contents: squeeze(readFileSync(path, 'utf8')),
          loader: 'js',
        }));
        // lit-html tells older browsers' patches, and its developers, of itself: here nobody asks.
        onLoad({ filter: /lit-html\/lit-html\.js$/ }, async ({ path }) => ({
          contents: readFileSync(path, 'utf8')
            .replace(/=\{M:\w+,.*?I:(\w+),.*?\}/, '={I:$1}')
            .replace(/,\w+=t\.litHtmlPolyfillSupport;.*?;(?=const)/, ';'),
          loader: 'js',
        }));
      },
    },
  ],
};
// The conversations take what they share with the rest from its hands: see src/elements/later.js.
const SHARED = /^(lit-html|.*\/(lit-html|views|i18n\/index|alerts|base|element|icon|words)\.js)$/;
await build({
  ...common,
  entryPoints: { 'chat-rooms': 'src/elements/rooms.js' },
  outdir: 'dist',
  banner: { js: 'export default (kit) => {' },
  footer: { js: '}' },
  plugins: [
    {
      name: 'shared',
      setup({ onResolve, onLoad }) {
        onResolve({ filter: SHARED }, () => ({ path: 'kit', namespace: 'kit' }));
        onLoad({ filter: /.*/, namespace: 'kit' }, () => ({
          contents: `export const { ${Object.keys(kit)} } = kit;`,
        }));
      },
    },
    ...common.plugins,
  ],
});
await build({
  ...common,
  entryPoints: { chat: 'src/chat.js' },
  external: ['./rooms.js'],
  outdir: 'dist',
  splitting: true,
  chunkNames: 'lang-[name]',
});
await build({ ...common, entryPoints: ['src/client.js'], outdir: 'dist' });
await build({
  ...common,
  entryPoints: ['src/react.js'],
  outdir: 'dist',
  external: ['react', './chat.js'],
});
execFileSync('node', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], { stdio: 'inherit' });
// What the page knows of the elements, which TypeScript copies nowhere.
copyFileSync('src/global.d.ts', 'dist/types/global.d.ts');
writeFileSync(
  'dist/types/chat.d.ts',
  `/// <reference path="./global.d.ts" />\n${readFileSync('dist/types/chat.d.ts', 'utf8')}`,
);
copyFileSync('../LICENSE', 'dist/LICENSE');

const scripts = () => readdirSync('dist').filter((name) => name.endsWith('.js'));
// The parts of one widget know each other by these names. None may be one that something is really called.
let names = {};
const reserved = scripts().flatMap(
  (name) => readFileSync(`dist/${name}`, 'utf8').match(/(?<=[.{,])[a-z]{1,2}(?=[.,:;=()[\]])/gi) ?? [],
);

/** @type {Record<string, number>} */
const weights = {};
for (const name of scripts()) {
  // What esbuild leaves long.
  const nameCache = { props: names };
  const { code } = await minify(readFileSync(`dist/${name}`, 'utf8'), {
    module: true,
    ecma: 2020,
    compress: { passes: 3, pure_getters: true, keep_fargs: false },
    mangle: { properties: { regex: INTERNAL, reserved } },
    format: { comments: /webpackIgnore|@vite-ignore/ },
    nameCache,
  });
  names = nameCache.props;
  writeFileSync(`dist/${name}`, String(code));
}
nameRooms();
for (const name of scripts()) {
  const bytes = readFileSync(`dist/${name}`);
  const gzip = gzipSync(bytes, { level: 9 });
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  writeFileSync(`dist/${name}.gz`, gzip);
  writeFileSync(`dist/${name}.br`, brotli);
  weights[name] = gzip.length;
  console.log(`${name}: ${bytes.length} bytes, gzip ${gzip.length}, brotli ${brotli.length}`);
}

/**
 * The conversations go by their content too: a page that is open while the server is replaced never gets
 * those of another version. And some browsers remember, by its whole address, that a module failed.
 */
function nameRooms() {
  const hash = createHash('sha256').update(readFileSync('dist/chat-rooms.js')).digest('hex').slice(0, 8);
  const name = `chat-rooms-${hash}.js`;
  renameSync('dist/chat-rooms.js', `dist/${name}`);
  const chat = readFileSync('dist/chat.js', 'utf8');
  writeFileSync(
    'dist/chat.js',
    chat.replace(
      'import("./rooms.js")',
      `import("./${name}").catch(()=>import(/*webpackIgnore:true*//*@vite-ignore*/new URL("./${name}?"+Date.now(),import.meta.url)))`,
    ),
  );
}

const parts = Object.entries(weights).filter(([name]) => name.startsWith('chat'));
const sum = parts.reduce((sum, [, weight]) => sum + weight, 0);
console.log(`At first ${weights['chat.js']}, with the conversations ${sum} bytes of gzip.`);
if (parts.length !== 2 || weights['chat.js'] > MOST_AT_FIRST || sum > MOST_GZIP) {
  console.error(`More than ${MOST_AT_FIRST}, or ${MOST_GZIP}.`);
  process.exit(1);
}
