import { hostname } from 'node:os'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectNothingRefused, hasBrowser, openConsole, startBrowser } from './browser.ts'
import { eventually } from './client.ts'
import { type Platform, startPlatform } from './platform.ts'
import { makeSender, publishAll } from './publisher.ts'

const hostCount = 2000

let platform: Platform
let browser: Browser

beforeAll(async () => {
  platform = await startPlatform()
  if (hasBrowser) browser = await startBrowser()
})
afterEach(expectNothingRefused)
afterAll(async () => {
  await browser?.close()
  await platform?.close()
})

const open = async (path?: string): Promise<Page> =>
  openConsole(await browser.newPage(), platform, path)

/** One reading of every host, and two lines that cannot be stored. */
async function publishHosts(): Promise<void> {
  const url = await makeSender(platform.client, 'many-hosts')
  const now = `${Date.now()}000000`
  const lines = Array.from(
    { length: hostCount },
    (_, index) => `mem,host=web-${index} used_percent=${(index * 100) / hostCount} ${now}`,
  )
  const body = Buffer.from([...lines, 'no fields', `mem,host=x used_percent= ${now}`].join('\n'))
  await publishAll(url, [{ exchange: 'warren.metrics', key: 'default.-.test', body }])
}

describe.runIf(hasBrowser)('the console', () => {
  it('sorts and filters thousands of hosts, and keeps both in the address', async () => {
    await publishHosts()
    const page = await open()
    await page.getByText(/2,00[01] hosts/).waitFor({ timeout: 60_000 })
    // Only those in view are drawn.
    expect(await page.locator('tbody tr').count()).toBeLessThan(100)
    await page.getByRole('button', { name: 'Memory' }).click()
    await page.getByRole('columnheader', { name: 'Memory', exact: false }).waitFor()
    await expectFirst(page, `web-${hostCount - 1}`)
    await page.getByLabel('Filter hosts').fill('WEB-12')
    await expectFirst(page, 'web-1299')
    expect(page.url()).toContain('sort=-memory')
    await page.reload()
    await expectFirst(page, 'web-1299')
    await page.getByLabel('Filter hosts').fill('nothing like it')
    await page.getByText('No host matches').waitFor()
    await page.close()
  })

  it('zooms charts by dragging, and leads back', async () => {
    const page = await open(`/hosts/${hostname()}?range=5m`)
    const chart = page.locator('[data-chart="CPU"] .u-over')
    await chart.waitFor({ timeout: 60_000 })
    const box = await chart.boundingBox()
    if (box === null) throw new Error('the chart is not shown')
    await page.mouse.move(box.x + box.width / 2, box.y + 40)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width - 5, box.y + 45, { steps: 5 })
    await page.mouse.up()
    await page.waitForURL(/from=\d+&to=\d+/)
    await page.getByRole('button', { name: 'back to the last 5m' }).click()
    await page.waitForURL((url) => !url.hash.includes('from='))
    // One step in the history for one drag.
    await page.goBack()
    await page.waitForURL(/from=\d+&to=\d+/)
    await page.goBack()
    await page.waitForURL((url) => !url.hash.includes('from='))
    await page.close()
  })

  it('shows what its own queries cost, and why one was refused', async () => {
    const page = await open('/queries')
    await page.getByRole('row', { name: /^In all \d/ }).waitFor({ timeout: 30_000 })
    const path = 'gateway/influxdb/query?db=warren&q=DROP%20MEASUREMENT%20cpu'
    const id = await page.evaluate(async (url) => {
      const answer = await fetch(url, { headers: { 'x-warren-console': '1' } })
      return answer.headers.get('x-request-id')
    }, path)
    // As a panel shows it.
    await page.getByLabel('Request id').fill(`not authorized to do that (request ${id})`)
    await page.getByLabel('Request id').press('Enter')
    await page
      .getByRole('article', { name: `Request ${id}` })
      .getByText('refused')
      .waitFor()
    await page.getByRole('button', { name: 'All queries' }).click()
    await page.getByText('Refused or failed last').waitFor()
    await page.close()
  })

  it('lists dead letters with the reason, filtered by the address', async () => {
    const page = await open('/status')
    await page.getByRole('link', { name: 'Dead letters: 2' }).click({ timeout: 30_000 })
    await page.getByText('no fields', { exact: true }).waitFor()
    expect(await page.getByRole('article').count()).toBe(2)
    await page.getByLabel('Reason').fill('nothing like it')
    await page.getByLabel('Reason').press('Enter')
    await page.getByText('No dead letter is of this kind').waitFor()
    expect(page.url()).toContain('text=nothing')
    await page.close()
  })

  it('edits a dead letter, sends it again, and shows the one that comes back', async () => {
    const page = await open('/dead-letters')
    const card = page.getByRole('article').filter({ hasText: 'no fields' })
    await card.getByRole('link', { name: 'Open' }).click()
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Content').fill(`mem,host=edited used_percent=5 ${Date.now()}000000`)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('by admin').waitFor()
    await page.goBack()
    await page.getByRole('button', { name: 'Replay all that match' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click()
    await page.getByText('Replayed: 2 of 2 sent').waitFor({ timeout: 30_000 })
    await page.getByRole('link', { name: '1 came back' }).click({ timeout: 30_000 })
    await page.getByRole('article').getByText('2 times').waitFor({ timeout: 30_000 })
    const [series] = await eventually(async () => {
      const found = await platform.client.query(
        "SELECT used_percent FROM mem WHERE host = 'edited'",
      )
      return found.length > 0 ? found : undefined
    }, 30_000)
    expect(series?.values).toHaveLength(1)
    await page.getByRole('button', { name: 'Delete all that match' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('No dead letter is of this kind').waitFor({ timeout: 30_000 })
    await page.close()
  })

  it('says that a password is wrong', async () => {
    const page = await browser.newPage()
    await openConsole(page, { ...platform, password: 'not it' })
    await page
      .getByRole('alert')
      .getByText(/password/)
      .waitFor()
    await page.close()
  })

  it('asks to sign in again when the session has ended, and goes on where it was', async () => {
    const page = await open('/status')
    await page.getByRole('heading', { name: 'Status', exact: true }).waitFor()
    await page.context().clearCookies()
    await page.getByText('Your session has ended').waitFor({ timeout: 20_000 })
    await page.getByRole('textbox', { name: 'Password' }).fill(platform.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Status', exact: true }).waitFor()
    await page.close()
  })

  it('says so when Warren is away, keeps what it showed, and recovers', async () => {
    const page = await open(`/hosts/${hostname()}`)
    await page.locator('[data-chart="CPU"] canvas').waitFor({ timeout: 60_000 })
    await platform.kill()
    await page.getByText('What is shown may be old').waitFor({ timeout: 20_000 })
    expect(await page.locator('[data-chart="CPU"] canvas').count()).toBe(1)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are still signed in').waitFor()
    await platform.start()
    await eventually(
      async () =>
        (await page.getByText('What is shown may be old').count()) === 0 ? true : undefined,
      30_000,
    )
    await page.close()
  })
})

const expectFirst = (page: Page, host: string): Promise<true> =>
  eventually(async () => {
    const first = await page.locator('tbody tr td a').first().innerText()
    return first === host ? true : undefined
  }, 10_000)
