import { defineConfig } from '@playwright/test'

/** Journeys in a real Chromium against the real server. Screenshots and traces of failures are in e2e/results. */
export default defineConfig({
  testDir: '.',
  outputDir: 'results',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  use: {
    ...(process.env['CHROME_BIN'] && { launchOptions: launchOptions(process.env['CHROME_BIN']) }),
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
})

function launchOptions(executablePath: string) {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
  // Chromium's own sandbox does not work for root, as in many containers.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return { executablePath, args: [...quiet, ...sandbox, '--disable-gpu', '--disable-quic'] }
}
