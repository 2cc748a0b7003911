import { expect, it } from 'vitest'
import { dropsIn } from './kernel-drops.ts'

const head =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops             \n'
const row = (local: string, drops: number) =>
  `  123: ${local} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 22161 2 0000000000000000 ${drops}        \n`

it('finds the drops of a socket by its address', () => {
  const table = `${head}${row('0100007F:1F85', 7)}${row('00000000:1F85', 3)}${row('0100007F:1F86', 1)}`
  expect(dropsIn(table, { address: '127.0.0.1', port: 8069 })).toBe(7)
  expect(dropsIn(table, { address: '0.0.0.0', port: 8069 })).toBe(3)
  expect(dropsIn(table, { address: '127.0.0.2', port: 8069 })).toBeUndefined()
})

it('finds those of IPv6', () => {
  const loopback = '00000000000000000000000001000000:1F85'
  const documented = 'B80D0120000000000000000001000000:1F85'
  const table = `${head}${row(loopback, 2)}${row(documented, 5)}`
  expect(dropsIn(table, { address: '::1', port: 8069 })).toBe(2)
  expect(dropsIn(table, { address: '2001:db8::1', port: 8069 })).toBe(5)
})
