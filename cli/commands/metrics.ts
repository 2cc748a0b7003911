import { metricMetadataListSchema } from '@warren/contracts/http/metric-metadata'
import { exitCodes } from '@warren/platform/exit-codes'
import type { Command } from 'commander'
import { createApiClient } from '../api/client.ts'
import { type ApiOptions, findApi, withApiOptions } from '../api/config.ts'
import { ending, print, toShown } from '../terminal.ts'

async function describe(
  measurement: string | undefined,
  options: ApiOptions & { json: boolean },
): Promise<number> {
  const client = createApiClient(findApi(options))
  let cursor: string | undefined
  do {
    const page = await client.read(metricMetadataListSchema, {
      path: '/api/v1/metric-metadata',
      query: { measurement, cursor, limit: '1000' },
    })
    for (const item of page.items) {
      const { field, unit = '-', mtype = '-', what = '' } = item
      const text = `${item.measurement}  ${field}  ${unit}  ${mtype}  ${what}`
      print(options.json ? JSON.stringify(item) : toShown(text).trimEnd())
    }
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return exitCodes.ok
}

/** `warren metrics describe` */
export function addMetrics(program: Command): void {
  const command = program.command('metrics').description('what is known of metrics')
  withApiOptions(command.command('describe [measurement]'))
    .description('unit, kind and meaning of fields')
    .option('--json', 'one JSON object a line', false)
    .action(ending(describe))
}
