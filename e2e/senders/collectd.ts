import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Daemon, startDaemon } from './child.ts'

/** collectd with the plugins load and memory every second, and what else the configuration says. */
export async function startCollectd(folder: string, configuration: string): Promise<Daemon> {
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'collectd.conf')
  await writeFile(
    file,
    `Hostname "collectd-host"
FQDNLookup false
BaseDir "${folder}"
PIDFile "${join(folder, 'collectd.pid')}"
TypesDB "/usr/share/collectd/types.db"
Interval 1
LoadPlugin logfile
<Plugin logfile>
  LogLevel info
  File STDERR
</Plugin>
LoadPlugin load
LoadPlugin memory
${configuration}
`,
  )
  return startDaemon(['collectd', '-f', '-C', file], folder)
}
