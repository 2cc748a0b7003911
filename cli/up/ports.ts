import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { ExitError } from '../exit-error.ts'

interface Address {
  readonly host: string
  /** 0 asks for a free one. */
  readonly port: number
}

/** Resolves with the port when it can be listened on now. */
function probe({ host, port }: Address): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, host, () => {
      const { port: bound } = server.address() as AddressInfo
      server.close(() => resolve(bound))
    })
  })
}

/** Fails with one line, before anything starts, when a port that was asked for is not to be had. */
export async function claimPort(address: Address, variable: string): Promise<number> {
  try {
    return await probe(address)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    const why =
      code === 'EADDRINUSE'
        ? 'is taken by another program'
        : code === 'EACCES'
          ? 'needs more rights'
          : `cannot be listened on (${code})`
    throw new ExitError(
      'portTaken',
      `port ${address.port} on ${address.host} ${why}: set ${variable} to another one`,
    )
  }
}

function readPort(file: string): number | undefined {
  try {
    const port = Number(readFileSync(file, 'utf8'))
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined
  } catch {
    return undefined
  }
}

/** The port of an earlier start when it is still free, else a free one, remembered for the next start. */
export async function rememberedPort(file: string, host: string): Promise<number> {
  const earlier = readPort(file)
  const port =
    (earlier === undefined
      ? undefined
      : await probe({ host, port: earlier }).catch(() => undefined)) ??
    (await probe({ host, port: 0 }))
  if (port !== earlier) writeFileSync(file, `${port}\n`, { mode: 0o600 })
  return port
}
