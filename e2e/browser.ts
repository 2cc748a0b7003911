import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const executable = process.env['WARREN_TEST_CHROMIUM'] ?? '/usr/bin/chromium'

/** Whether a browser is installed; CI has one. */
export const hasBrowser = existsSync(executable)

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: executable,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
