import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectNothingRefused, hasBrowser, openConsole, startBrowser } from './browser.ts'
import { type Platform, startPlatform } from './platform.ts'

const basePath = '/warren'

/** A reverse proxy that shows the api below `/warren/` and nothing elsewhere; with `strips` the api does not see that path. */
async function startProxy(target: string, strips: boolean): Promise<Server> {
  const { hostname: host, port } = new URL(target)
  const pathOf = ({ url = '' }: IncomingMessage): string | undefined => {
    if (!url.startsWith(`${basePath}/`)) return undefined
    return strips ? url.slice(basePath.length) : url
  }
  const server = createServer((request, response) => {
    const path = pathOf(request)
    if (path === undefined) {
      response.writeHead(404).end('not below the path')
      return
    }
    const { method, headers } = request
    const onward = httpRequest({ host, port, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    response.on('close', () => onward.destroy())
    request.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

const urlOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}${basePath}`

let platform: Platform
let browser: Browser
const proxies: Server[] = []

beforeAll(async () => {
  platform = await startPlatform({ env: { WARREN_API__BASE_PATH: basePath } })
  if (hasBrowser) browser = await startBrowser()
})
afterEach(expectNothingRefused)
afterAll(async () => {
  await browser?.close()
  for (const proxy of proxies) {
    proxy.closeAllConnections()
    proxy.close()
  }
  await platform?.close()
})

async function showEveryPage(page: Page, url: string): Promise<void> {
  await openConsole(page, { url, password: platform.password })
  await page.getByRole('link', { name: hostname(), exact: true }).click({ timeout: 60_000 })
  await page.locator('[data-chart="CPU"] canvas').waitFor({ timeout: 60_000 })
  const menu = page.getByRole('navigation', { name: 'Pages' })
  for (const name of ['Hosts', 'Logs', 'Add data', 'Status']) {
    await menu.getByRole('link', { name, exact: true }).click()
    await page.getByRole('heading', { name, exact: true }).waitFor()
  }
  await page.getByRole('heading', { name: 'poller', exact: true }).waitFor()
  await page.goto(`${url}/#/logs`)
  await page.getByRole('switch', { name: 'Live tail' }).click()
  await page.getByText('Waiting for records').waitFor()
  // A reload finds the session and the page again.
  await page.goto(`${url}/#/status`)
  await page.reload()
  await page.getByRole('heading', { name: 'Status', exact: true }).waitFor()
}

describe.runIf(hasBrowser)('the console below /warren/', () => {
  it.each([
    ['strips the path', true],
    ['keeps the path', false],
  ] as const)('works behind a proxy that %s', async (_, strips) => {
    const proxy = await startProxy(platform.url, strips)
    proxies.push(proxy)
    const page = await browser.newPage()
    const outside: string[] = []
    page.on('response', (response) => {
      if (!response.url().startsWith(`${urlOf(proxy)}/`)) outside.push(response.url())
    })
    await showEveryPage(page, urlOf(proxy))
    expect(outside).toEqual([])
    await page.close()
  })
})
