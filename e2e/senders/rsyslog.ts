import { createSocket } from 'node:dgram'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '@warren/test-servers/free-port'
import { type Daemon, startDaemon } from './child.ts'

export interface Rsyslog extends Daemon {
  /** Gives it messages of RFC 3164 to forward, as a program on its host would. */
  say(lines: readonly string[]): Promise<void>
}

/** rsyslogd that takes messages on a port of its own and has these actions for them. */
export async function startRsyslog(folder: string, actions: string): Promise<Rsyslog> {
  await mkdir(folder, { recursive: true })
  const port = await freePort()
  const file = join(folder, 'rsyslog.conf')
  await writeFile(
    file,
    `global(workDirectory="${folder}" localHostname="rsyslog-host")
module(load="imudp")
input(type="imudp" address="127.0.0.1" port="${port}")
${actions}
`,
  )
  const pidFile = join(folder, 'rsyslogd.pid')
  const daemon = await startDaemon(['rsyslogd', '-n', '-f', file, '-i', pidFile], folder)
  return {
    ...daemon,
    say: async (lines) => {
      const socket = createSocket('udp4')
      for (const line of lines)
        await new Promise<void>((resolve, reject) =>
          socket.send(line, port, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
        )
      socket.close()
    },
  }
}
