import { WarrenError } from '@warren/platform/errors'

export interface ListenAddress {
  readonly host: string
  readonly port: number
}

const words: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken by another program',
  EACCES: 'needs more rights',
  EADDRNOTAVAIL: 'is no address of this machine',
}

/** Says in one line why a socket could not be opened. */
export function listenError(
  error: unknown,
  { host, port }: ListenAddress,
  transport: string,
): WarrenError {
  const { code = '', message } = error as NodeJS.ErrnoException
  const why = words[code] ?? `cannot be listened on (${code || message})`
  return new WarrenError(`${transport} port ${port} on ${host} ${why}`, {
    code: code === 'EADDRINUSE' ? 'port_taken' : 'listen_failed',
    disposition: 'retry',
    cause: error,
  })
}
