import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exchanges } from '@warren/contracts/topology'
import { WarrenError } from '@warren/platform/errors'
import { silentLog } from '@warren/platform/log.testing'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { openOutbox } from './outbox.ts'

const log = silentLog()

test('the health says why a message waits as soon as it does, not once it was tried again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'warren-outbox-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  let tries = 0
  const again = Promise.withResolvers<void>()
  const publish = (): Promise<void> => {
    tries += 1
    return tries === 1
      ? Promise.reject(new WarrenError('it is full', { code: 'nacked', disposition: 'retry' }))
      : again.promise
  }
  const openPublisher = () => ({
    ...{ publish, inFlightBytes: 0 },
    close: async () => undefined,
  })
  const registry = new Registry()
  const outbox = await openOutbox({ folder, maxBytes: 1024 ** 2, openPublisher, log, registry })
  expect(outbox.reservation).toBeUndefined()
  await outbox.from('influx').publish({
    ...{ exchange: exchanges.metrics, key: 'default.host', body: Buffer.from('m v=1') },
    ...{ messageId: '1', contentType: undefined },
  })
  expect(outbox.reservation).toContain('it is full')
  again.resolve()
  await outbox.close()
})

test('the health says that a message found no place on disk either, until one does', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'warren-outbox-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  let isTaken = false
  const publish = async () => {
    if (!isTaken) throw new WarrenError('it is full', { code: 'nacked', disposition: 'retry' })
  }
  const openPublisher = () => ({ publish, inFlightBytes: 0, close: async () => undefined })
  const registry = new Registry()
  const outbox = await openOutbox({ folder, maxBytes: 8, openPublisher, log, registry })
  const send = () =>
    outbox.from('influx').publish({
      ...{ exchange: exchanges.metrics, key: 'default.host', body: Buffer.from('m v=1') },
      ...{ messageId: '1', contentType: undefined },
    })
  await expect(send()).rejects.toMatchObject({ code: 'spool_full' })
  expect(outbox.reservation).toMatch(/^metrics are refused: .*full/)
  isTaken = true
  await send()
  expect(outbox.reservation).toBeUndefined()
  await outbox.close()
})

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
