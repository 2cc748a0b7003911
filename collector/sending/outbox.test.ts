import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@warren/platform/log'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { openOutbox } from './outbox.ts'

const log = createLog({ service: 'test', level: 'error', pretty: true })
log.silent = true

test('a second one on the same folder is refused until the first is closed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'warren-outbox-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const openPublisher = () => ({
    publish: async () => undefined,
    inFlightBytes: 0,
    close: async () => undefined,
  })
  const open = () =>
    openOutbox({ folder, maxBytes: 1024 ** 2, openPublisher, log, registry: new Registry() })
  const first = await open()
  await expect(open()).rejects.toMatchObject({ code: 'folder_taken' })
  await first.close()
  await (await open()).close()
})
