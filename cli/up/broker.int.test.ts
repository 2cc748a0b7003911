import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashPassword, tapUser } from '@warren/broker/users'
import { createLog } from '@warren/platform/log'
import { connect } from 'amqplib'
import { expect, onTestFinished, test } from 'vitest'
import { startPrivateBroker } from './broker.ts'

const log = createLog({ service: 'test', level: 'error', pretty: true })
log.silent = true

test('users of taps outlive the folder of the node, until they are removed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'warren-up-broker-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const start = () => startPrivateBroker({ folder, port: undefined, tls: undefined, log })
  const first = await start()
  onTestFinished(() => first.close())
  const user = tapUser({ name: 'tap-acme-a', passwordHash: hashPassword('p') }, 'tap.acme.a')
  await first.tapUsers?.put([user])
  expect(first.tapUsers?.names()).toEqual(['tap-acme-a'])
  await first.close()
  await rm(join(folder, 'node'), { recursive: true })

  const second = await start()
  onTestFinished(() => second.close())
  const address = second.outsideUrl.replace('://', '://tap-acme-a:p@')
  const connection = await connect(address)
  const closed = new Promise((resolve) => connection.on('close', resolve))
  connection.on('error', () => undefined)
  await second.tapUsers?.remove('tap-acme-a')
  await closed
  await second.tapUsers?.remove('tap-acme-a')
  await expect(connect(address)).rejects.toThrow()
  expect(second.tapUsers?.names()).toEqual([])
})
