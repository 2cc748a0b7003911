import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DeadLetter } from '@warren/contracts/dead-letter'
import type { Catalog } from './catalog.ts'
import { defaultDeadLetterLimits } from './dead-letter-room.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { openCatalog } from './open.ts'

/** A catalog on a PostgreSQL of its own, empty, behind a connection that a test can cut. */
export interface TestCatalog {
  readonly catalog: Catalog
  /** Through the same connection. */
  readonly url: string
  /** The server is away: open connections end, new ones are cut at once. */
  cut(): void
  mend(): void
  /** The first thousand of each tenant, newest first. */
  lettersOf(...tenants: readonly string[]): Promise<readonly DeadLetter[]>
  close(): Promise<void>
}

interface Link {
  readonly port: number
  cut(): void
  mend(): void
  close(): void
}

async function openLink(target: number): Promise<Link> {
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((client) => {
    if (isCut) return void client.destroy()
    const onward = connect(target, '127.0.0.1')
    for (const [socket, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    isCut = true
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    mend: () => {
      isCut = false
    },
    close: () => {
      cut()
      server.close()
    },
  }
}

export async function openTestCatalog(
  tenants: readonly string[] = [],
  deadLetterLimits = defaultDeadLetterLimits,
): Promise<TestCatalog> {
  const folder = await mkdtemp(join(tmpdir(), 'warren-catalog-'))
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'catalog') })
  const address = new URL(server.url)
  const link = await openLink(Number(address.port))
  address.port = String(link.port)
  const catalog = await openCatalog({ url: address.href, deadLetterLimits })
  for (const tenant of tenants) await catalog.tenants.ensure(tenant)
  return {
    catalog,
    url: address.href,
    cut: link.cut,
    mend: link.mend,
    lettersOf: async (...asked) => {
      const page = { limit: 1000, cursor: undefined }
      const lists = asked.map((tenant) => catalog.deadLetters.list({ tenant }, page))
      return (await Promise.all(lists)).flatMap(({ items }) => items)
    },
    close: async () => {
      await catalog.close()
      link.close()
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
