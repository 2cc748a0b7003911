import { hostname } from 'node:os'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectNothingRefused, hasBrowser, openConsole, startBrowser } from './browser.ts'
import { eventually } from './client.ts'
import { type Platform, startPlatform } from './platform.ts'

const screenshot = new URL('../docs/screenshot.png', import.meta.url).pathname

let platform: Platform
let browser: Browser
const startedMs = performance.now()

beforeAll(async () => {
  platform = await startPlatform()
  if (hasBrowser) browser = await startBrowser()
})
afterEach(expectNothingRefused)
afterAll(async () => {
  await browser?.close()
  await platform?.close()
})

async function signIn(): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: 1360, height: 900 },
    colorScheme: 'dark',
  })
  return openConsole(page, platform)
}

describe.runIf(hasBrowser)('npm start, in a browser', () => {
  it("shows this host's CPU", async () => {
    const page = await signIn()
    await page.getByRole('link', { name: hostname(), exact: true }).click({ timeout: 60_000 })
    const chart = page.locator('[data-chart="CPU"] canvas')
    await chart.waitFor({ timeout: 60_000 })
    const seconds = (performance.now() - startedMs) / 1000
    process.stdout.write(`first CPU chart ${seconds.toFixed(1)} s after npm start\n`)
    // The measured goal is 20 s on an idle machine; a busy one gets some more.
    expect(seconds).toBeLessThan(60)
    if (process.env['WARREN_TEST_SCREENSHOT'] !== undefined) {
      await page.goto(`${page.url()}?range=5m`)
      await page.waitForTimeout(250_000)
      await page.screenshot({ path: screenshot })
    }
    await page.close()
  })

  it('loads nothing from elsewhere and reports no error', async () => {
    const page = await browser.newPage()
    const foreign: string[] = []
    const errors: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith(platform.url) && !request.url().startsWith('data:'))
        foreign.push(request.url())
    })
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => {
      // A first visit asks who is signed in, and the answer is 401.
      if (message.type() === 'error' && !message.text().includes('401')) errors.push(message.text())
    })
    await openConsole(page, platform)
    const menu = page.getByRole('navigation', { name: 'Pages' })
    for (const name of ['Hosts', 'Logs', 'Queries', 'Add data', 'Tokens', 'Status']) {
      await menu.getByRole('link', { name, exact: true }).click()
      await page.getByRole('heading', { name, exact: true }).waitFor()
      await page.waitForTimeout(500)
    }
    expect(foreign).toEqual([])
    expect(errors).toEqual([])
    await page.close()
  })

  it('shows every part green', async () => {
    const page = await signIn()
    await page.getByRole('link', { name: 'Status', exact: true }).click()
    await page.getByRole('heading', { name: 'poller', exact: true }).waitFor()
    await eventually(async () => {
      const states = page.locator('[data-state]')
      const all = await states.count()
      const green = await page.locator('[data-state="green"]').count()
      return all > 10 && green === all ? true : undefined
    }, 30_000)
    await page.close()
  })
})

it("answers this host's CPU through the gateway", async () => {
  const series = await eventually(async () => {
    const found = await platform.client.query(
      `SELECT mean("usage_idle") FROM "cpu" WHERE "cpu" = 'cpu-total' AND time > now() - 5m GROUP BY time(10s), "host" fill(none)`,
    )
    return found[0]
  }, 60_000)
  expect(series.tags).toEqual({ host: hostname() })
  expect(series.values[0]?.[1]).toBeGreaterThanOrEqual(0)
  expect(series.values[0]?.[1]).toBeLessThanOrEqual(100)
})
