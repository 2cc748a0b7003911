import type { PointBatch } from '@warren/stores/metrics/metric-store'

/** The lines as a store gets them, with the tag that the poller stamps. */
export function batchOf(tenant: string, lines: readonly string[]): PointBatch {
  const stamped = lines.map((line) => Buffer.from(`${stamp(line, tenant)}\n`))
  const starts = new Uint32Array(stamped.length + 1)
  for (const [index, line] of stamped.entries())
    starts[index + 1] = (starts[index] ?? 0) + line.length
  return { tenant, bytes: new Uint8Array(Buffer.concat(stamped)), starts }
}

/** After the key: at the first space that is not escaped. */
const stamp = (line: string, tenant: string): string =>
  line.replace(/^((?:\\.|[^\\ ])*) /, (_, key: string) => `${key},tenant=${tenant} `)
