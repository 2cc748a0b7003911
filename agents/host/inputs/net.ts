import { z } from 'zod'
import { createKernelFile, readKernelFile, rowsOf } from '../kernel-file.ts'
import { defineInput, type Sink } from './input.ts'

/** `IFF_UP`, `IFF_LOOPBACK` of https://man7.org/linux/man-pages/man7/netdevice.7.html */
const up = 0x1
const loopback = 0x8

/** Up and not the loopback, as Telegraf chooses when no interface is named. */
function isCounted(sysDir: string, name: string): boolean {
  const flags = Number(readKernelFile(`${sysDir}/class/net/${name}/flags`) ?? 0)
  return (flags & up) !== 0 && (flags & loopback) === 0
}

/** Megabits a second; -1 where the driver does not say. */
const speedOf = (sysDir: string, name: string): number =>
  Number(readKernelFile(`${sysDir}/class/net/${name}/speed`)?.trim() || -1)

function addInterfaces(sink: Sink, text: string, sysDir: string): void {
  for (const line of text.split('\n').slice(2)) {
    const colon = line.lastIndexOf(':')
    const name = line.slice(0, Math.max(0, colon)).trim()
    if (name === '' || !isCounted(sysDir, name)) continue
    const at = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
      .map(Number)
    sink.add(
      'net',
      { interface: name },
      {
        bytes_recv: at[0],
        packets_recv: at[1],
        err_in: at[2],
        drop_in: at[3],
        bytes_sent: at[8],
        packets_sent: at[9],
        err_out: at[10],
        drop_out: at[11],
        speed: speedOf(sysDir, name),
      },
    )
  }
}

/** Rows come in pairs of names and values: `Tcp: RtoAlgorithm …`, `Tcp: 1 …`. */
function addProtocols(sink: Sink, text: string): void {
  const rows = rowsOf(text)
  const fields: Record<string, number> = {}
  for (let row = 0; row + 1 < rows.length; row += 2) {
    const names = rows[row] ?? []
    const protocol = names[0]?.replace(':', '').toLowerCase()
    for (let column = 1; column < names.length; column += 1)
      fields[`${protocol}_${names[column]?.toLowerCase()}`] = Number(rows[row + 1]?.[column])
  }
  sink.add('net', { interface: 'all' }, fields)
}

export const net = defineInput({
  type: 'net',
  settings: z.strictObject({
    protocols: z.boolean().default(true).describe('Counters of ip, tcp and udp too.'),
  }),
  create: ({ protocols }, { procDir, sysDir }) => {
    const dev = createKernelFile(`${procDir}/net/dev`)
    const snmp = createKernelFile(`${procDir}/net/snmp`)
    return {
      collect: (sink) => {
        addInterfaces(sink, dev.read(), sysDir)
        if (protocols) addProtocols(sink, snmp.read())
      },
      close: () => {
        dev.close()
        snmp.close()
      },
    }
  },
})
