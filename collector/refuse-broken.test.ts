import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { silentLog } from '@warren/platform/log.testing'
import express from 'express'
import { expect, it, onTestFinished } from 'vitest'
import { refuseBroken } from './refuse-broken.ts'

/** What is answered to a request whose body does not come, until the connection is closed. */
async function answerTo(path: string): Promise<string> {
  const app = express()
  app.post('/:index/_bulk', () => {
    throw new Error('a slip')
  })
  app.use(refuseBroken({ log: silentLog() }))
  const server = createServer(app).listen(0)
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  let answer = ''
  socket.on('data', (bytes) => {
    answer += bytes
  })
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n`)
  await once(socket, 'close')
  return answer
}

it('lets a request go at once whose path cannot be decoded, whatever of its body is to come', async () => {
  const answer = await answerTo('/%E0%A4%A/_bulk')
  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  expect(answer).toContain('the path cannot be decoded')
})

it('shows nothing of what went wrong inside', async () => {
  const answer = await answerTo('/a/_bulk')
  expect(answer).toMatch(/^HTTP\/1\.1 500 /)
  expect(answer).not.toMatch(/slip| at /)
})
