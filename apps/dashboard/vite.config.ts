import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** A running Vedetta server to develop against: `npm run dev -w @vedetta/dashboard`. */
const server = process.env.VEDETTA_DEV_SERVER ?? 'http://127.0.0.1:8080';

// A build is for use, also when a test runner (NODE_ENV=test) starts it: React's other build is twice the size.
if (process.argv.includes('build')) process.env.NODE_ENV = 'production';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  // Packages of this repository are taken from their sources, so that the page builds before they do.
  resolve: {
    conditions: ['vedetta-source', 'module', 'browser', 'development|production'],
    // The editor's completion names an older grammar than the parser here; one of them is enough.
    dedupe: ['@prometheus-io/lezer-promql'],
  },
  build: {
    target: 'es2022',
    // The tokens are written with light-dark().
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The content security policy allows no data: scripts or styles, and small assets are cached better as files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { host: '127.0.0.1', port: 5173, proxy: { '/api': server, '/v1': server, '/prometheus': server } },
});
