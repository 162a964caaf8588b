import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { emojiData } from './emoji/emoji-data-plugin.ts'

const backend = 'http://localhost:9000'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), tailwindcss(), emojiData()],
  server: {
    proxy: {
      '/api': backend,
      // The doors of the real-time layer, and not the source files of the folder `connection`.
      '^/connection/\\w+$': { target: backend, ws: true },
      '/emulation': backend,
    },
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsDir: 'assets',
    sourcemap: false,
    // The Content-Security-Policy knows no `data:` for fonts and scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
  },
  test: {
    environment: 'jsdom',
    include: ['**/*.test.{ts,tsx}'],
    setupFiles: ['testing/setup.ts'],
    testTimeout: 20_000,
    restoreMocks: true,
  },
})
