import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Recorded {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Recorder {
  readonly url: string
  readonly requests: Recorded[]
  /** What the next requests are answered with. */
  answer: (response: ServerResponse) => void
  close(): Promise<void>
}

/** Takes the place of an InfluxDB 2 or 3, which cannot be run here: keeps what it is asked, byte for byte, and answers what it is told to. */
export async function startRecorder(): Promise<Recorder> {
  const requests: Recorded[] = []
  const record = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const { method = '', url = '', headers } = request
    requests.push({ method, url, headers, body: Buffer.concat(parts).toString() })
    recorder.answer(response)
  }
  const server = createServer((...given) => void record(...given)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const recorder: Recorder = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (response) => response.end(),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return recorder
}
