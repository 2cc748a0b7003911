import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type ConnectionLoss, createConnections } from './connections.ts'

const minuteMs = 60_000

/** Connections whose messages are lines, on a real port; of lines that begin with `!` the sender has to wait. */
async function open(max = 10) {
  const lost: ConnectionLoss[] = []
  const connections = createConnections({ max, lost: (reason) => lost.push(reason) })
  const server = createServer((socket) => {
    let text = ''
    connections.add(socket, {
      push: (chunk) => {
        text = (text + chunk.toString()).replace(/^.*\n/s, '')
      },
      end: () => undefined,
      get isIncomplete() {
        return text !== ''
      },
      takeWaitMs: () => (text.startsWith('!') ? 30 * minuteMs : 0),
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  onTestFinished(() => {
    connections.closeAll()
    server.close()
  })
  const dial = async (text = ''): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    onTestFinished(() => void socket.destroy())
    await once(socket, 'connect')
    const chunks = connections.chunks
    if (text !== '') {
      socket.write(text)
      await expect.poll(() => connections.chunks).toBeGreaterThan(chunks)
    }
    return socket
  }
  return { connections, dial, lost }
}

test('a message that is left unfinished for a minute ends its connection; silence does not, nor a wait that is ours', async () => {
  const { connections, dial, lost } = await open()
  const unfinished = await dial('whole\nhal')
  await dial('whole\n')
  await dial('!half')
  const ended = once(unfinished, 'close')
  connections.sweep(Date.now() + minuteMs - 1000)
  expect(connections.size).toBe(3)
  connections.sweep(Date.now() + minuteMs + 1000)
  await ended
  await expect.poll(() => lost).toEqual(['incomplete'])
  expect(connections.size).toBe(2)
})
