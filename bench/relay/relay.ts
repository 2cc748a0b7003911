import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHttpSender, type HttpSender } from '@warren/stores/http/sender'

/** A server that asks the store whose address is the first argument what it is asked, with our own sender, and does nothing else. It says its port on stdout. */
const [, , url = ''] = process.argv
const sender = createHttpSender({ url, headers: {}, timeoutMs: 30_000 })

async function passOn(asking: HttpSender, path: string, response: ServerResponse): Promise<void> {
  const { status, body } = await asking.send({ method: 'GET', path })
  response.writeHead(status, ['Content-Type', 'application/json', 'Content-Length', body.length])
  response.end(body)
}

const server = createServer((request, response) => {
  passOn(sender, request.url ?? '/', response).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    response.destroy()
  })
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
process.once('SIGTERM', () => process.exit(0))
