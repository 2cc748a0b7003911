import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { Platform } from './platform.ts'

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

const refused: string[] = []

/** Throws what a browser has refused on pages of the console, by their content policy, since the last call. */
export function expectNothingRefused(): void {
  const [first] = refused.splice(0)
  if (first !== undefined) throw new Error(first)
}

/** Opens a page of the console, signed in as admin; the path is what follows `#`. */
export async function openConsole(
  page: Page,
  { url, password }: Pick<Platform, 'url' | 'password'>,
  path = '/hosts',
): Promise<Page> {
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text())
  })
  await page.goto(`${url}/#${path}`)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  return page
}
