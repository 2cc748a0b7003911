import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** The loopback port of the last start if it is free, so that clients find a restarted server; else a free one, remembered in `dataDir/port`. */
export async function choosePort(dataDir: string): Promise<number> {
  const file = join(dataDir, 'port')
  const last = Number(await readFile(file, 'utf8').catch(() => '0'))
  const port = await listenOnce(last).catch(() => listenOnce(0))
  await writeFile(file, `${port}\n`)
  return port
}

async function listenOnce(port: number): Promise<number> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('BUG: a TCP port expected')
  return address.port
}
