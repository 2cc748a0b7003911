import { randomUUID } from 'node:crypto'
import { appendFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { expectNothingRefused, hasBrowser, openConsole, startBrowser } from './browser.ts'
import { eventually } from './client.ts'
import { type Platform, startPlatform } from './platform.ts'

let platform: Platform
let folder: string
let file: string

beforeAll(async () => {
  folder = await makeTempDir('tailed')
  file = join(folder, 'app.log')
  await writeFile(file, '')
  const tail = [{ paths: [join(folder, '*.log')], dataset: 'app', service: 'shop' }]
  platform = await startPlatform({ env: { WARREN_AGENT__TAIL: JSON.stringify(tail) } })
})
afterEach(expectNothingRefused)
afterAll(async () => {
  await platform?.close()
  await removeTempDir(folder)
})

const find = (word: string) =>
  platform.client.search({
    size: 10,
    query: { bool: { filter: [{ query_string: { analyze_wildcard: true, query: `"${word}"` } }] } },
  })

const untilFound = (word: string, deadlineMs: number) =>
  eventually(async () => {
    const [hit] = (await find(word)).hits.hits
    return hit
  }, deadlineMs)

it('finds an appended line through _msearch within 5 s', async () => {
  // The agent itself comes up a moment after the api, and leaves what the file held before.
  await eventually(async () => {
    await appendFile(file, `agent ready ${randomUUID()}\n`)
    return (await find('agent ready')).hits.total.value > 0 ? true : undefined
  }, 30_000)
  const word = randomUUID()
  await appendFile(file, `2026-01-01T00:00:00Z ERROR payment ${word} refused\n`)
  const hit = await untilFound(word, 5000)
  expect(hit._source).toMatchObject({
    'log.file.path': file,
    'service.name': 'shop',
    'event.dataset': 'app',
  })
})

it('loses no line when the file is renamed', async () => {
  const words = Array.from({ length: 40 }, () => randomUUID())
  for (const [index, word] of words.entries()) {
    await appendFile(file, `line ${word}\n`)
    if (index % 10 !== 9) continue
    // As logrotate does: the name it gets is none that is followed, and the next file is there a moment later.
    await rename(file, join(folder, `app.log.${index}`))
    await appendFile(file, `after rotation ${index}\n`)
    await untilFound(`after rotation ${index}`, 15_000)
  }
  for (const word of words) await untilFound(word, 15_000)
})

it.runIf(hasBrowser)('finds it in the console within 5 s', async () => {
  const browser = await startBrowser()
  const page = await browser.newPage()
  await openConsole(page, platform, '/logs?range=15m')
  const word = randomUUID()
  await page.getByLabel('Search').fill(`"${word}"`)
  await page.getByRole('button', { name: 'Search' }).click()
  await page.getByText('No records match in this range').waitFor()
  await appendFile(file, `console ${word}\n`)
  // The page asks again every five seconds.
  await page.getByTestId('records').getByText(word).waitFor({ timeout: 10_000 })
  await browser.close()
})

it.runIf(hasBrowser)('shows it in the live tail', async () => {
  const browser = await startBrowser()
  const page = await browser.newPage()
  await openConsole(page, platform, '/logs')
  await page.getByRole('switch', { name: 'Live tail' }).click()
  await page.getByText('Waiting for records').waitFor()
  await page.waitForTimeout(1500)
  const word = randomUUID()
  await appendFile(file, `tail ${word}\n`)
  await page.getByTestId('records').getByText(word).waitFor({ timeout: 5000 })
  await browser.close()
})
