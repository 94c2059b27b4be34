/**
 * Builds `dist/`: the ES modules, their types, and each module compressed ahead as `.gz` and `.br`.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, transformSync } from 'esbuild';
import { minify } from 'terser';

/** The widget with everything must not weigh more than this over the wire. */
const MOST_GZIP = 35_000;

/** Names of properties between lit-html and the elements, and of nobody else. */
const INTERNAL =
  /^(_\$\w+|willUpdate|requestUpdate|renderRoot|hasUpdated|onClient|dragging|lightbox|flash|news|draft|problem|sure|words|ever|following|live|below|above|bring|toEnd|estimate|onScroll|renewable|canNotify|allowNotify|newDay|joins|onFrame|onStatus|renew|restart|newAfter|onChange|measure)$/;

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
await build({
  ...common,
  entryPoints: { chat: 'src/chat.js' },
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

for (const name of readdirSync('dist').filter((name) => name.endsWith('.js'))) {
  // What esbuild leaves long.
  const { code } = await minify(readFileSync(`dist/${name}`, 'utf8'), {
    module: true,
    ecma: 2020,
    compress: { passes: 3, pure_getters: true, keep_fargs: false },
    mangle: { properties: { regex: INTERNAL } },
  });
  writeFileSync(`dist/${name}`, String(code));
  const bytes = Buffer.from(String(code));
  const gzip = gzipSync(bytes, { level: 9 });
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  writeFileSync(`dist/${name}.gz`, gzip);
  writeFileSync(`dist/${name}.br`, brotli);
  console.log(`${name}: ${bytes.length} bytes, gzip ${gzip.length}, brotli ${brotli.length}`);
  if (name === 'chat.js' && gzip.length > MOST_GZIP) {
    console.error(`chat.js is larger than ${MOST_GZIP} bytes.`);
    process.exit(1);
  }
}
