import { type Cutter, startCutter, through } from '@warren/test-servers/cutter'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { type ChannelModel, connect } from 'amqplib'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { closeSurely } from './close-surely.ts'

let server: TestRabbitmq
let cutter: Cutter
beforeAll(async () => {
  server = await startRabbitmq({ queues: false })
  return () => server.close()
})
beforeEach(async () => {
  cutter = await startCutter(server.amqpPort)
  return () => cutter.close()
})

async function open(): Promise<ChannelModel> {
  const model = await connect(through(server.url, cutter))
  model.on('error', () => undefined)
  return model
}

test('a channel whose connection is cut in the midst of its close counts as closed', async () => {
  const channel = await (await open()).createChannel()
  cutter.cut()
  await closeSurely(channel)
  await expect(channel.close()).rejects.toThrow('Channel closed')
})

test('a connection that is cut in the midst of its close counts as closed', async () => {
  const model = await open()
  cutter.cut()
  await closeSurely(model)
  await expect(model.createChannel()).rejects.toThrow('Connection closed')
})

test('what is closed already is fine', async () => {
  const model = await open()
  const channel = await model.createChannel()
  await closeSurely(channel)
  await closeSurely(channel)
  await closeSurely(model)
  await closeSurely(model)
})
