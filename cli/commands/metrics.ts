import { metricMetadataListSchema } from '@warren/contracts/http/metric-metadata'
import type { MetricMetadata } from '@warren/contracts/metric-metadata'
import { exitCodes } from '@warren/platform/exit-codes'
import type { Command } from 'commander'
import { createApiClient } from '../api/client.ts'
import { type ApiOptions, findApi, withApiOptions } from '../api/config.ts'
import { printList } from '../print-list.ts'
import { ending, toShown } from '../terminal.ts'

const columns = 'measurement  field  unit  kind  meaning'

function lineOf({ measurement, field, unit, mtype, what }: MetricMetadata): string {
  const text = `${measurement}  ${field}  ${unit ?? '-'}  ${mtype ?? '-'}  ${what ?? ''}`
  return toShown(text).trimEnd()
}

async function describe(
  measurement: string | undefined,
  options: ApiOptions & { json: boolean },
): Promise<number> {
  const api = createApiClient(findApi(options))
  const whose = measurement === undefined ? 'any field' : toShown(measurement)
  await printList({
    ...{ columns, lineOf, json: options.json, none: `nobody has said what ${whose} means` },
    readPage: (cursor) =>
      api.read(metricMetadataListSchema, {
        path: '/api/v1/metric-metadata',
        query: { measurement, cursor, limit: '1000' },
      }),
  })
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
